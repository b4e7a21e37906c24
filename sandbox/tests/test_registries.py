"""The registries, as a member of the exchange meets them."""

import base64
import hashlib
import json
import time
from uuid import UUID

import httpx
import pytest

from sandbox.population import wordlists

SALMA, TAREQ, OMAR, HIBA, NADER, RAZAN, FADI, MUNA, NASER = (
    "900000019",
    "900000027",
    "900000084",
    "900000092",
    "900000100",
    "900000118",
    "900000134",
    "900000142",
    "900000159",
)
PERSONS = "interior/civil/persons/v1"
SALMA_CARD = {"national_id": SALMA, "birth_date": "1989-04-18", "card_issued_on": "2019-06-02"}


def refused(answer: httpx.Response, kind: str, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["X-Road-Error"] == kind
    assert answer.headers["Content-Type"].startswith("application/json")
    body = answer.json()
    assert set(body) == {"type", "message", "detail"}
    assert body["type"] == kind
    assert UUID(body["detail"])


def check(state, card):
    path = "/r1/PS-SANDBOX/GOV/interior/civil/identity-checks/v1"
    return state.registries.post(path, json=card, headers={"X-Road-Client": "PS-SANDBOX/GOV/telecom/hukumati"})


def test_a_response_carries_the_headers_of_the_protocol(state):
    sent = {"X-Road-Id": "m-17", "X-Road-UserId": "PS900000019", "X-Road-Issue": "A-2026-000001"}
    answer = state.ask(f"{PERSONS}/{SALMA}?attributes=sex", headers=sent)
    assert answer.status_code == 200
    for name, value in sent.items():
        assert answer.headers[name] == value
    assert answer.headers["X-Road-Client"] == "PS-SANDBOX/GOV/telecom/hukumati"
    assert answer.headers["X-Road-Service"] == "PS-SANDBOX/GOV/interior/civil/persons"
    assert UUID(answer.headers["X-Road-Request-Id"])
    assert "X-Road-Error" not in answer.headers
    lines = [
        f"GET /r1/PS-SANDBOX/GOV/{PERSONS}/{SALMA}?attributes=sex",
        "x-road-client: PS-SANDBOX/GOV/telecom/hukumati",
        "x-road-id: m-17",
        "x-road-issue: A-2026-000001",
        "x-road-userid: PS900000019",
    ]
    expected = base64.b64encode(hashlib.sha512("\r\n".join(lines).encode()).digest()).decode()
    assert answer.headers["X-Road-Request-Hash"] == expected


def test_a_message_without_id_gets_one(state):
    answer = state.ask(f"{PERSONS}/{SALMA}?attributes=sex")
    assert UUID(answer.headers["X-Road-Id"])


def test_every_read_is_logged_with_who_and_why(state):
    headers = {"X-Road-Id": "m-log", "X-Road-UserId": "PS900000019", "X-Road-Issue": "A-2026-000002"}
    answer = state.ask(f"{PERSONS}/{SALMA}?attributes=sex", headers=headers)
    reads = state.registries.get("/control/reads").json()["reads"]
    (read,) = [one for one in reads if one["request_id"] == answer.headers["X-Road-Request-Id"]]
    assert read["client"] == "PS-SANDBOX/GOV/telecom/hukumati"
    assert (read["user_id"], read["issue"], read["message_id"]) == ("PS900000019", "A-2026-000002", "m-log")
    assert (read["path"], read["status"]) == (f"v1/{SALMA}", 200)


@pytest.mark.parametrize(
    ("headers", "path", "kind", "status"),
    [
        ({}, f"PS-SANDBOX/GOV/{PERSONS}/1", "Client.BadRequest", 400),
        ({"X-Road-Client": "half/a/"}, f"PS-SANDBOX/GOV/{PERSONS}/1", "Client.BadRequest", 400),
        (None, "PS-SANDBOX/GOV/interior", "Client.BadRequest", 400),
        (None, "PS-SANDBOX/GOV/inter%2Fior/civil/persons/v1/1", "Client.BadRequest", 400),
        (None, f"PS-SANDBOX/GOV/{PERSONS}/" + "9" * 2_000, "Client.BadRequest", 400),
        (None, "PS-SANDBOX/GOV/interior/civil/persons/v1/..%2f..%2fetc", "Client.BadRequest", 400),
        (
            {"X-Road-Client": "PS-SANDBOX/COM/stranger/x"},
            f"PS-SANDBOX/GOV/{PERSONS}/1",
            "Server.ClientProxy.UnknownMember",
            500,
        ),
        (None, "OTHER/GOV/interior/civil/persons/v1/1", "Server.ClientProxy.UnknownMember", 500),
        (None, "PS-SANDBOX/GOV/nobody/civil/persons/v1/1", "Server.ClientProxy.UnknownMember", 500),
        (None, "PS-SANDBOX/GOV/interior/civil/secrets/v1/1", "Server.ServerProxy.UnknownService", 500),
        (
            {"X-Road-Client": "PS-SANDBOX/GOV/health/insurance"},
            f"PS-SANDBOX/GOV/transport/licensing/driving-licences/v1/{SALMA}",
            "Server.ServerProxy.AccessDenied",
            500,
        ),
    ],
)
def test_faults_of_the_exchange_are_flagged_and_named(state, headers, path, kind, status):
    headers = {"X-Road-Client": "PS-SANDBOX/GOV/telecom/hukumati"} if headers is None else headers
    refused(state.registries.get(f"/r1/{path}", headers=headers), kind, status)


def test_a_body_too_large_is_a_bad_request(state):
    path = "/r1/PS-SANDBOX/GOV/interior/civil/identity-checks/v1"
    answer = state.registries.post(
        path, content=b"x" * 100_000, headers={"X-Road-Client": "PS-SANDBOX/GOV/telecom/hukumati"}
    )
    refused(answer, "Client.BadRequest", 400)


def test_list_methods_tells_all_and_allowed_methods_what_the_caller_may(state):
    everything = state.ask("interior/civil/listMethods").json()["service"]
    expected = {"persons", "relations", "identity-checks", "birth-records", "family-records"}
    expected |= {"given-names", "registrations"}
    assert {one["service_code"] for one in everything} == expected
    assert everything[0]["object_type"] == "SERVICE"
    assert everything[0]["endpoint_list"] == [{"method": "GET", "path": "/v1/*"}]
    other = {"X-Road-Client": "PS-SANDBOX/GOV/health/insurance"}
    allowed = state.ask("interior/civil/allowedMethods", headers=other).json()["service"]
    assert [one["service_code"] for one in allowed] == ["persons"]


def test_persons_tell_only_what_is_asked(state):
    answer = state.ask(f"{PERSONS}/{SALMA}", params={"attributes": "name_ar,mobile,alive"}).json()
    assert answer["as_of"].endswith("Z")
    assert answer["attributes"] == {
        "name_ar": {"first": "سلمى", "father": "محمود", "grandfather": "خليل", "family": "العطار"},
        "mobile": "+970590000001",
        "alive": True,
    }


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "civil.attributes_needed"),
        ("?attributes=", "civil.attributes_needed"),
        ("?attributes=name_ar,religion", "civil.unknown_attribute"),
    ],
)
def test_persons_refuse_questions_without_named_attributes(state, query, code):
    answer = state.ask(f"{PERSONS}/{SALMA}{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert "X-Road-Error" not in answer.headers
    assert "X-Road-Request-Hash" in answer.headers


def test_an_unknown_person_is_not_found(state):
    answer = state.ask(f"{PERSONS}/900000001?attributes=sex")
    assert (answer.status_code, answer.json()["code"]) == (404, "civil.person_not_found")


def test_a_wrong_method_is_the_ministrys_own_refusal(state):
    answer = state.registries.delete(
        f"/r1/PS-SANDBOX/GOV/{PERSONS}/{SALMA}", headers={"X-Road-Client": "PS-SANDBOX/GOV/telecom/hukumati"}
    )
    assert answer.status_code == 405
    assert "X-Road-Error" not in answer.headers


def test_relations_name_parents_spouse_and_children(state):
    ties = state.ask(f"interior/civil/relations/v1/{SALMA}").json()["ties"]
    assert [tie["kind"] for tie in ties] == ["parent", "parent", "spouse", "child", "child", "child"]
    child = ties[3]
    assert child["name_ar"]["father"] == "طارق"
    assert child["minor"] is True
    assert set(child) == {"kind", "national_id", "name_ar", "name_latin", "birth_date", "minor", "alive"}


def test_relations_tell_of_the_dead(state):
    ties = state.ask(f"interior/civil/relations/v1/{MUNA}").json()["ties"]
    assert [(tie["national_id"], tie["alive"]) for tie in ties] == [(NASER, False)]


def test_identity_check_matches_the_right_card(state):
    answer = check(state, SALMA_CARD).json()
    assert answer["matches"] is True
    assert answer["mobile"] == "+970590000001"


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_date": "1989-04-19"},
        {"card_issued_on": "2019-06-03"},
        {"national_id": "900000001"},
        {"national_id": NASER, "birth_date": "1955-06-28", "card_issued_on": "2009-05-12"},
    ],
)
def test_identity_check_gives_one_answer_without_a_hint(state, wrong):
    answer = check(state, SALMA_CARD | wrong)
    assert answer.status_code == 200
    assert set(answer.json()) == {"matches", "as_of"}
    assert answer.json()["matches"] is False


@pytest.mark.parametrize(
    "body", [{}, [], "x", SALMA_CARD | {"birth_date": "yesterday"}, SALMA_CARD | {"birth_date": 7}]
)
def test_identity_check_refuses_what_is_not_a_question(state, body):
    assert check(state, body).status_code == 400


def test_a_complete_birth_record_misses_nothing(state):
    asked = {"attributes": "complete,missing,father_name_ar,mother_name_latin,registration_number,birth_place_latin"}
    told = state.ask(f"interior/civil/birth-records/v1/{SALMA}", params=asked).json()["attributes"]
    assert told["complete"] is True
    assert told["missing"] == []
    assert told["father_name_ar"]["first"] == "محمود"
    assert told["mother_name_latin"]["first"] == "Amneh"
    assert told["registration_number"].startswith("1989/")


def test_an_incomplete_birth_record_says_what_is_missing(state):
    asked = {"attributes": "complete,missing,mother_name_latin,mother_name_ar"}
    told = state.ask(f"interior/civil/birth-records/v1/{OMAR}", params=asked).json()["attributes"]
    assert told["complete"] is False
    assert told["missing"] == ["mother_name_latin"]
    assert told["mother_name_latin"] is None
    assert told["mother_name_ar"]["first"] == "سهير"


@pytest.mark.parametrize(("person", "expected"), [(SALMA, "valid"), (NADER, "expired"), (FADI, "suspended")])
def test_licences_have_a_state(state, person, expected):
    answer = state.ask(f"transport/licensing/driving-licences/v1/{person}").json()
    assert answer["state"] == expected
    assert {"number", "classes", "issued_on", "expires_on", "points", "as_of"} <= set(answer)


def test_no_licence_is_not_found(state):
    answer = state.ask(f"transport/licensing/driving-licences/v1/{RAZAN}")
    assert (answer.status_code, answer.json()["code"]) == (404, "licensing.licence_not_found")


def test_employment_tells_who_is_a_public_employee(state):
    assert state.ask(f"gpc/personnel/employment/v1/{HIBA}").json()["institution"] == "education"
    assert state.ask(f"gpc/personnel/employment/v1/{SALMA}").json()["public_employee"] is False


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        (f"transport/licensing/driving-licences/v1/{SALMA}", "state"),
        (f"gpc/personnel/employment/v1/{SALMA}", "public_employee"),
        (f"interior/civil/relations/v1/{SALMA}", "ties"),
    ],
)
def test_small_answers_can_be_made_smaller(state, path, attribute):
    answer = state.ask(path, params={"attributes": f"national_id,{attribute}"}).json()
    assert set(answer) == {"as_of", "national_id", attribute}
    assert answer["national_id"] == SALMA
    assert state.ask(path, params={"attributes": "religion"}).status_code == 400


def test_people_are_listed_by_trait_for_journeys(state):
    people = state.registries.get("/control/people?trait=public_employee&limit=5").json()["people"]
    assert len(people) == 5
    assert all(one["employer"] and one["card_issued_on"] and one["mobile"] for one in people)
    assert state.registries.get("/control/people?trait=rich").status_code == 422
    assert state.registries.get("/control/people?limit=99999").status_code == 422


def test_the_cast_has_a_page(state):
    page = state.registries.get("/")
    shown = [row for row in wordlists.cast() if "shows" in row]
    assert [row["national_id"] for row in shown if page.text.count(row["national_id"]) != 1] == []
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_member_that_is_down_fails_alone(state):
    state.registries.post("/control", json={"down_members": ["transport"]})
    refused(state.ask(f"transport/licensing/driving-licences/v1/{SALMA}"), "Server.ServerProxy.NetworkError", 500)
    assert state.ask(f"{PERSONS}/{SALMA}?attributes=sex").status_code == 200
    assert state.registries.get("/health").json()["members"]["transport"] == "down"


def test_down_slow_and_hang_are_felt_and_leave_control_alone(state):
    state.registries.post("/control", json={"down": True})
    assert state.ask(f"{PERSONS}/{SALMA}?attributes=sex").status_code == 503
    state.registries.post("/control", json={"down": False, "slow_seconds": 0.4})
    begun = time.monotonic()
    assert state.ask(f"{PERSONS}/{SALMA}?attributes=sex").status_code == 200
    assert time.monotonic() - begun >= 0.4
    state.registries.post("/control", json={"reset": True, "hang": True})
    with pytest.raises(httpx.ReadTimeout):
        state.ask(f"{PERSONS}/{SALMA}?attributes=sex", timeout=0.4)
    assert state.registries.get("/control").json()["hang"] is True


@pytest.mark.parametrize("wrong", ["garbage", "empty", "other_person"])
def test_wrong_answers_are_wrong(state, wrong):
    state.registries.post("/control", json={"wrong": wrong})
    answer = state.ask(f"{PERSONS}/{SALMA}?attributes=national_id")
    assert answer.status_code == 200
    if wrong == "garbage":
        with pytest.raises(json.JSONDecodeError):
            answer.json()
    elif wrong == "empty":
        assert answer.json() == {}
    else:
        assert answer.json()["attributes"]["national_id"] != SALMA


@pytest.mark.parametrize(
    "body",
    [
        {"slow_seconds": 31},
        {"slow_seconds": -1},
        {"wrong": "very"},
        {"unknown": 1},
        {"down": "yes"},
        {"down_members": ["nobody"]},
        [],
    ],
)
def test_control_is_bounded_and_changes_nothing_when_it_refuses(state, body):
    before = state.registries.get("/control").json()
    assert state.registries.post("/control", json=body).status_code in {400, 422}
    assert state.registries.get("/control").json() == before


def test_control_has_a_page_that_works_without_scripts(state):
    page = state.registries.get("/control", headers={"Accept": "text/html"})
    assert "down_members" in page.text
    answer = state.registries.post("/control", data={"slow_seconds": "0.1", "down_members": ["interior"]})
    assert answer.status_code == 303
    assert state.registries.get("/control").json()["down_members"] == ["interior"]
    state.registries.post("/control", data={"reset": "1"})
    assert state.registries.get("/control").json()["down_members"] == []


def test_another_host_name_is_refused(state):
    assert state.registries.get("/health", headers={"Host": "evil.example"}).status_code == 400
