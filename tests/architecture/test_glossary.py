"""One concept, one row: every table is in GLOSSARY.md."""

from __future__ import annotations

import re

from django.apps import apps

from tests.architecture.source import ROOT


def test_every_model_is_in_the_glossary():
    listed = set(re.findall(r"`([A-Za-z_]+)`", (ROOT / "GLOSSARY.md").read_text()))
    missing = sorted(
        {model.__name__ for model in apps.get_models() if model.__module__.startswith("hukumati.")} - listed
    )
    assert missing == []


def test_every_row_has_arabic_english_and_code():
    rows = [
        line
        for line in (ROOT / "GLOSSARY.md").read_text().splitlines()
        if line.startswith("|") and "---" not in line and "| code |" not in line
    ]
    incomplete = [
        row
        for row in rows
        if not re.fullmatch(r"\|[^|]*[\u0600-\u06ff][^|]*\|[^|]*[A-Za-z][^|]*\|[^|]*`[^`|]+`[^|]*\|[^|]*\|", row)
    ]
    assert rows
    assert incomplete == []
