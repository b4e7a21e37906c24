"""Which invented people have which trait: for the newcomer's page, journeys and benchmarks. Not on the exchange."""

import json
import sqlite3
from typing import Any

from starlette.requests import Request

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.population import wordlists

LIMIT_MAX = 500
_ADULT = "died_on is null and mobile is not null and birth_date <= :adult_born_until and national_id >= '900010000'"
TRAITS = {
    "complete": f"{_ADULT} and birth like '%\"missing\": []%'",
    "incomplete": f"{_ADULT} and birth not like '%\"missing\": []%'",
    "public_employee": f"{_ADULT} and employer is not null",
    "licence": f"{_ADULT} and licence is not null",
    "no_licence": f"{_ADULT} and licence is null",
    "licence_suspended": f"{_ADULT} and licence like '%\"suspended\": true%'",
    "licence_expired": f"{_ADULT} and json_extract(licence, '$.expires_on') < :today",
    "parent_of_minor": f"{_ADULT} and exists (select 1 from people child where child.birth_date > :adult_born_until"
    " and child.died_on is null and (child.father_id = people.national_id or child.mother_id = people.national_id))",
    "deceased": "died_on is not null and national_id >= '900010000'",
}


def list_people(population: sqlite3.Connection, request: Request) -> list[dict[str, Any]]:
    """People with a trait, in the order of their numbers."""
    trait = request.query_params.get("trait", "complete")
    if trait not in TRAITS:
        raise Refusal(422, "trait_unknown", "Known traits: " + ", ".join(TRAITS))
    today = moments.today()
    facts = {
        "today": today.isoformat(),
        "adult_born_until": f"{today.year - 18:04}-{today.month:02}-{today.day:02}",
        "limit": _whole(request, "limit", 20, LIMIT_MAX),
        "offset": _whole(request, "offset", 0, 20_000),
    }
    query = f"select * from people where {TRAITS[trait]} order by national_id limit :limit offset :offset"
    return [_told(row) for row in population.execute(query, facts)]


def cast_page_rows() -> list[dict[str, Any]]:
    """The named people worth trying, for the page."""
    return [row for row in wordlists.cast() if "shows" in row]


def _whole(request: Request, name: str, default: int, maximum: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= maximum):
        raise Refusal(422, "field_invalid", f"{name} must be a number up to {maximum}.")
    return int(text)


def _told(row: sqlite3.Row) -> dict[str, Any]:
    names = ("national_id", "sex", "birth_date", "card_issued_on", "mobile", "employer")
    told = {name: row[name] for name in names}
    return told | {"name_ar": " ".join(json.loads(row["name_ar"]))}
