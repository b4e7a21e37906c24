"""Vehicles: who owns which, and until when they may be on the road."""

import sqlite3
from datetime import date
from typing import Any

from sandbox.registries.lives.draw import day, dice, digits, is_cast, is_living_adult, said

KINDS = ("private", "commercial", "motorcycle", "taxi")
STATES = ("valid", "licence_expired", "insurance_expired", "stopped")
_MAKES = {
    "private": ("Hyundai Accent", "Kia Picanto", "Skoda Octavia", "Volkswagen Golf", "Toyota Corolla", "Seat Ibiza"),
    "commercial": ("Ford Transit", "Mercedes-Benz Sprinter", "Isuzu D-Max"),
    "motorcycle": ("Honda CB 125", "Yamaha YBR 125"),
    "taxi": ("Mercedes-Benz E", "Skoda Superb"),
}
_KIND_WEIGHTS = (84, 9, 4, 3)
_COUNTS = (0, 1, 2)
_DRIVERS, _OTHERS = (35, 55, 10), (96, 4, 0)
_LETTERS = "ABC"
_STOPPED_SHARE = 0.02


def owned(person: sqlite3.Row, *, on: date) -> list[dict[str, Any]]:
    """The vehicles of one owner with their state on a day."""
    rows = said(person, "vehicles", []) if is_cast(person) else _drawn(person)
    return [_told(person, row, _LETTERS[position], on) for position, row in enumerate(rows)]


def _drawn(person: sqlite3.Row) -> list[dict[str, Any]]:
    if not is_living_adult(person):
        return []
    chance = dice(person, "vehicles")
    count = chance.choices(_COUNTS, _OTHERS if person["licence"] is None else _DRIVERS)[0]
    rows = []
    for _ in range(count):
        kind = chance.choices(KINDS, _KIND_WEIGHTS)[0]
        rows.append(
            {
                "make": chance.choice(_MAKES[kind]),
                "model_year": chance.randint(2006, 2026),
                "kind": kind,
                "licence_expires_on": day(chance, -60, 330).isoformat(),
                "insurance_expires_on": day(chance, -30, 350).isoformat(),
                "stopped": chance.random() < _STOPPED_SHARE,
            }
        )
    return rows


def _told(person: sqlite3.Row, row: dict[str, Any], letter: str, on: date) -> dict[str, Any]:
    number = digits(person)
    kept = {name: row[name] for name in ("make", "model_year", "kind", "licence_expires_on", "insurance_expires_on")}
    return {"plate": f"{number[0]}-{number[1:5]}-{letter}"} | kept | {"state": _state(row, on.isoformat())}


def _state(row: dict[str, Any], today: str) -> str:
    if row.get("stopped"):
        return "stopped"
    if row["licence_expires_on"] < today:
        return "licence_expired"
    return "insurance_expired" if row["insurance_expires_on"] < today else "valid"
