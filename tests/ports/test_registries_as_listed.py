"""What registries.toml of an institution lists of each register is what the register does: tells, takes, gives back, refuses."""

from __future__ import annotations

import json
from uuid import uuid4

import httpx
import pytest
from django.conf import settings

from hukumati.adapters.registry_xroad import XRoadRegistry
from hukumati.domain.exchange.facts import RegistryAnswerError
from hukumati.domain.exchange.ports import (
    RefusedByRegistryError,
    RegistryQuestion,
    RegistryStatement,
    UnknownToRegistryError,
)
from hukumati.infra import declared
from tests.outside import forget_adapters, registries  # noqa: F401 (a fixture)

CLIENT = "PS-SANDBOX/GOV/telecom/hukumati"
SALMA, FADI, MARWAN, HANI, RUBA, DIMA = "900000019", "900000134", "900000209", "900000191", "900000225", "900000357"
NOBODY = "999999998"
LISTED = declared.rows(settings.SERVICES_DIR, "registries.toml", "registry")
# Somebody of the cast who makes each service say much, and what else it is asked.
TELLING = {
    "interior/civil/persons": (SALMA, {}),
    "interior/civil/relations": (SALMA, {}),
    "interior/civil/birth-records": (SALMA, {}),
    "interior/civil/family-records": ("900000233", {}),
    "interior/civil/given-names": (SALMA, {"first_name_ar": "سلمى"}),
    "transport/licensing/driving-licences": (SALMA, {}),
    "transport/licensing/medical-fitness": ("900000217", {}),
    "transport/traffic/fines": (HANI, {}),
    "transport/vehicles/vehicles": (RUBA, {}),
    "gpc/personnel/employment": ("900000092", {}),
    "health/insurance/cover": ("900000233", {}),
    "health/births/notifications": (DIMA, {"number": "09000357"}),
    "education/exams/results": ("900000308", {}),
    "finance/revenue/clearance": ("900000340", {}),
    "development/assistance/programmes": ("900000282", {}),
    "development/assistance/social-case": ("900000290", {}),
}
# What the register says no to.
REFUSED = [
    ("transport/licensing/renewals", FADI, {"years": 1}, "licence_suspended"),
    ("transport/licensing/renewals", MARWAN, {"years": 1}, "fitness_missing"),
    ("transport/licensing/renewals", HANI, {"years": 1}, "fines_unpaid"),
    ("transport/traffic/payments", RUBA, {"numbers": ["70002251"], "receipt": "R-1"}, "fine_disputed"),
    ("transport/traffic/payments", HANI, {"numbers": ["70001911"], "receipt": "R-1"}, "fine_paid"),
    ("transport/traffic/payments", HANI, {"numbers": ["1"], "receipt": "R-1"}, "fine_not_found"),
    ("health/insurance/renewals", SALMA, {"months": 3, "dependants": [HANI]}, "not_a_dependant"),
    ("interior/civil/registrations", SALMA, {"notification_number": "1"}, "notification_unknown"),
]

pytestmark = pytest.mark.slow


@pytest.fixture
def port(registries):  # noqa: F811
    yield XRoadRegistry(security_server=registries, client=CLIENT, instance="PS-SANDBOX")
    forget_adapters()


def split(service):
    registry, _, code = service.rpartition("/")
    return registry, code


def question(service, attributes, *, subject=None, **parameters):
    registry, code = split(service)
    asked = {"parameters": parameters} if parameters else {}
    return RegistryQuestion(
        registry,
        code,
        subject or TELLING[service][0],
        tuple(attributes),
        f"X-{uuid4().hex}",
        "A-2026-AAAAAAAA",
        "citizen:N-1",
        **asked,
    )


def statement(service, subject, facts, returns=("national_id",)):
    registry, code = split(service)
    key, reference = uuid4().hex, f"W-{uuid4().hex}"
    return RegistryStatement(
        registry, code, subject, facts, tuple(returns), key, reference, "A-2026-AAAAAAAA", "system:applications"
    )


def someone(registries, trait):  # noqa: F811
    asked = {"trait": trait, "limit": 1, "offset": 40}
    return httpx.get(f"{registries}/control/people", params=asked, timeout=30, trust_env=False).json()["people"][0]


def words_in(value, name=""):
    """Every attribute inside an answer with its values; a four-part name is one word."""
    if isinstance(value, list):
        return [word for entry in value for word in words_in(entry, name)]
    if isinstance(value, dict) and "grandfather" in value:
        return [(name, None)]
    if isinstance(value, dict):
        words = [word for inner, entry in value.items() for word in words_in(entry, inner)]
        return [(name, None), *words] if name else words
    return [(name, value)]


def test_every_listed_service_is_tried_here():
    assert {f"{registry}/{service}" for registry, row in LISTED.items() for service in row["services"]} == set(TELLING)


@pytest.mark.parametrize("service", TELLING)
def test_each_service_of_a_register_is_asked_about_nobody_and_is_awake(port, service):
    registry, code = split(service)
    assert port.check(registry, service=code)


@pytest.mark.parametrize("service", TELLING)
def test_a_service_tells_what_is_listed_and_every_word_has_its_words_for_people(port, service):
    """Whoever is told "who read my data", and the clerk at the desk, never sees a code."""
    registry, code = split(service)
    row, parameters = LISTED[registry], TELLING[service][1]
    told = port.ask(question(service, row["services"][code], **parameters)).facts
    assert set(told) == set(row["services"][code])
    for attribute, value in words_in(told):
        assert attribute in row["attributes"], attribute
        known = row.get("values", {}).get(attribute)
        assert known is None or value is None or str(value) in known, f"{attribute} = {value}"


@pytest.mark.parametrize("service", TELLING)
def test_a_service_tells_nothing_more_than_is_listed(registries, service):  # noqa: F811
    registry, code = split(service)
    subject, parameters = TELLING[service]
    headers = {"X-Road-Client": CLIENT}
    asked = parameters | {"attributes": "shoe_size"}
    answer = httpx.get(f"{registries}/r1/PS-SANDBOX/GOV/{service}/v1/{subject}", params=asked, headers=headers)
    assert answer.status_code == 400
    whole = httpx.get(f"{registries}/r1/PS-SANDBOX/GOV/{service}/v1/{subject}", params=parameters, headers=headers)
    told = set(whole.json()) - {"as_of"} if whole.status_code == 200 else set(whole.json()["known"])
    assert told == set(LISTED[registry]["services"][code])


@pytest.mark.parametrize("service", TELLING)
def test_a_service_is_not_believed_about_another_and_knows_nothing_about_nobody(port, registries, service):  # noqa: F811
    asked = question(service, ("national_id",), **TELLING[service][1])
    with pytest.raises(UnknownToRegistryError):
        port.ask(question(service, ("national_id",), subject=NOBODY, **TELLING[service][1]))
    httpx.post(f"{registries}/control", json={"wrong": "other_person"})
    try:
        with pytest.raises(RegistryAnswerError):
            port.ask(asked)
    finally:
        httpx.post(f"{registries}/control", json={"reset": True})


@pytest.mark.parametrize(("service", "subject", "facts", "reason"), REFUSED)
def test_a_refusal_is_one_of_those_listed(port, service, subject, facts, reason):
    registry, code = split(service)
    with pytest.raises(RefusedByRegistryError) as refused:
        port.tell(statement(service, subject, facts))
    assert refused.value.reason.partition(".")[2] == reason
    assert reason in LISTED[registry]["entries"][code]["refusals"]


def accepted(registries):  # noqa: F811
    """For every entry somebody of whom it can be made."""
    renewing, fined, insured = (
        someone(registries, trait) for trait in ("licence_renewable", "unpaid_fines", "insured")
    )
    newborn = someone(registries, "fresh_newborn")
    birth = httpx.get(
        f"{registries}/r1/PS-SANDBOX/GOV/health/births/notifications/v1/{newborn['national_id']}",
        params={"number": newborn["notification"]},
        headers={"X-Road-Client": CLIENT},
    ).json()
    told = {name: birth[name] for name in ("born_on", "sex", "mother_id", "father_id")}
    named = {"notification_number": birth["number"], "first_name_ar": "جنى", "first_name_latin": "Jana"}
    return {
        "transport/licensing/renewals": (renewing, {"years": 2}),
        "transport/traffic/payments": (fined, {"numbers": fined["fines"], "receipt": "R-2026-AAAAAAAA"}),
        "health/insurance/renewals": (insured, {"months": 12, "dependants": [], "admitted": []}),
        "interior/civil/registrations": (newborn, told | named),
    }


def test_an_entry_takes_what_is_listed_and_gives_back_what_is_listed(port, registries):  # noqa: F811
    entries = accepted(registries)
    assert {f"{registry}/{code}" for registry, row in LISTED.items() for code in row.get("entries", {})} == set(entries)
    for service, (person, facts) in entries.items():
        registry, code = split(service)
        entry = LISTED[registry]["entries"][code]
        assert set(facts) == set(entry["takes"])
        assert set(facts) | set(entry["returns"]) <= set(LISTED[registry]["attributes"])
        answer = port.tell(statement(service, person["national_id"], facts, entry["returns"])).facts
        assert set(answer) == set(entry["returns"])
        assert json.dumps(answer)
