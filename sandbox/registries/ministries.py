"""The services that interior, transport and the personnel council offer on the exchange."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Any

from sandbox import moments
from sandbox.bodies import Refusal, parse_object
from sandbox.registries import records
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Service, Subsystem

type Attributes = Callable[[sqlite3.Row], dict[str, Any]]

EMPLOYERS = {
    "interior": ("وزارة الداخلية", "Ministry of Interior"),
    "health": ("وزارة الصحة", "Ministry of Health"),
    "education": ("وزارة التربية والتعليم", "Ministry of Education"),
    "transport": ("وزارة النقل والمواصلات", "Ministry of Transport and Communications"),
    "finance": ("وزارة المالية", "Ministry of Finance"),
    "development": ("وزارة التنمية الاجتماعية", "Ministry of Social Development"),
    "post": ("البريد الفلسطيني", "Palestine Post"),
    "telecom": ("وزارة الاتصالات وتكنولوجيا المعلومات", "Ministry of Telecommunications and IT"),
}


def all_subsystems(store: Records) -> list[Subsystem]:
    """Every subsystem of this security server."""
    return [_civil(store), _licensing(store), _personnel(store)]


def _civil(store: Records) -> Subsystem:
    def persons(call: Call) -> tuple[int, Any]:
        return _chosen(call, _person(store, call, "civil"), records.person_attributes)

    def birth_records(call: Call) -> tuple[int, Any]:
        return _chosen(call, _person(store, call, "civil"), records.birth_attributes)

    def relations(call: Call) -> tuple[int, Any]:
        person = _person(store, call, "civil")
        ties = [("parent", store.find(person[key])) for key in ("father_id", "mother_id")]
        ties += [("spouse", store.find(person["spouse_id"]))]
        ties += [("child", child) for child in store.children(person["national_id"])]
        told = [{"kind": kind} | records.brief(relative) for kind, relative in ties if relative is not None]
        return _told(call, {"national_id": person["national_id"], "ties": told}, registry="civil")

    def identity_checks(call: Call) -> tuple[int, Any]:
        _only(call, "POST", ("v1",))
        asked = _identity_question(parse_object(call.body))
        person = store.find(asked["national_id"])
        matches = (
            person is not None
            and person["died_on"] is None
            and person["birth_date"] == asked["birth_date"]
            and person["card_issued_on"] == asked["card_issued_on"]
        )
        if person is None or not matches:
            return 200, {"matches": False, "as_of": _as_of()}
        known = records.person_attributes(person)
        told = {name: known[name] for name in ("name_ar", "name_latin", "mobile")}
        return 200, {"matches": True, "as_of": _as_of()} | told

    return _subsystem(
        "interior",
        "civil",
        Service("persons", (("GET", "/v1/*"),), persons),
        Service("relations", (("GET", "/v1/*"),), relations),
        Service("identity-checks", (("POST", "/v1"),), identity_checks),
        Service("birth-records", (("GET", "/v1/*"),), birth_records),
    )


def _licensing(store: Records) -> Subsystem:
    def driving_licences(call: Call) -> tuple[int, Any]:
        person = _person(store, call, "licensing", unknown="licensing.licence_not_found")
        if person["licence"] is None:
            raise Refusal(404, "licensing.licence_not_found", "No driving licence under this number.")
        licence = json.loads(person["licence"])
        suspended = licence.pop("suspended")
        expired = date.fromisoformat(licence["expires_on"]) < moments.today()
        state = "suspended" if suspended else "expired" if expired else "valid"
        facts = {"national_id": person["national_id"]} | licence | {"state": state}
        return _told(call, facts, registry="licensing")

    return _subsystem("transport", "licensing", Service("driving-licences", (("GET", "/v1/*"),), driving_licences))


def _personnel(store: Records) -> Subsystem:
    def employment(call: Call) -> tuple[int, Any]:
        person = _person(store, call, "personnel")
        employer = person["employer"]
        arabic, latin = EMPLOYERS.get(employer, (None, None))
        facts = {
            "national_id": person["national_id"],
            "public_employee": employer is not None and person["died_on"] is None,
            "institution": employer,
            "institution_ar": arabic,
            "institution_latin": latin,
        }
        return _told(call, facts, registry="personnel")

    return _subsystem("gpc", "personnel", Service("employment", (("GET", "/v1/*"),), employment))


def _subsystem(member: str, code: str, *services: Service) -> Subsystem:
    return Subsystem(member, code, {service.code: service for service in services})


def _as_of() -> str:
    return moments.iso(moments.now())


def _only(call: Call, method: str, path: tuple[str, ...]) -> None:
    if call.path != path:
        raise Refusal(404, "no_such_path", "No such path.")
    if call.method != method:
        raise Refusal(405, "method_not_allowed", f"Only {method}.")


def _person(store: Records, call: Call, registry: str, *, unknown: str = "") -> sqlite3.Row:
    if len(call.path) != 2:
        raise Refusal(404, "no_such_path", "The path is v1/{national_id}.")
    _only(call, "GET", ("v1", call.path[1]))
    person = store.find(call.path[1])
    if person is None:
        raise Refusal(404, unknown or f"{registry}.person_not_found", "No person under this number.")
    return person


def _chosen(call: Call, person: sqlite3.Row, attributes_of: Attributes) -> tuple[int, Any]:
    known = attributes_of(person)
    if not _asked(call):
        raise Refusal(400, "civil.attributes_needed", "Name the attributes that are needed.", known=sorted(known))
    return 200, {"as_of": _as_of(), "attributes": _only_asked(call, known, registry="civil")}


def _told(call: Call, facts: dict[str, Any], *, registry: str) -> tuple[int, Any]:
    """A small answer: whole, or only the attributes that were named."""
    return 200, {"as_of": _as_of()} | (_only_asked(call, facts, registry=registry) if _asked(call) else facts)


def _asked(call: Call) -> list[str]:
    return [name for part in call.query.get("attributes", []) for name in part.split(",") if name]


def _only_asked(call: Call, known: dict[str, Any], *, registry: str) -> dict[str, Any]:
    asked = _asked(call)
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise Refusal(400, f"{registry}.unknown_attribute", "Unknown attribute.", attributes=unknown)
    return {name: known[name] for name in asked}


def _identity_question(body: dict[str, Any]) -> dict[str, str]:
    asked = {name: body.get(name) for name in ("national_id", "birth_date", "card_issued_on")}
    if not all(isinstance(value, str) and 0 < len(value) <= 10 for value in asked.values()):
        raise Refusal(400, "civil.question_invalid", "national_id, birth_date and card_issued_on are needed.")
    for name in ("birth_date", "card_issued_on"):
        try:
            date.fromisoformat(str(asked[name]))
        except ValueError:
            raise Refusal(400, "civil.question_invalid", f"{name} must be YYYY-MM-DD.") from None
    return {name: str(value) for name, value in asked.items()}
