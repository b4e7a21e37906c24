"""Which invented people have which trait: for the newcomer's page, journeys and benchmarks. Not on the exchange."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from starlette.requests import Request

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.population import wordlists
from sandbox.registries.lives import assistance, births, driving, exams, insurance, revenue, traffic, vehicles
from sandbox.registries.records import Records

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
WALKS = {
    "records": ("السجلات والشهادات", "Records and certificates"),
    "births": ("تسجيل المواليد", "Registering a newborn"),
    "driving": ("السياقة والمركبات والمخالفات", "Driving, vehicles and fines"),
    "insurance": ("التأمين الصحي والمساعدات", "Health insurance and assistance"),
    "school": ("الثانوية العامة", "Tawjihi"),
    "dues": ("براءة الذمة", "Tax clearance"),
}
type Facts = dict[str, Any]
type Trait = Callable[[Records, sqlite3.Row], Facts | None]


def list_people(store: Records, request: Request) -> list[Facts]:
    """People with a trait, in the order of their numbers; a trait of a life also tells what a test needs to name."""
    trait = request.query_params.get("trait", "complete")
    if trait not in TRAITS and trait not in LIVES:
        raise Refusal(422, "trait_unknown", "Known traits: " + ", ".join((*TRAITS, *LIVES)))
    limit, offset = _whole(request, "limit", 20, LIMIT_MAX), _whole(request, "offset", 0, 20_000)
    found = _with_trait(store, TRAITS[trait]) if trait in TRAITS else _with_life(store, *LIVES[trait])
    return list(islice(found, offset, offset + limit))


def cast_page_walks() -> list[dict[str, Any]]:
    """The named people worth trying, for the page, by the walk that they are for."""
    shown = [row for row in wordlists.cast() if "shows" in row]
    return [
        {"code": code, "ar": arabic, "en": english, "people": [row for row in shown if row["walk"] == code]}
        for code, (arabic, english) in WALKS.items()
    ]


def _with_trait(store: Records, condition: str) -> Iterator[Facts]:
    return (_told(row) for row in _rows(store, condition))


def _with_life(store: Records, among: str, trait: Trait) -> Iterator[Facts]:
    for row in _rows(store, among):
        facts = trait(store, row)
        if facts is not None:
            yield _told(row) | facts


def _rows(store: Records, condition: str) -> sqlite3.Cursor:
    today = moments.today()
    facts = {
        "today": today.isoformat(),
        "adult_born_until": f"{today.year - 18:04}-{today.month:02}-{today.day:02}",
    }
    return store.population.execute(f"select * from people where {condition} order by national_id", facts)


def _when(told: bool, **facts: Any) -> Facts | None:  # noqa: FBT001 the answer to a question, passed on
    return facts if told else None


def _unpaid_fines(_store: Records, person: sqlite3.Row) -> Facts | None:
    numbers = [fine["number"] for fine in traffic.unpaid(traffic.fines(person, settled=()))]
    return _when(bool(numbers), fines=numbers)


def _licence_renewable(_store: Records, person: sqlite3.Row) -> Facts | None:
    """Ended, and nothing stands in the way: no fine, no suspension, fit where that is asked."""
    today = moments.today()
    licence, fitness = driving.licence(person, renewals=[], on=today), driving.fitness(person, on=today)
    ended = licence is not None and licence["state"] == "expired"
    clear = not traffic.unpaid(traffic.fines(person, settled=())) and (fitness["fit"] or not fitness["required"])
    return _when(ended and clear)


def _fitness_missing(_store: Records, person: sqlite3.Row) -> Facts | None:
    fitness = driving.fitness(person, on=moments.today())
    return _when(person["licence"] is not None and fitness["required"] and not fitness["fit"])


def _vehicles(count: int) -> Trait:
    def trait(_store: Records, person: sqlite3.Row) -> Facts | None:
        owned = vehicles.owned(person, on=moments.today())
        return _when(len(owned) == count, plates=[one["plate"] for one in owned])

    return trait


def _newborn(store: Records, person: sqlite3.Row, *, late: bool) -> Facts | None:
    couple, today = births.parents(store, person), moments.today()
    born_on = None if couple is None else births.newborn_day(store, couple[0], today)
    if couple is None or born_on is None:
        return None
    days = (today - born_on).days
    if (days > births.LATE_DAYS) != late or store.newborns.is_registered(births.number_of(couple[0])):
        return None
    other = couple[1] if couple[0]["national_id"] == person["national_id"] else couple[0]
    return {"notification": births.number_of(couple[0]), "age_days": days, "other_parent": other["national_id"]}


def _fresh_newborn(store: Records, person: sqlite3.Row) -> Facts | None:
    return _newborn(store, person, late=False)


def _late_newborn(store: Records, person: sqlite3.Row) -> Facts | None:
    return _newborn(store, person, late=True)


def _social_case(_store: Records, person: sqlite3.Row) -> Facts | None:
    return _when(assistance.social_case(person, on=moments.today())["social_case"])


def _social_case_lapsed(_store: Records, person: sqlite3.Row) -> Facts | None:
    confirmed = assistance.social_case(person, on=moments.today())["social_case"]
    return _when(insurance.category(person) == "social_case" and not confirmed)


def _assisted(_store: Records, person: sqlite3.Row) -> Facts | None:
    return _when(bool(assistance.programmes(person, on=moments.today())["programmes"]))


def _cover(state: str) -> Trait:
    def trait(store: Records, person: sqlite3.Row) -> Facts | None:
        known = insurance.cover(store, person, renewals=[], on=moments.today())
        return _when(known["state"] == state, category=known["category"], dependants=len(known["dependants"]))

    return trait


def _tawjihi(_store: Records, person: sqlite3.Row) -> Facts | None:
    result = exams.result(person)
    return None if result is None else {name: result[name] for name in ("year", "seat", "passed")}


def _tax_dues(_store: Records, person: sqlite3.Row) -> Facts | None:
    return _when(not revenue.clearance(person, on=moments.today())["clear"])


_DRIVER, _MARRIED = f"{_ADULT} and licence is not null", f"{_ADULT} and spouse_id is not null"
_LEAVERS = f"{_ADULT} and substr(birth_date, 1, 4) = '{exams.LAST_YEAR - exams.EXAM_AGE}'"
LIVES: dict[str, tuple[str, Trait]] = {
    "unpaid_fines": (_DRIVER, _unpaid_fines),
    "licence_renewable": (TRAITS["licence_expired"], _licence_renewable),
    "fitness_missing": (_DRIVER, _fitness_missing),
    "vehicles_one": (_ADULT, _vehicles(1)),
    "vehicles_two": (_DRIVER, _vehicles(2)),
    "fresh_newborn": (_MARRIED, _fresh_newborn),
    "late_newborn": (_MARRIED, _late_newborn),
    "social_case": (_ADULT, _social_case),
    "social_case_lapsed": (_ADULT, _social_case_lapsed),
    "assisted": (_ADULT, _assisted),
    "insured": (_ADULT, _cover("active")),
    "insurance_expired": (_ADULT, _cover("expired")),
    "uninsured": (_ADULT, _cover("none")),
    "tawjihi": (_ADULT, _tawjihi),
    "tawjihi_this_year": (_LEAVERS, _tawjihi),
    "tax_dues": (_ADULT, _tax_dues),
}


def _whole(request: Request, name: str, default: int, maximum: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= maximum):
        raise Refusal(422, "field_invalid", f"{name} must be a number up to {maximum}.")
    return int(text)


def _told(row: sqlite3.Row) -> Facts:
    names = ("national_id", "sex", "birth_date", "card_issued_on", "mobile", "employer")
    told = {name: row[name] for name in names}
    return told | {"name_ar": " ".join(json.loads(row["name_ar"]))}
