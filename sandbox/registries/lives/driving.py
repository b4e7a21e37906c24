"""Driving licences, and the medical fitness that some of them need."""

import json
import sqlite3
from datetime import date, timedelta
from typing import Any

from sandbox.registries.lives.draw import age, day, dice, digits, is_cast, is_living_adult, said, years_later

FITNESS_AGE = 50
PROFESSIONAL_CLASSES = ("C", "D")
RENEWAL_YEARS = (1, 2, 5)
_EXAMINED_SHARE, _LAPSED_SHARE = 0.75, 0.15
_EXAMINATION_DAYS = 730


def licence(person: sqlite3.Row, *, renewals: list[dict[str, Any]], on: date) -> dict[str, Any] | None:
    """The licence with its last renewal, None for who has none."""
    if person["licence"] is None:
        return None
    known = json.loads(person["licence"])
    suspended = known.pop("suspended")
    if renewals:
        known |= {name: renewals[-1][name] for name in ("issued_on", "expires_on")}
    expired = date.fromisoformat(known["expires_on"]) < on
    group = "professional" if _is_professional(known["classes"]) else "private"
    return known | {"class_group": group, "state": "suspended" if suspended else "expired" if expired else "valid"}


def _is_professional(classes: list[str]) -> bool:
    """Lorries and buses: the tariff and the fitness rule know them as one group."""
    return any(one.startswith(PROFESSIONAL_CLASSES) for one in classes)


def renewed(person: sqlite3.Row, known: dict[str, Any], *, years: int, on: date) -> dict[str, Any]:
    """A licence that still runs is prolonged from its end, one that ended from today."""
    start = max(on, date.fromisoformat(known["expires_on"]) + timedelta(days=1))
    return {
        "number": known["number"],
        "issued_on": on.isoformat(),
        "expires_on": years_later(start, years).isoformat(),
        "card_number": f"5{digits(person)}{on:%y%m%d}",
    }


def fitness(person: sqlite3.Row, *, on: date) -> dict[str, Any]:
    """Whether a medical examination is needed, and what the last one says on a day."""
    classes = json.loads(person["licence"])["classes"] if person["licence"] else []
    required = age(person, on) >= FITNESS_AGE or _is_professional(classes)
    last = said(person, "fitness") if is_cast(person) else _examination(person, required=required)
    if last is None:
        return {"required": required, "fit": False, "examined_on": None, "valid_until": None}
    return {"required": required} | last | {"fit": last["fit"] and date.fromisoformat(last["valid_until"]) >= on}


def _examination(person: sqlite3.Row, *, required: bool) -> dict[str, Any] | None:
    chance = dice(person, "fitness")
    drawn = chance.random()
    if not required or not is_living_adult(person) or drawn >= _EXAMINED_SHARE + _LAPSED_SHARE:
        return None
    examined = day(chance, -330, -5) if drawn < _EXAMINED_SHARE else day(chance, -1400, -_EXAMINATION_DAYS - 1)
    until = examined + timedelta(days=_EXAMINATION_DAYS)
    return {"fit": True, "examined_on": examined.isoformat(), "valid_until": until.isoformat()}
