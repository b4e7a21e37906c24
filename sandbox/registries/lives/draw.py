"""The dice of one person for one matter, and what the cast file says instead."""

import random
import sqlite3
from datetime import date, timedelta
from typing import Any

from sandbox.population import wordlists
from sandbox.population.generator import REFERENCE
from sandbox.population.people import age_on

CURRENCY = "ILS"
DIGITS_FROM = 3
"""An ID number's digits behind the range that marks it as synthetic: unique, so numbers made of them are too."""


def dice(person: sqlite3.Row, matter: str) -> random.Random:
    """The same throws for the same person and matter."""
    return random.Random(f"{matter}:{person['national_id']}")


def is_cast(person: sqlite3.Row) -> bool:
    """Whether cast.toml tells this person's life."""
    return person["national_id"] in wordlists.cast_by_number()


def said(person: sqlite3.Row, matter: str, otherwise: Any = None) -> Any:
    """What cast.toml says of a matter, dates written as texts."""
    return _plain(wordlists.cast_by_number()[person["national_id"]].get(matter, otherwise))


def digits(person: sqlite3.Row) -> str:
    """Six digits that nobody else has."""
    return str(person["national_id"])[DIGITS_FROM:]


def age(person: sqlite3.Row, on: date = REFERENCE) -> int:
    """Full years; the picture's day unless told."""
    return age_on(born(person), on)


def born(person: sqlite3.Row) -> date:
    """The birth date as a date."""
    return date.fromisoformat(person["birth_date"])


def is_living_adult(person: sqlite3.Row) -> bool:
    """Who can own, owe and drive."""
    return person["died_on"] is None and age(person) >= 18


def day(chance: random.Random, first: int, last: int) -> date:
    """A day so many days after the picture's (negative: before)."""
    return REFERENCE + timedelta(days=chance.randint(first, last))


def years_later(start: date, years: int) -> date:
    """The day before the anniversary: what began on it is over then."""
    try:
        return start.replace(year=start.year + years) - timedelta(days=1)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def months_later(start: date, months: int) -> date:
    """The day before the same day so many months later, the month's last day where it has none."""
    year, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=start.day - 1), following) - timedelta(days=1)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
