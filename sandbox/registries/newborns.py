"""Who was entered in the civil registry since the population was grown: people like all others, in the file of what was written."""

import json
import sqlite3
import unicodedata
from datetime import date
from typing import Any

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.population import wordlists
from sandbox.population.identity_numbers import generated_number
from sandbox.population.people import child_name

NEWBORNS_SCHEMA = """
create table if not exists newborns (
    national_id text primary key, sex text not null, name_ar text not null, name_latin text not null,
    birth_date text not null, governorate text not null, birth_governorate text not null, birth_locality text not null,
    father_id text not null, mother_id text not null, spouse_id text, mobile text, died_on text, card_issued_on text,
    employer text, birth text not null, licence text
);
create table if not exists registrations (notification text primary key, national_id text not null unique);
create table if not exists notified (notification text primary key, born_on text not null);
"""
# Far behind the numbers of the grown population: the two never meet.
FIRST_POSITION = 60_000
FIRST_NUMBER = 70_000
NAME_LETTERS_MAX = 40
type Facts = dict[str, Any]


class Newborns:
    """The people entered, and by which notification."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self.file = file

    def find(self, national_id: str | None) -> sqlite3.Row | None:
        """One of them."""
        row: sqlite3.Row | None = self.file.execute(
            "select * from newborns where national_id = ?", (national_id,)
        ).fetchone()
        return row

    def children(self, national_id: str) -> list[sqlite3.Row]:
        """Oldest first."""
        return self.file.execute(
            "select * from newborns where father_id = ?1 or mother_id = ?1 order by birth_date, national_id",
            (national_id,),
        ).fetchall()

    def is_registered(self, notification: str) -> bool:
        """Whether the birth that a hospital notified has been entered."""
        found = self.file.execute("select 1 from registrations where notification = ?", (notification,)).fetchone()
        return found is not None

    def notified_day(self, notification: str) -> date | None:
        """The day of birth that was told under this number before; None when nobody asked yet."""
        row = self.file.execute("select born_on from notified where notification = ?", (notification,)).fetchone()
        return None if row is None else date.fromisoformat(row["born_on"])

    def keep_day(self, notification: str, born_on: date) -> None:
        """A newborn is as old as it counts from today until somebody is told of it; from then on its day stands."""
        self.file.execute("insert or ignore into notified values (?, ?)", (notification, born_on.isoformat()))

    def is_newborn(self, national_id: str) -> bool:
        """Whether this person was entered here."""
        return self.find(national_id) is not None

    def enter(self, notified: Facts, first_name: tuple[str, str], father: sqlite3.Row, mother: sqlite3.Row) -> str:
        """A new person: first name as the parents chose, the other three from the father. Answers the new number."""
        count = self.file.execute("select count(*) from newborns").fetchone()[0]
        national_id = generated_number(FIRST_POSITION + count)
        code = next(
            c for c, place in wordlists.governorates().items() if place["name_ar"] == notified["governorate_ar"]
        )
        place = wordlists.governorates()[code]
        arabic, latin = (
            child_name(first, tuple(json.loads(father[f"name_{letters}"])))
            for first, letters in zip(first_name, ("ar", "latin"), strict=True)
        )
        born = date.fromisoformat(notified["born_on"])
        birth = {
            "registration_number": f"{born.year}/{place['number']:02}/{FIRST_NUMBER + count:05}",
            "registered_on": moments.today().isoformat(),
            "hospital_ar": notified["hospital_ar"],
            "father_name": json.loads(father["name_ar"]),
            "mother_name": json.loads(mother["name_ar"]),
            "missing": [],
        }
        self.file.execute(
            "insert into newborns (national_id, sex, name_ar, name_latin, birth_date, governorate, birth_governorate,"
            " birth_locality, father_id, mother_id, birth) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                national_id,
                notified["sex"],
                json.dumps(arabic, ensure_ascii=False),
                json.dumps(latin, ensure_ascii=False),
                notified["born_on"],
                father["governorate"],
                code,
                place["localities"][0][0],
                father["national_id"],
                mother["national_id"],
                json.dumps(birth, ensure_ascii=False),
            ),
        )
        self.file.execute("insert into registrations values (?, ?)", (notified["number"], national_id))
        return national_id


def written_name(body: Facts, name: str, script: str) -> str:
    """A first name in the letters it must have, or a refusal."""
    value = body.get(name)
    letters = [letter for letter in value if letter.isalpha()] if isinstance(value, str) else []
    if (
        not isinstance(value, str)
        or not letters
        or len(value) > NAME_LETTERS_MAX
        or not all(letter in " '-" or unicodedata.name(letter, "").startswith(script) for letter in value)
    ):
        raise Refusal(422, "civil.name_invalid", f"{name} must be a name in {script.title()} letters.", field=name)
    return value.strip()


def usual_spelling(arabic: str) -> str | None:
    """How the registry usually writes a given name in Latin letters; None for a name that it does not know."""
    names = wordlists.names()
    return names["female"].get(arabic) or names["male"].get(arabic)
