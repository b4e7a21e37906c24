"""What conditions and tables look at: the path of a fact, or one of four words about it. A fixed grammar, read by one pattern.

`record.category` is the fact itself; `age_of(subject.birth_date)` whole years, `days_since(…)` and `days_until(…)` whole days from the
day that is asked about, `count_of(…)` how many entries a list has. What is not known stays not known: None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hukumati.kernel.calendar import HEBRON

if TYPE_CHECKING:
    from collections.abc import Callable

    from hukumati.domain.catalogue.facts import Facts

LETTERS_MAX: Final = 200
YEARS_MAX: Final = 150
DAYS_MAX: Final = 50_000
COUNT_MAX: Final = 1_000
WRITTEN: Final = re.compile(r"(?:([a-z_]+)\(\s*)?([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)(\s*\))?")


@dataclass(frozen=True, slots=True)
class Input:
    """A path, or a word about the fact at that path."""

    path: str
    word: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it can only be a whole number, so that nothing lies between 3 and 4."""
        return bool(self.word)

    def __str__(self) -> str:
        return f"{self.word}({self.path})" if self.word else self.path


def read_input(text: str) -> Input | None:
    """The input that is written so, or None when it is none."""
    found = WRITTEN.fullmatch(text.strip()) if len(text) <= LETTERS_MAX else None
    if found is None or bool(found[1]) is not bool(found[3]) or (found[1] and found[1] not in WORDS):
        return None
    return Input(found[2], found[1] or "")


def path_of(text: str) -> str:
    """The path that an input looks at; what cannot be read is taken for a path, and then found undeclared."""
    found = read_input(text)
    return found.path if found else text


def value_of(text: str, facts: Facts, *, on: date) -> Any:
    """What the input is on that day: the fact, or what the word makes of it."""
    found = read_input(text)
    return given(found, facts, on=on) if found else None


def given(asked: Input, facts: Facts, *, on: date) -> Any:
    fact = fact_at(facts, asked.path)
    return WORDS[asked.word](fact, on) if asked.word else fact


def fact_at(facts: Facts, path: str) -> Any:
    """The value at `record.mother_name_ar`, or None when any part of the way is not known."""
    value: Any = facts
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def fact_giving(asked: Input, value: Any, *, on: date) -> Any:
    """A fact for which the input is this value on that day: what somebody who only tries a tariff stands for."""
    if not asked.word:
        return value
    number = min(abs(int(value)), YEARS_MAX if asked.word == "age_of" else DAYS_MAX)
    if asked.word == "age_of":
        leap = (on.month, on.day) == (2, 29)
        return on.replace(year=on.year - number, day=28 if leap else on.day).isoformat()
    if asked.word == "count_of":
        return [None] * min(number, COUNT_MAX)
    days = timedelta(days=number)
    return (on - days if asked.word == "days_since" else on + days).isoformat()


def as_day(value: Any) -> date | None:
    """A fact as a day in the country: registries write dates, and moments with their offset. None when it is neither."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == len("2026-01-01") else datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(HEBRON).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def whole_years(since: date, on: date) -> int:
    """How old somebody born that day is. Whoever is born on 29 February is a year older on 1 March of a common year."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def _age(fact: Any, on: date) -> int | None:
    born = as_day(fact)
    return whole_years(born, on) if born and born <= on else None


def _days_since(fact: Any, on: date) -> int | None:
    day = as_day(fact)
    return (on - day).days if day else None


def _days_until(fact: Any, on: date) -> int | None:
    day = as_day(fact)
    return (day - on).days if day else None


def _count(fact: Any, _on: date) -> int | None:
    return len(fact) if isinstance(fact, list | tuple) else None


WORDS: Final[Mapping[str, Callable[[Any, date], int | None]]] = {
    "age_of": _age,
    "days_since": _days_since,
    "days_until": _days_until,
    "count_of": _count,
}
