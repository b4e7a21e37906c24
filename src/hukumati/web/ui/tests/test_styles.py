"""One stylesheet for both directions: nothing in it says left or right, and nothing tears Arabic letters apart."""

from __future__ import annotations

import re

import pytest

from hukumati.web.ui import assets
from hukumati.web.ui.assets import PARTS, STYLES, joined_styles

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)"
    r"|float(?!: inline)|border-(?:top|bottom)-(?:left|right)-radius|overflow-[xy]\b(?!: auto))(?=\s*:)"
)
BYTES_MAX = 11_000


def declarations(css):
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"@media[^{]*", "", css)


@pytest.mark.parametrize("part", PARTS)
def test_styles_are_logical(part):
    css = declarations((STYLES / f"{part}.css").read_text(encoding="utf-8"))
    assert PHYSICAL.findall(css) == []
    assert re.findall(r"text-align:\s*(?:left|right)", css) == []


def test_the_search_for_physical_words_finds_them():
    assert PHYSICAL.findall("a { margin-left: 1px; inline-size: 2px; max-width: 3px; left: 0 }") == [
        "margin-left",
        "max-width",
        "left",
    ]


@pytest.mark.parametrize("part", PARTS)
def test_styles_never_stretch_letters_or_shout(part):
    css = declarations((STYLES / f"{part}.css").read_text(encoding="utf-8"))
    assert not re.search(r"letter-spacing|text-transform:\s*uppercase|font-style:\s*italic|text-align:\s*justify", css)


def test_no_text_is_under_fourteen_pixels_but_badges():
    small = [
        (size, rule)
        for rule, size in re.findall(r"([^{}]+)\{[^{}]*font-size: ([0-9.]+)rem", joined_styles())
        if float(size) < 0.875
    ]
    assert {rule.strip() for _, rule in small} == {".badge", ".file-card-sheet"}


def test_every_part_is_joined_and_braces_close():
    assert {path.stem for path in STYLES.glob("*.css")} == set(PARTS)
    css = joined_styles()
    assert css.count("{") == css.count("}")


def test_the_stylesheet_stays_small():
    import gzip

    assert len(gzip.compress(joined_styles().encode(), 9)) < BYTES_MAX


HOOKS = {  # names that say what something is, and need no style of their own
    "bars-label", "brand-side", "confirmed-body", "file-card-body", "language", "side-top", "steps-box", "summary-row", "timeline-body"
}  # fmt: skip


def test_every_class_that_a_template_names_has_a_style():
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", joined_styles())) | HOOKS
    unknown = {}
    for template in STYLES.parents[1].glob("*/templates/**/*.html"):
        text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "{}", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in " ".join(re.findall(r'class="([^"]*)"', text)).split():
            if "{}" not in name and name not in known:
                unknown.setdefault(name, set()).add(template.name)
    assert unknown == {}


def test_every_picture_that_is_named_exists():
    folder = STYLES.parent / "static" / "ui"
    for name in re.findall(r'url\("(img/[^"]+)"\)', joined_styles()):
        assert (folder / name).is_file(), name


def test_made_files_are_found_like_any_static_file(settings, tmp_path):
    settings.VAR = tmp_path
    finder = assets.MadeFilesFinder()
    found = {name: storage.path(name) for name, storage in finder.list([])}
    assert set(found) == set(assets.names())
    assert (tmp_path / "assets" / "ui" / "hukumati.css").read_text(encoding="utf-8") == joined_styles()
    assert finder.find("ui/hukumati.css") == str(tmp_path / "assets" / "ui" / "hukumati.css")
    assert finder.find("ui/other.css") == []


def test_fonts_hold_the_shekel_and_are_not_called_plex(tmp_path):
    from fontTools.ttLib import TTFont

    from hukumati.web.ui import fonts

    for path in fonts.cut(tmp_path):
        with TTFont(path) as font:
            assert {0x20AA, 0x62D, 0x41, 0x30, 0x61F} <= set(font.getBestCmap())
            assert font["name"].getDebugName(1) == "Hukumati Sans"
            assert all(
                "Plex" not in record.toUnicode() for record in font["name"].names if record.nameID in (1, 3, 4, 6, 16)
            )
        assert path.stat().st_size < 26_000
