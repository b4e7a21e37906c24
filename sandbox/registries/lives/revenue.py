"""Dues to the treasury and to authorities that collect through it."""

import sqlite3
from datetime import date
from typing import Any

from sandbox.registries.lives.draw import CURRENCY, day, dice, is_cast, is_living_adult, said

AUTHORITIES = {
    "income_tax": ("الإدارة العامة لضريبة الدخل", "Income Tax Department"),
    "property_tax": ("الإدارة العامة لضريبة الأملاك", "Property Tax Department"),
    "value_added_tax": ("الإدارة العامة للجمارك والمكوس وضريبة القيمة المضافة", "Customs, Excise and VAT Department"),
    "licence_fee": ("الهيئة المحلية", "Local authority"),
}
REASONS = ("no_dues", "dues_not_yet_due", "dues_overdue")
_INDEBTED_SHARE = 0.15


def clearance(person: sqlite3.Row, *, on: date) -> dict[str, Any]:
    """Clear is who owes nothing that is overdue on a day."""
    rows = said(person, "dues", []) if is_cast(person) else _drawn(person)
    overdue = any(row["due_on"] < on.isoformat() for row in rows)
    reason = "dues_overdue" if overdue else "dues_not_yet_due" if rows else "no_dues"
    return {"clear": not overdue, "reason": reason, "dues": [_worded(row) for row in rows]}


def _drawn(person: sqlite3.Row) -> list[dict[str, Any]]:
    chance = dice(person, "dues")
    if not is_living_adult(person) or chance.random() >= _INDEBTED_SHARE:
        return []
    kinds = chance.sample(list(AUTHORITIES), chance.choice((1, 1, 2)))
    return [
        {
            "kind": kind,
            "amount_minor": chance.randrange(5_000, 600_000, 500),
            "due_on": day(chance, -400, 90).isoformat(),
        }
        for kind in kinds
    ]


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    arabic, latin = AUTHORITIES[row["kind"]]
    return {
        "authority_ar": arabic,
        "authority_latin": latin,
        "kind": row["kind"],
        "amount_minor": row["amount_minor"],
        "currency": CURRENCY,
        "due_on": row["due_on"],
    }
