"""The Arabic of the faces: English texts collected from code and templates into each face's catalogue, and catalogues compiled.

By Babel, so that no gettext tools are needed on the machine. `python -m hukumati.config.messages` is `make messages`.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB = Path(__file__).resolve().parents[1] / "web"
LINE_WIDTH = 120
METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
JINJA = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}
OPTIONS = {"**.html": JINJA, "**.txt": JINJA}
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "late": None,  # gettext_lazy, as refusal_texts calls it
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def list_faces() -> list[Path]:
    return sorted(face for face in WEB.iterdir() if (face / "apps.py").exists())


def catalogue_path(face: Path) -> Path:
    return face / "locale" / "ar" / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path) -> Catalog:
    """A face's Arabic; empty when there is none yet."""
    if not path.exists():
        return Catalog(locale="ar", domain="django", project="Hukumati", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="ar", domain="django", abort_invalid=True)


def collect(face: Path) -> Catalog:
    """Every text that the face's code and templates mark for translation. A template that cannot be parsed is an error."""
    found = Catalog(domain="django", project="Hukumati", charset="utf-8", fuzzy=False)
    options: dict[str, dict[str, Any]] = OPTIONS
    for name, _line, text, comments, context in extract_from_dir(str(face), METHODS, options, KEYWORDS):
        # Without line numbers: they would change with every edit and say nothing that a search does not.
        found.add(text, locations=[(f"{face.name}/{name}", 0)], auto_comments=comments, context=context)
    return found


def update_messages() -> None:
    """Bring each face's catalogue up to what its texts are now. What is no longer used leaves."""
    for face in list_faces():
        found = collect(face)
        path = catalogue_path(face)
        catalogue = read_catalogue(path)
        if not len(found) and not path.exists():
            continue
        catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        _write(path, catalogue)


def compile_messages() -> None:
    """Write each catalogue that is newer than its compiled form."""
    for face in list_faces():
        source = catalogue_path(face)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns):
            part = target.with_suffix(".part")
            with part.open("wb") as file:
                write_mo(file, read_catalogue(source))
            part.replace(target)


def list_faults() -> Iterator[str]:
    """Texts without Arabic, with uncertain Arabic, or whose placeholders differ. A text may be translated in any face's catalogue."""
    translated: set[tuple[Any, str | None]] = set()
    for face in list_faces():
        for message in read_catalogue(catalogue_path(face)):
            if message.id and _is_translated(message):
                translated.add((_key(message), message.context))
            yield from _faults_of(message, face.name)
    for face in list_faces():
        for message in collect(face):
            if message.id and (_key(message), message.context) not in translated:
                yield f"{face.name}: no Arabic for {_key(message)!r} ({', '.join(place for place, _ in message.locations)})"


def _faults_of(message: Message, face: str) -> Iterator[str]:
    if message.id and message.fuzzy:
        yield f"{face}: uncertain Arabic (fuzzy) for {_key(message)!r}"
    if message.id and _is_translated(message):
        for fault in message.check():
            yield f"{face}: {fault} in {_key(message)!r}"


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=LINE_WIDTH, include_lineno=False, sort_output=False)
    path.write_bytes(buffer.getvalue())


def main() -> int:
    update_messages()
    compile_messages()
    faults = list(list_faults())
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return 0


if __name__ == "__main__":
    sys.exit(main())
