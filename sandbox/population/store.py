"""The population as a file: written once, then only read."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from sandbox.population import wordlists
from sandbox.population.people import Person

EDITION = "7"
FILE = "population.sqlite"
_SCHEMA = """
create table edition (edition text not null);
create table people (
    national_id text primary key, sex text not null, name_ar text not null, name_latin text not null,
    birth_date text not null, governorate text not null, birth_governorate text not null, birth_locality text not null,
    father_id text, mother_id text, spouse_id text, mobile text unique, died_on text, card_issued_on text,
    employer text, birth text not null, licence text
) without rowid;
create index people_by_father on people (father_id) where father_id is not null;
create index people_by_mother on people (mother_id) where mother_id is not null;
"""


def prepare(data_dir: Path) -> Path:
    """The file's path; grown in a child process when absent, so that its memory is given back."""
    path = data_dir / FILE
    if not _is_current(path):
        command = [sys.executable, "-m", "sandbox.population", "--data-dir", str(data_dir)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 fixed words
    return path


def open_population(path: Path) -> sqlite3.Connection:
    """A read-only connection."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def write(path: Path, people: Iterable[Person]) -> None:
    """Write beside, then rename: a reader sees all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    connection = sqlite3.connect(draft)
    try:
        connection.execute("pragma synchronous = off")
        connection.executescript(_SCHEMA)
        marks = ", ".join("?" * 17)
        connection.executemany(f"insert into people values ({marks})", map(_row, people))
        connection.execute("insert into edition values (?)", (EDITION,))
        connection.commit()
    finally:
        connection.close()
    draft.replace(path)


def _row(person: Person) -> tuple[str | None, ...]:
    return (
        person.national_id,
        person.sex,
        _json(person.name),
        _json(wordlists.latin_name(person.name, person.sex)),
        person.birth_date.isoformat(),
        person.governorate,
        person.birth_governorate,
        person.birth_locality,
        person.father_id,
        person.mother_id,
        person.spouse_id,
        person.mobile,
        person.died_on.isoformat() if person.died_on else None,
        person.card_issued_on.isoformat() if person.card_issued_on else None,
        person.employer,
        _json(
            asdict(person.birth) | {"father_name": person.birth.father_name, "mother_name": person.birth.mother_name}
        ),
        _json(asdict(person.licence)) if person.licence else None,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=date.isoformat)


def _is_current(path: Path) -> bool:
    if not path.exists():
        return False
    connection = open_population(path)
    try:
        row = connection.execute("select edition from edition").fetchone()
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return row is not None and row["edition"] == EDITION
