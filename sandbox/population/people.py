"""What the State knows about one person."""

from dataclasses import dataclass, field
from datetime import date

NAME_PARTS = ("first", "father", "grandfather", "family")

type FourNames = tuple[str, str, str, str]


@dataclass
class Licence:
    """A driving licence."""

    number: str
    classes: list[str]
    first_issued_on: date
    issued_on: date
    expires_on: date
    points: int
    suspended: bool


@dataclass
class BirthRecord:
    """One line of the register of births; `missing` names what a clerk must complete."""

    registration_number: str | None
    registered_on: date
    hospital_ar: str
    father_name: FourNames
    mother_name: FourNames
    missing: list[str] = field(default_factory=list)


@dataclass
class Person:
    """One person, names in Arabic; the Latin spelling follows from the table of names."""

    national_id: str
    sex: str
    name: FourNames
    birth_date: date
    governorate: str
    birth_governorate: str
    birth_locality: str
    birth: BirthRecord
    father_id: str | None = None
    mother_id: str | None = None
    spouse_id: str | None = None
    mobile: str | None = None
    died_on: date | None = None
    card_issued_on: date | None = None
    employer: str | None = None
    licence: Licence | None = None


def child_name(first: str, father: FourNames) -> FourNames:
    """First name, then the father's own first, father's and family name."""
    return (first, father[0], father[1], father[3])


def age_on(birth_date: date, day: date) -> int:
    """Full years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
