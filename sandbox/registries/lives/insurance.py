"""Government health insurance: who is covered, as what, until when, and with whom."""

import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sandbox.population.people import age_on
from sandbox.registries import records
from sandbox.registries.lives import assistance
from sandbox.registries.lives.draw import (
    born,
    day,
    dice,
    digits,
    is_cast,
    is_living_adult,
    months_later,
    said,
)
from sandbox.registries.records import Records

CATEGORIES = ("voluntary", "public_employee", "social_case", "worker")
RENEWAL_MONTHS = (3, 6, 12)
CHILD_YEARS = 18
_COVERED_SHARE, _WORKER_SHARE, _INCLUDED_SHARE = 0.7, 0.25, 0.85


type Renewals = list[dict[str, Any]]


def cover(
    store: Records,
    person: sqlite3.Row,
    *,
    renewals: Renewals,
    on: date,
    renewals_of: Callable[[sqlite3.Row], Renewals] = lambda _relative: [],
) -> dict[str, Any]:
    """What the insurance knows of a person on a day; a newer renewal replaces what was before. Who has cover of his own is told as such."""
    known = said(person, "cover", {}) if is_cast(person) else _drawn(person)
    included = set(known.pop("included", ()))
    if renewals:
        known |= {name: renewals[-1][name] for name in ("starts_on", "ends_on", "months")}
        included = set(renewals[-1]["included"])
    dependants = [
        _dependant(tie, relative, included) | {"own_cover": is_covered(relative, renewals=renewals_of(relative), on=on)}
        for tie, relative in _relatives(store, person, included, on)
    ]
    if not is_cast(person) and not renewals and known.get("ends_on"):
        dependants = [one | {"included": not one["own_cover"] and _drawn_included(person, one)} for one in dependants]
    return _told(person, known, renewals, on) | {"dependants": dependants}


def is_covered(person: sqlite3.Row, *, renewals: Renewals, on: date) -> bool:
    """Whether a person is insured in his own name on a day."""
    known = renewals[-1] if renewals else said(person, "cover", {}) if is_cast(person) else _drawn(person)
    return bool(known.get("ends_on")) and known["ends_on"] >= on.isoformat()


def kin(store: Records, person: sqlite3.Row) -> dict[str, tuple[str, sqlite3.Row]]:
    """Everybody near whom a renewal may bring in, once somebody has looked into it: parents, and children of any age too."""
    near = [("parent", store.find(person[key])) for key in ("father_id", "mother_id")]
    near += [("spouse", store.find(person["spouse_id"]))]
    near += [("child", child) for child in store.children(person["national_id"])]
    return {one["national_id"]: (tie, one) for tie, one in near if one is not None and one["died_on"] is None}


def renewed(
    person: sqlite3.Row, known: dict[str, Any], *, months: int, included: list[str], on: date
) -> dict[str, Any]:
    """A cover that still runs is prolonged from its end, one that ended from today."""
    start = on
    if known["state"] == "active":
        start = max(on, date.fromisoformat(known["ends_on"]) + timedelta(days=1))
    return {
        "card_number": _card_number(person, start),
        "starts_on": start.isoformat(),
        "ends_on": months_later(start, months).isoformat(),
        "months": months,
        "included": sorted(set(included)),
    }


def category(person: sqlite3.Row) -> str:
    """As what a person is insured, or would be."""
    if is_cast(person):
        named = said(person, "cover", {}).get("category")
        if named:
            return str(named)
    if person["employer"]:
        return "public_employee"
    if assistance.was_social_case(person):
        return "social_case"
    return "worker" if dice(person, "worker").random() < _WORKER_SHARE else "voluntary"


def _told(person: sqlite3.Row, known: dict[str, Any], renewals: list[dict[str, Any]], on: date) -> dict[str, Any]:
    ends = known.get("ends_on")
    state = "none" if ends is None else "active" if ends >= on.isoformat() else "expired"
    start = known.get("starts_on")
    number = (
        renewals[-1]["card_number"] if renewals else _card_number(person, date.fromisoformat(start)) if start else None
    )
    return {
        "category": category(person),
        "state": state,
        "starts_on": start,
        "ends_on": ends,
        "card_number": number,
        "months": known.get("months", 0),
    }


def _drawn(person: sqlite3.Row) -> dict[str, Any]:
    chance = dice(person, "cover")
    if not is_living_adult(person) or (not person["employer"] and chance.random() >= _COVERED_SHARE):
        return {}
    months = chance.choices(RENEWAL_MONTHS, (10, 15, 75))[0]
    ends = day(chance, -120, 330)
    starts = months_later(ends + timedelta(days=1), -months) + timedelta(days=1)
    return {"starts_on": starts.isoformat(), "ends_on": ends.isoformat(), "months": months}


def _relatives(store: Records, person: sqlite3.Row, included: set[str], on: date) -> list[tuple[str, sqlite3.Row]]:
    """Whom a person may insure with himself: the spouse, children up to their coming of age, and whoever was let in before."""
    return [
        (tie, relative)
        for number, (tie, relative) in kin(store, person).items()
        if tie == "spouse" or (tie == "child" and _is_minor(relative, on)) or number in included
    ]


def _is_minor(child: sqlite3.Row, on: date) -> bool:
    return age_on(born(child), on) < CHILD_YEARS


def _dependant(tie: str, relative: sqlite3.Row, included: set[str]) -> dict[str, Any]:
    known = records.brief(relative)
    kept = {name: known[name] for name in ("national_id", "name_ar", "name_latin")}
    return kept | {"tie": tie, "included": relative["national_id"] in included}


def _drawn_included(person: sqlite3.Row, dependant: dict[str, Any]) -> bool:
    return dice(person, f"cover with {dependant['national_id']}").random() < _INCLUDED_SHARE


def _card_number(person: sqlite3.Row, start: date) -> str:
    return f"2{digits(person)}{start:%y%m}"
