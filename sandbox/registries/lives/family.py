"""The family's page in the civil registry."""

import sqlite3
from typing import Any

from sandbox.registries import records
from sandbox.registries.records import Records

MARITAL_STATES = ("single", "married", "widowed")


def record(store: Records, person: sqlite3.Row) -> dict[str, Any]:
    """Spouse and children, and the marital status that follows from them."""
    spouse = store.find(person["spouse_id"])
    status = "single" if spouse is None else "married" if spouse["died_on"] is None else "widowed"
    return {
        "marital_status": status,
        "spouse": None if spouse is None else _member(spouse),
        "children": [_member(child) for child in store.children(person["national_id"])],
    }


def _member(relative: sqlite3.Row) -> dict[str, Any]:
    return records.brief(relative) | {"sex": relative["sex"]}
