"""The civil registry takes registrations of newborns: once by a key, only of births that a hospital notified, and later reads know them."""

from uuid import uuid4

import pytest

SALMA, DIMA, HANAN = "900000019", "900000357", "900000373"
NOTIFICATIONS, REGISTRATIONS = "health/births/notifications/v1", "interior/civil/registrations/v1"
CLIENT = {"X-Road-Client": "PS-SANDBOX/GOV/telecom/hukumati"}


def notified(state, parent, number):
    return state.ask(f"{NOTIFICATIONS}/{parent}?number={number}").json()


def register(state, parent, body, *, key=""):
    headers = CLIENT | {"Idempotency-Key": key or uuid4().hex}
    return state.registries.post(f"/r1/PS-SANDBOX/GOV/{REGISTRATIONS}/{parent}", json=body, headers=headers)


def a_registration(birth, **changed):
    told = {name: birth[name] for name in ("born_on", "sex", "mother_id", "father_id")}
    return {
        **told,
        "notification_number": birth["number"],
        "first_name_ar": "جنى",
        "first_name_latin": "Jana",
    } | changed


def test_a_newborn_is_registered_once_and_known_from_then_on(state):
    birth = notified(state, DIMA, "09000357")
    assert birth["registered"] is False
    body, key = a_registration(birth), uuid4().hex
    answer = register(state, DIMA, body, key=key).json()
    assert (answer["about"], answer["key"]) == (DIMA, key)
    newborn = answer["attributes"]
    assert newborn["name_ar"] == {
        "first": "جنى",
        **{part: birth["father_name_ar"][of] for part, of in (("father", "first"), ("grandfather", "father"), ("family", "family"))},
    }  # fmt: skip
    assert newborn["name_latin"]["first"] == "Jana"
    assert register(state, DIMA, body, key=key).json() == answer
    again = register(state, birth["father_id"], body)
    assert (again.status_code, again.json()["code"]) == (409, "civil.already_registered")
    for parent in (birth["mother_id"], birth["father_id"]):
        ties = state.ask(f"interior/civil/relations/v1/{parent}").json()["ties"]
        assert newborn["national_id"] in {tie["national_id"] for tie in ties if tie["kind"] == "child"}
        assert notified(state, parent, "09000357")["registered"] is True
    record = state.ask(
        f"interior/civil/birth-records/v1/{newborn['national_id']}?attributes=complete,birth_date"
    ).json()
    assert record["attributes"] == {"complete": True, "birth_date": birth["born_on"]}


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"notification_number": "01"}, 409, "civil.notification_unknown"),
        ({"born_on": "2020-01-01"}, 409, "civil.notification_differs"),
        ({"first_name_ar": "Jana"}, 422, "civil.name_invalid"),
        ({"first_name_latin": "جنى"}, 422, "civil.name_invalid"),
        ({"first_name_latin": ""}, 422, "civil.name_invalid"),
    ],
)
def test_a_registration_that_cannot_be_is_refused_and_leaves_nothing(state, changed, status, code):
    birth = notified(state, HANAN, "08000373")
    answer = register(state, HANAN, a_registration(birth, **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert notified(state, HANAN, "08000373")["registered"] is False


def test_a_stranger_registers_nobody(state):
    birth = notified(state, HANAN, "08000373")
    assert register(state, SALMA, a_registration(birth)).json()["code"] == "civil.notification_unknown"
    assert register(state, "999999998", a_registration(birth)).status_code == 404


def test_writes_can_be_refused_or_their_answers_lost(state):
    [parent] = state.registries.get("/control/people?trait=late_newborn&limit=1").json()["people"]
    parent, number, key = parent["national_id"], parent["notification"], uuid4().hex
    body = a_registration(notified(state, parent, number))
    state.registries.post("/control", json={"writes": "refused"})
    assert register(state, parent, body, key=key).json()["code"] == "registry.refused"
    state.registries.post("/control", json={"writes": "lost"})
    lost = register(state, parent, body, key=key)
    assert (lost.status_code, lost.headers["X-Road-Error"]) == (500, "Server.ServerProxy.NetworkError")
    assert notified(state, parent, number)["registered"] is True
    state.registries.post("/control", json={"reset": True})
    assert register(state, parent, body, key=key).status_code == 200


@pytest.mark.parametrize(
    ("arabic", "latin", "usual"), [("سلمى", "Salma", True), ("سلمى", "Selma", False), ("زمردة", "X", False)]
)
def test_the_registry_knows_how_given_names_are_written(state, arabic, latin, usual):
    answer = state.ask(f"interior/civil/given-names/v1/{SALMA}?first_name_ar={arabic}&first_name_latin={latin}").json()
    assert answer["usual"] is usual
