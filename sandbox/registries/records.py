"""Reading people out of the population file, in the words of the registries."""

import json
import sqlite3
from datetime import date
from typing import Any

from sandbox import moments
from sandbox.population import wordlists
from sandbox.population.people import NAME_PARTS, age_on
from sandbox.registries.newborns import Newborns
from sandbox.registries.writes import Writes

ADULT_YEARS = 18


class Records:
    """Lookups over the population, and what ministries were told since; every answer is plain data."""

    def __init__(self, population: sqlite3.Connection, writes: Writes, newborns: Newborns) -> None:
        self.population, self.writes, self.newborns = population, writes, newborns

    def find(self, national_id: str | None) -> sqlite3.Row | None:
        """One person's row."""
        found: sqlite3.Row | None = self.population.execute(
            "select * from people where national_id = ?", (national_id,)
        ).fetchone()
        return found or self.newborns.find(national_id)

    def children(self, national_id: str) -> list[sqlite3.Row]:
        """Oldest first."""
        grown = self.population.execute(
            "select * from people where father_id = ?1 or mother_id = ?1 order by birth_date, national_id",
            (national_id,),
        ).fetchall()
        return [*grown, *self.newborns.children(national_id)]


def named(parts: list[str] | tuple[str, ...]) -> dict[str, str]:
    """A four-part name by its parts."""
    return dict(zip(NAME_PARTS, parts, strict=True))


def brief(person: sqlite3.Row) -> dict[str, Any]:
    """Who it is, as told to a relative."""
    return {
        "national_id": person["national_id"],
        "name_ar": named(json.loads(person["name_ar"])),
        "name_latin": named(json.loads(person["name_latin"])),
        "birth_date": person["birth_date"],
        "minor": age_on(date.fromisoformat(person["birth_date"]), moments.today()) < ADULT_YEARS,
        "alive": person["died_on"] is None,
    }


def person_attributes(person: sqlite3.Row) -> dict[str, Any]:
    """All that the register of persons can tell."""
    home = wordlists.governorates()[person["governorate"]]
    return {
        "national_id": person["national_id"],
        "name_ar": named(json.loads(person["name_ar"])),
        "name_latin": named(json.loads(person["name_latin"])),
        "sex": person["sex"],
        "birth_date": person["birth_date"],
        "birth_place_ar": person["birth_locality"],
        "birth_place_latin": wordlists.locality_latin()[person["birth_locality"]],
        "mobile": person["mobile"],
        "governorate": person["governorate"],
        "governorate_ar": home["name_ar"],
        "governorate_latin": home["name_latin"],
        "alive": person["died_on"] is None,
        "card_issued_on": person["card_issued_on"],
    }


def birth_attributes(person: sqlite3.Row) -> dict[str, Any]:
    """All that the register of births can tell; what is missing is null."""
    record = json.loads(person["birth"])
    father, mother = record["father_name"], record["mother_name"]
    place = wordlists.governorates()[person["birth_governorate"]]
    answer = {
        "national_id": person["national_id"],
        "registration_number": record["registration_number"],
        "registered_on": record["registered_on"],
        "hospital_ar": record["hospital_ar"],
        "name_ar": named(json.loads(person["name_ar"])),
        "name_latin": named(json.loads(person["name_latin"])),
        "sex": person["sex"],
        "birth_date": person["birth_date"],
        "birth_place_ar": person["birth_locality"],
        "birth_place_latin": wordlists.locality_latin()[person["birth_locality"]],
        "birth_governorate_ar": place["name_ar"],
        "birth_governorate_latin": place["name_latin"],
        "father_name_ar": named(father),
        "father_name_latin": named(wordlists.latin_name(tuple(father), "male")),
        "mother_name_ar": named(mother),
        "mother_name_latin": named(wordlists.latin_name(tuple(mother), "female")),
    }
    absent = dict.fromkeys(record["missing"])
    return answer | absent | {"complete": not record["missing"], "missing": record["missing"]}
