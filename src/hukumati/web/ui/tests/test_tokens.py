"""Colours that must be told apart are: WCAG 2.2, computed from the stylesheet itself."""

from __future__ import annotations

import re

import pytest

from hukumati.web.ui.assets import STYLES

TEXT, SHAPE = 4.5, 3.0
PAIRS = (
    *((ink, ground, TEXT) for ink in ("ink", "muted", "link") for ground in ("bg", "surface", "surface-2")),
    *((ink, f"{ink}-soft", TEXT) for ink in ("danger", "warn", "info", "ok", "neutral")),
    *(("ink", f"{ground}-soft", TEXT) for ground in ("danger", "warn", "info", "ok", "primary")),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-hover", TEXT),
    ("on-brand", "brand-bg", TEXT),
    ("ok", "primary-soft", TEXT),
    ("link", "primary-soft", TEXT),
    ("muted", "primary-soft", TEXT),
    ("danger", "surface", TEXT),
    ("danger", "bg", TEXT),
    ("visited", "surface", TEXT),
    ("visited", "bg", TEXT),
    ("control", "surface", SHAPE),
    ("control", "bg", SHAPE),
    ("control", "surface-2", SHAPE),
    ("primary", "bg", SHAPE),
    ("primary", "surface", SHAPE),
    ("focus-outer", "bg", SHAPE),
    ("focus-outer", "surface", SHAPE),
    ("focus-outer", "focus-inner", SHAPE),
    ("band-red", "bg", SHAPE),
)


def schemes():
    css = (STYLES / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"color-scheme: \w+;(.*?)\}", css, re.DOTALL)
    return [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block)) for block in blocks]


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_guideline_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_dark_colours_stand_alike_in_both_places():
    light, dark, dark_by_device = schemes()
    assert dark == dark_by_device
    assert light.keys() == dark.keys()


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_pair_has_enough_contrast(scheme, ink, ground, least):
    colours = schemes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= least, f"{ink} on {ground}"
