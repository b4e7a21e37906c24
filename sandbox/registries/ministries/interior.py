"""Ministry of Interior: the civil registry."""

import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Any

from sandbox import moments
from sandbox.bodies import Refusal, parse_object
from sandbox.registries import records
from sandbox.registries.lives import births, family
from sandbox.registries.ministries.answers import (
    as_of,
    asked,
    only,
    only_asked,
    parameter,
    person_asked,
    reading,
    subsystem,
    told,
    writing,
)
from sandbox.registries.newborns import usual_spelling, written_name
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Service, Subsystem

type Attributes = Callable[[sqlite3.Row], dict[str, Any]]


def subsystems(store: Records) -> list[Subsystem]:
    """interior/civil"""

    def persons(call: Call) -> tuple[int, Any]:
        return _chosen(call, person_asked(store, call, "GET", "civil"), records.person_attributes)

    def birth_records(call: Call) -> tuple[int, Any]:
        return _chosen(call, person_asked(store, call, "GET", "civil"), records.birth_attributes)

    def relations(call: Call) -> tuple[int, Any]:
        person = person_asked(store, call, "GET", "civil")
        ties = [("parent", store.find(person[key])) for key in ("father_id", "mother_id")]
        ties += [("spouse", store.find(person["spouse_id"]))]
        ties += [("child", child) for child in store.children(person["national_id"])]
        facts = [{"kind": kind} | records.brief(relative) for kind, relative in ties if relative is not None]
        return told(call, {"national_id": person["national_id"], "ties": facts}, registry="civil")

    def identity_checks(call: Call) -> tuple[int, Any]:
        only(call, "POST", ("v1",))
        question = _identity_question(parse_object(call.body))
        person = store.find(question["national_id"])
        matches = (
            person is not None
            and person["died_on"] is None
            and person["birth_date"] == question["birth_date"]
            and person["card_issued_on"] == question["card_issued_on"]
        )
        if person is None or not matches:
            return 200, {"matches": False, "as_of": as_of()}
        known = records.person_attributes(person)
        facts = {name: known[name] for name in ("name_ar", "name_latin", "mobile")}
        return 200, {"matches": True, "as_of": as_of()} | facts

    def given_names(_person: sqlite3.Row, call: Call) -> dict[str, Any]:
        usual = usual_spelling(parameter(call, "first_name_ar"))
        return {"usual_latin": usual, "usual": usual == parameter(call, "first_name_latin")}

    civil = subsystem(
        "interior",
        "civil",
        Service("persons", (("GET", "/v1/*"),), persons),
        Service("relations", (("GET", "/v1/*"),), relations),
        Service("identity-checks", (("POST", "/v1"),), identity_checks),
        Service("birth-records", (("GET", "/v1/*"),), birth_records),
        reading(store, "civil", "family-records", lambda person, _call: family.record(store, person)),
        reading(store, "civil", "given-names", given_names),
        writing(store, "interior", "civil", "registrations", lambda person, body: _registered(store, person, body)),
    )
    return [civil]


def _registered(store: Records, person: sqlite3.Row, body: dict[str, Any]) -> dict[str, Any]:
    """Enters the newborn whom a hospital notified. The registry asks the hospital itself: nobody is born by a letter."""
    told = births.notifications(store, person, on=moments.today())
    notified = next((one for one in told if one["number"] == body.get("notification_number")), None)
    if notified is None:
        raise Refusal(409, "civil.notification_unknown", "No hospital notified this birth with this parent.")
    if notified["registered"]:
        raise Refusal(409, "civil.already_registered", "This birth is registered.")
    differing = [name for name in ("born_on", "sex", "mother_id", "father_id") if body.get(name) != notified[name]]
    if differing:
        raise Refusal(409, "civil.notification_differs", "The hospital notified something else.", differing=differing)
    names = written_name(body, "first_name_ar", "ARABIC"), written_name(body, "first_name_latin", "LATIN")
    father, mother = store.find(notified["father_id"]), store.find(notified["mother_id"])
    if father is None or mother is None or father["died_on"] or mother["died_on"]:
        raise Refusal(409, "civil.parent_unknown", "A parent is not in the registry, or has died.")
    newborn = store.newborns.find(store.newborns.enter(notified, names, father, mother))
    assert newborn is not None
    entered = records.birth_attributes(newborn)
    return {name: value for name, value in entered.items() if name not in ("complete", "missing")}


def _chosen(call: Call, person: sqlite3.Row, attributes_of: Attributes) -> tuple[int, Any]:
    known = attributes_of(person)
    if not asked(call):
        raise Refusal(400, "civil.attributes_needed", "Name the attributes that are needed.", known=sorted(known))
    return 200, {"as_of": as_of(), "attributes": only_asked(call, known, registry="civil")}


def _identity_question(body: dict[str, Any]) -> dict[str, str]:
    question = {name: body.get(name) for name in ("national_id", "birth_date", "card_issued_on")}
    if not all(isinstance(value, str) and 0 < len(value) <= 10 for value in question.values()):
        raise Refusal(400, "civil.question_invalid", "national_id, birth_date and card_issued_on are needed.")
    for name in ("birth_date", "card_issued_on"):
        try:
            date.fromisoformat(str(question[name]))
        except ValueError:
            raise Refusal(400, "civil.question_invalid", f"{name} must be YYYY-MM-DD.") from None
    return {name: str(value) for name, value in question.items()}
