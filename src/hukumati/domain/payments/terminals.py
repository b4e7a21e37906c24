"""Card terminals: declared beside the offices where they stand."""

from __future__ import annotations

from django.conf import settings

from hukumati.infra import declared

FILE = "terminals.toml"


def terminals_of(office: str) -> list[str]:
    """The terminals that stand in an office, by their numbers; none in one that has none."""
    rows = declared.rows(settings.SERVICES_DIR, FILE, "terminal")
    return [row["id"] for row in rows.values() if row["office"] == office]
