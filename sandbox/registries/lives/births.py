"""Hospitals' notifications of births: newborns whom the civil registry does not know yet, and young children whom it does."""

import json
import sqlite3
from datetime import date, timedelta
from typing import Any

from sandbox.population import wordlists
from sandbox.population.people import age_on
from sandbox.registries.lives.draw import born, dice, digits, is_cast, said
from sandbox.registries.records import Records, named

LATE_DAYS = 15
"""A birth is to be registered within so many days; the law that a service cites stands in its own folder."""
_FRESH_SHARE, _LATE_SHARE = 0.09, 0.08
_FRESH_DAYS, _LATE_DAYS = (1, 10), (20, 150)
_MOTHER_YEARS = (19, 43)
_KEPT_DAYS = 2 * 365
_APART_DAYS = 280
_WEIGHT_GRAMS = (2_300, 4_300)


def notifications(store: Records, person: sqlite3.Row, *, on: date) -> list[dict[str, Any]]:
    """Those that name this person as a parent, the newborn's first. Whoever is told of it today is told the same tomorrow."""
    told = []
    couple = parents(store, person)
    born_on = None if couple is None else newborn_day(store, couple[0], on)
    if couple is not None and born_on is not None:
        number = number_of(couple[0])
        store.newborns.keep_day(number, born_on)
        registered = store.newborns.is_registered(number)
        told.append(_told(person, *couple, couple[0], _newborn(couple[0], born_on), registered=registered))
    for child in _grown_children(store, person):
        mother, father = store.find(child["mother_id"]), store.find(child["father_id"])
        if mother is not None and father is not None and (on - born(child)).days <= _KEPT_DAYS:
            told.append(_told(person, mother, father, child, _birth_of(child), registered=True))
    return told


def parents(store: Records, person: sqlite3.Row) -> tuple[sqlite3.Row, sqlite3.Row] | None:
    """Mother and father of a living couple."""
    spouse = store.find(person["spouse_id"])
    if spouse is None or person["died_on"] or spouse["died_on"]:
        return None
    return (person, spouse) if person["sex"] == "female" else (spouse, person)


def newborn_day(store: Records, mother: sqlite3.Row, on: date) -> date | None:
    """When her newborn came, None without one: counted from today, so never outdated, until somebody was told of it."""
    kept = store.newborns.notified_day(number_of(mother))
    days = _age_days(mother, on)
    if kept is not None or days is None:
        return kept
    born_on = on - timedelta(days=days)
    apart = (abs((born_on - born(child)).days) for child in _grown_children(store, mother))
    return None if min(apart, default=_APART_DAYS) < _APART_DAYS else born_on


def _grown_children(store: Records, person: sqlite3.Row) -> list[sqlite3.Row]:
    """The children of the grown population: a newborn registered since is told under its notification's own number."""
    children = store.children(person["national_id"])
    return [child for child in children if not store.newborns.is_newborn(child["national_id"])]


def _age_days(mother: sqlite3.Row, on: date) -> int | None:
    if is_cast(mother):
        days: int | None = said(mother, "newborn", {}).get("age_days")
        return days
    chance = dice(mother, "newborn")
    drawn = chance.random()
    if not _MOTHER_YEARS[0] <= age_on(born(mother), on) < _MOTHER_YEARS[1] or drawn >= _FRESH_SHARE + _LATE_SHARE:
        return None
    return chance.randint(*(_FRESH_DAYS if drawn < _FRESH_SHARE else _LATE_DAYS))


def number_of(whose: sqlite3.Row) -> str:
    """The notification's number: of a registered child its own, of a newborn its mother's."""
    return f"{wordlists.governorates()[whose['governorate']]['number']:02}{digits(whose)}"


def _newborn(mother: sqlite3.Row, born_on: date) -> dict[str, Any]:
    chance = dice(mother, "newborn's body")
    body = {"sex": chance.choice(("male", "female")), "weight_grams": chance.randrange(*_WEIGHT_GRAMS, 10)}
    told = said(mother, "newborn", {}) if is_cast(mother) else {}
    body |= {name: told[name] for name in ("sex", "weight_grams") if name in told}
    return body | {"born_on": born_on.isoformat(), "governorate": mother["governorate"]}


def _birth_of(child: sqlite3.Row) -> dict[str, Any]:
    weight = dice(child, "newborn's body").randrange(*_WEIGHT_GRAMS, 10)
    place = {"born_on": child["birth_date"], "governorate": child["birth_governorate"]}
    return {"sex": child["sex"], "weight_grams": weight} | place


def _told(
    person: sqlite3.Row,
    mother: sqlite3.Row,
    father: sqlite3.Row,
    whose: sqlite3.Row,
    birth: dict[str, Any],
    *,
    registered: bool,
) -> dict[str, Any]:
    place = wordlists.governorates()[birth["governorate"]]
    return {
        "national_id": person["national_id"],
        "number": number_of(whose),
        "born_on": birth["born_on"],
        "sex": birth["sex"],
        "hospital_ar": f"مستشفى {place['name_ar']} الحكومي",
        "hospital_latin": f"{place['name_latin']} Governmental Hospital",
        "governorate_ar": place["name_ar"],
        "governorate_latin": place["name_latin"],
        "mother_id": mother["national_id"],
        "father_id": father["national_id"],
        **_names("mother", mother),
        **_names("father", father),
        "weight_grams": birth["weight_grams"],
        "registered": registered,
    }


def _names(parent: str, person: sqlite3.Row) -> dict[str, Any]:
    return {f"{parent}_name_{letters}": named(json.loads(person[f"name_{letters}"])) for letters in ("ar", "latin")}
