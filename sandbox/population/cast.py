"""The named people, read from cast.toml and joined to each other."""

from datetime import date, timedelta
from typing import Any

from sandbox.population import wordlists
from sandbox.population.people import BirthRecord, FourNames, Licence, Person


def cast_people() -> list[Person]:
    """Everybody in cast.toml."""
    rows = wordlists.cast()
    by_id = {row["national_id"]: row for row in rows}
    return [_person(row, by_id) for row in rows]


def _person(row: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> Person:
    return Person(
        national_id=row["national_id"],
        sex=row["sex"],
        name=_four(row["name"]),
        birth_date=row["birth_date"],
        governorate=row["governorate"],
        birth_governorate=row["governorate"],
        birth_locality=row["birth_locality"],
        birth=_birth(row, by_id),
        father_id=row.get("father_id"),
        mother_id=row.get("mother_id"),
        spouse_id=row.get("spouse_id"),
        mobile=row.get("mobile"),
        died_on=row.get("died_on"),
        card_issued_on=row.get("card_issued_on"),
        employer=row.get("employer"),
        licence=Licence(**row["licence"]) if "licence" in row else None,
    )


def _birth(row: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> BirthRecord:
    place = wordlists.governorates()[row["governorate"]]
    born: date = row["birth_date"]
    _first, father, grandfather, family = row["name"]
    father_row = by_id.get(row.get("father_id", ""))
    mother_row = by_id.get(row.get("mother_id", ""))
    return BirthRecord(
        registration_number=f"{born.year}/{place['number']:02}/{row['national_id'][4:8]:0>5}",
        registered_on=born + timedelta(days=6),
        hospital_ar=f"مستشفى {place['name_ar']} الحكومي",
        father_name=_four(
            father_row["name"] if father_row else [father, grandfather, row["great_grandfather"], family]
        ),
        mother_name=_four(mother_row["name"] if mother_row else row["mother_name"]),
        missing=list(row.get("missing", [])),
    )


def _four(parts: list[str]) -> FourNames:
    first, father, grandfather, family = parts
    return (first, father, grandfather, family)
