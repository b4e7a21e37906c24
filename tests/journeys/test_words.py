"""Catalogues are merged when the portal runs: the same English with two translations would show one of them in the wrong place."""

from __future__ import annotations

from collections import defaultdict

from tests.journeys.words import CATALOGUES, catalogue


def test_no_words_have_two_translations():
    translations: dict[str, set[str]] = defaultdict(set)
    for name in CATALOGUES:
        for english, arabic in catalogue(name).items():
            translations[english].add(arabic)
    assert {english: arabic for english, arabic in translations.items() if len(arabic) > 1} == {}
