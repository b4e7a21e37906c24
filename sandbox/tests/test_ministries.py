"""Every ministry's services: what they tell, of whom, and what they do with what they are told."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from sandbox import moments
from sandbox.population import wordlists
from sandbox.registries.lives import exams
from sandbox.registries.lives.draw import months_later, years_later
from sandbox.tests.conftest import CLIENT

SALMA, FADI, HANI, MARWAN, NADIA, RUBA, WISAM, NUHA, QAIS, TALA = (
    "900000019",
    "900000134",
    "900000191",
    "900000209",
    "900000217",
    "900000225",
    "900000233",
    "900000241",
    "900000258",
    "900000266",
)
IBTISAM, JAMIL, LINA, MUHANNAD, MAJED, MAYAR, ADNAN, DIMA, AMER, HANAN = (
    "900000282",
    "900000290",
    "900000308",
    "900000316",
    "900000324",
    "900000332",
    "900000340",
    "900000357",
    "900000365",
    "900000373",
)
NOBODY, TAREQ = "900000001", "900000027"
TEXT, NUMBER, TRUTH, DAY, NAME, NOTHING = "text", "number", "truth", "day", "name", "nothing"

FINE = {
    **dict.fromkeys(("number", "place_ar", "place_latin", "article", "offence_ar", "offence_latin"), TEXT),
    **dict.fromkeys(("currency", "state"), TEXT),
    "on": DAY,
    "amount_minor": NUMBER,
}
VEHICLE = {
    **dict.fromkeys(("plate", "make", "kind", "state"), TEXT),
    **dict.fromkeys(("licence_expires_on", "insurance_expires_on"), DAY),
    "model_year": NUMBER,
}
DEPENDANT = {
    "national_id": TEXT,
    "name_ar": NAME,
    "name_latin": NAME,
    "tie": TEXT,
    "included": TRUTH,
    "own_cover": TRUTH,
}
SUBJECT = {
    **dict.fromkeys(("code", "name_ar", "name_latin"), TEXT),
    **dict.fromkeys(("mark", "mark_max"), NUMBER),
    "passed": TRUTH,
}
DUE = {
    **dict.fromkeys(("authority_ar", "authority_latin", "kind", "currency"), TEXT),
    "amount_minor": NUMBER,
    "due_on": DAY,
}
PROGRAMME = {
    **dict.fromkeys(("code", "name_ar", "name_latin", "state", "currency"), TEXT),
    "amount_minor": NUMBER,
    "last_paid_on": DAY,
    "next_on": DAY,
}
PAYMENT = {
    **dict.fromkeys(("programme_ar", "programme_latin", "currency"), TEXT),
    "on": DAY,
    "amount_minor": NUMBER,
}
MEMBER = {
    **dict.fromkeys(("national_id", "sex"), TEXT),
    "name_ar": NAME,
    "name_latin": NAME,
    "birth_date": DAY,
    "minor": TRUTH,
    "alive": TRUTH,
}
# service: somebody it knows, what else is asked, and the shape of what it tells. One element in a list: every entry has it.
READS = {
    "transport/licensing/medical-fitness": (
        NADIA,
        {},
        {"required": TRUTH, "fit": TRUTH, "examined_on": DAY, "valid_until": DAY},
    ),
    "transport/traffic/fines": (HANI, {}, {"fines": [FINE], "unpaid_count": NUMBER}),
    "transport/vehicles/vehicles": (RUBA, {}, {"vehicles": [VEHICLE]}),
    "health/insurance/cover": (
        WISAM,
        {},
        {
            **dict.fromkeys(("category", "state", "card_number"), TEXT),
            **dict.fromkeys(("starts_on", "ends_on"), DAY),
            "months": NUMBER,
            "dependants": [DEPENDANT],
        },
    ),
    "health/births/notifications": (
        AMER,
        {"number": "09000357"},
        {
            **dict.fromkeys(("number", "sex", "hospital_ar", "hospital_latin", "mother_id", "father_id"), TEXT),
            **dict.fromkeys(("governorate_ar", "governorate_latin"), TEXT),
            **dict.fromkeys(("mother_name_ar", "mother_name_latin", "father_name_ar", "father_name_latin"), NAME),
            "born_on": DAY,
            "weight_grams": NUMBER,
            "registered": TRUTH,
        },
    ),
    "education/exams/results": (
        LINA,
        {},
        {
            **dict.fromkeys(("seat", "branch"), TEXT),
            **dict.fromkeys(("year", "mean_hundredths"), NUMBER),
            "passed": TRUTH,
            "subjects": [SUBJECT],
        },
    ),
    "finance/revenue/clearance": (ADNAN, {}, {"clear": TRUTH, "reason": TEXT, "dues": [DUE]}),
    "development/assistance/programmes": (IBTISAM, {}, {"programmes": [PROGRAMME], "payments": [PAYMENT]}),
    "development/assistance/social-case": (JAMIL, {}, {"social_case": TRUTH, "valid_until": DAY}),
    "interior/civil/family-records": (
        WISAM,
        {},
        {"marital_status": TEXT, "spouse": MEMBER, "children": [MEMBER]},
    ),
}


def assert_shape(value, shape, *, place=""):
    if isinstance(shape, dict):
        assert set(value) == set(shape), place
        for name, inner in shape.items():
            assert_shape(value[name], inner, place=f"{place}.{name}")
    elif isinstance(shape, list):
        assert value, place
        for entry in value:
            assert_shape(entry, shape[0], place=f"{place}[]")
    elif shape == NAME:
        assert set(value) == {"first", "father", "grandfather", "family"}, place
        assert all(isinstance(part, str) and part for part in value.values()), place
    elif shape == DAY:
        assert value is None or date.fromisoformat(value), place
    else:
        assert type(value) is {TEXT: str, NUMBER: int, TRUTH: bool}[shape], place


def tell(state, service, person, body, *, key=None):
    headers = CLIENT | {"Idempotency-Key": key or str(uuid4())}
    return state.registries.post(f"/r1/PS-SANDBOX/GOV/{service}/v1/{person}", json=body, headers=headers)


def told(state, service, person, **asked):
    answer = state.ask(f"{service}/v1/{person}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def someone(state, trait):
    """An invented person with a trait whom no other test of this run writes about."""
    people = state.registries.get("/control/people", params={"trait": trait, "limit": 50}).json()["people"]
    person = next(each for each in people if each["national_id"] not in TAKEN)
    TAKEN.add(person["national_id"])
    return person


TAKEN: set[str] = set()


@pytest.mark.parametrize("service", READS)
def test_a_service_tells_what_was_agreed_and_of_whom(state, service):
    person, asked, shape = READS[service]
    answer = told(state, service, person, **asked)
    assert answer.pop("national_id") == person
    assert moments.from_iso(answer.pop("as_of"))
    assert_shape(answer, shape)


@pytest.mark.parametrize("service", READS)
def test_a_service_tells_only_what_is_asked(state, service):
    person, asked, shape = READS[service]
    first = next(iter(shape))
    answer = told(state, service, person, **asked, attributes=f"national_id,{first}")
    assert set(answer) == {"as_of", "national_id", first}
    refused = state.ask(f"{service}/v1/{person}", params=asked | {"attributes": "shoe_size"})
    assert (refused.status_code, refused.json()["code"].partition(".")[2]) == (400, "unknown_attribute")


@pytest.mark.parametrize("service", READS)
def test_a_service_knows_nothing_about_nobody(state, service):
    answer = state.ask(f"{service}/v1/{NOBODY}", params={"attributes": "national_id"})
    assert (answer.status_code, answer.json()["code"].partition(".")[2]) == (404, "person_not_found")
    assert "X-Road-Error" not in answer.headers


@pytest.mark.parametrize("member", ["health", "education", "finance", "development"])
def test_each_ministry_can_be_down_alone(state, member):
    state.registries.post("/control", json={"down_members": [member]})
    for service, (person, asked, _shape) in READS.items():
        answer = state.ask(f"{service}/v1/{person}", params=asked)
        assert answer.status_code == (500 if service.startswith(member) else 200)


@pytest.mark.parametrize(
    ("person", "facts"),
    [
        (SALMA, {"required": False, "fit": False}),
        (MARWAN, {"required": True, "fit": False}),
        (NADIA, {"required": True, "fit": True}),
    ],
)
def test_fitness_is_needed_from_fifty_or_for_heavy_classes(state, person, facts):
    answer = told(state, "transport/licensing/medical-fitness", person)
    assert {name: answer[name] for name in facts} == facts


def test_newborns_are_told_to_their_parents_alone(state):
    notification = {"number": "09000357"}
    for parent in (DIMA, AMER):
        answer = told(state, "health/births/notifications", parent, **notification)
        assert (answer["mother_id"], answer["father_id"]) == (DIMA, AMER)
        assert date.fromisoformat(answer["born_on"]) == moments.today() - timedelta(days=4)
    stranger = state.ask(f"health/births/notifications/v1/{SALMA}", params=notification)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "births.notification_not_found")
    late = told(state, "health/births/notifications", HANAN, number="08000373")
    assert date.fromisoformat(late["born_on"]) == moments.today() - timedelta(days=47)
    assert late["registered"] is False
    assert state.ask(f"health/births/notifications/v1/{DIMA}").json()["code"] == "births.number_needed"


def test_a_young_child_of_the_civil_registry_is_told_as_registered(state):
    since = (moments.today() - timedelta(days=600)).isoformat()
    parents = state.registries.get("/control/people?trait=parent_of_minor&limit=100").json()["people"]
    told_ties = ((parent, told(state, "interior/civil/relations", parent["national_id"])["ties"]) for parent in parents)
    parent, child = next((parent, tie) for parent, ties in told_ties for tie in ties if tie["birth_date"] >= since)
    person = told(state, "interior/civil/persons", child["national_id"], attributes="governorate")["attributes"]
    place = wordlists.governorates()[person["governorate"]]["number"]
    number = f"{place:02}{child['national_id'][3:]}"
    answer = told(state, "health/births/notifications", parent["national_id"], number=number)
    assert (answer["registered"], answer["born_on"]) == (True, child["birth_date"])


@pytest.mark.parametrize(("person", "passed"), [(LINA, True), (MUHANNAD, False), (MAYAR, True)])
def test_a_result_is_found_by_its_own_year_and_seat_only(state, person, passed):
    result = told(state, "education/exams/results", person)
    assert (result["passed"], result["year"]) == (passed, exams.LAST_YEAR)
    marks = [subject["mark"] for subject in result["subjects"]]
    assert result["mean_hundredths"] == sum(marks) * 100 // len(marks)
    own = {"year": str(result["year"]), "seat": result["seat"]}
    assert told(state, "education/exams/results", person, **own)["seat"] == own["seat"]
    for wrong in ({"year": "2020"}, {"seat": "26000001"}, {"year": "x"}):
        answer = state.ask(f"education/exams/results/v1/{person}", params=own | wrong)
        assert (answer.status_code, answer.json()["code"]) == (404, "exams.result_not_found")
    assert state.ask(f"education/exams/results/v1/{MAJED}").status_code == 404


def test_clearance_says_why(state):
    owing = told(state, "finance/revenue/clearance", ADNAN)
    assert (owing["clear"], owing["reason"]) == (False, "dues_overdue")
    clear = told(state, "finance/revenue/clearance", SALMA)
    assert (clear["clear"], clear["reason"], clear["dues"]) == (True, "no_dues", [])


def test_a_social_case_is_one_while_the_ministry_confirms_it(state):
    for person, confirmed in ((IBTISAM, True), (JAMIL, False)):
        assert told(state, "development/assistance/social-case", person)["social_case"] is confirmed
        assert told(state, "health/insurance/cover", person)["category"] == "social_case"


def test_assistance_is_paid_by_quarters_up_to_today(state):
    answer = told(state, "development/assistance/programmes", IBTISAM)
    active, suspended = answer["programmes"]
    today = moments.today().isoformat()
    assert active["last_paid_on"] <= today < active["next_on"]
    assert (suspended["state"], suspended["next_on"]) == ("suspended", None)
    days = [payment["on"] for payment in answer["payments"]]
    assert days == sorted(days, reverse=True)
    assert 0 < len(days) <= 12


def test_paid_fines_read_as_paid_and_are_paid_once(state):
    person = someone(state, "unpaid_fines")
    body = {"numbers": person["fines"], "receipt": "R-2026-AAAAAAAA"}
    service = "transport/traffic/payments"
    answer = tell(state, service, person["national_id"], body, key="fines-1").json()
    assert answer["attributes"] == {"settled": person["fines"]}
    assert (answer["about"], answer["key"]) == (person["national_id"], "fines-1")
    assert tell(state, service, person["national_id"], body, key="fines-1").json() == answer
    fines = told(state, "transport/traffic/fines", person["national_id"])
    assert fines["unpaid_count"] == 0
    assert {fine["number"] for fine in fines["fines"] if fine["state"] == "paid"} >= set(person["fines"])
    again = tell(state, service, person["national_id"], body)
    assert (again.status_code, again.json()["code"]) == (409, "traffic.fine_paid")


def test_a_fine_of_another_or_under_dispute_is_not_paid(state):
    (disputed,) = told(state, "transport/traffic/fines", RUBA)["fines"]
    for number, code in ((disputed["number"], "traffic.fine_disputed"), ("70001911", "traffic.fine_not_found")):
        answer = tell(state, "transport/traffic/payments", RUBA, {"numbers": [number], "receipt": "R-1"})
        assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_a_renewed_licence_reads_as_valid(state):
    person = someone(state, "licence_renewable")["national_id"]
    before = told(state, "transport/licensing/driving-licences", person)
    assert before["state"] == "expired"
    attributes = tell(state, "transport/licensing/renewals", person, {"years": 2}).json()["attributes"]
    assert attributes["expires_on"] == years_later(moments.today(), 2).isoformat()
    assert (attributes["number"], attributes["issued_on"]) == (before["number"], moments.today().isoformat())
    after = told(state, "transport/licensing/driving-licences", person)
    assert (after["state"], after["expires_on"]) == ("valid", attributes["expires_on"])
    later = tell(state, "transport/licensing/renewals", person, {"years": 1}).json()["attributes"]
    assert later["expires_on"] == years_later(years_later(moments.today(), 2) + timedelta(days=1), 1).isoformat()


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (FADI, "licensing.licence_suspended"),
        (MARWAN, "licensing.fitness_missing"),
        (HANI, "licensing.fines_unpaid"),
    ],
)
def test_a_licence_is_not_renewed_against_the_ministrys_own_rules(state, person, code):
    answer = tell(state, "transport/licensing/renewals", person, {"years": 5})
    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_a_renewed_cover_has_new_dates_and_the_chosen_dependants(state):
    today = moments.today()
    chosen = [NUHA, TALA]
    body = {"months": 6, "dependants": chosen}
    attributes = tell(state, "health/insurance/renewals", WISAM, body).json()["attributes"]
    assert attributes["ends_on"] == months_later(date.fromisoformat(attributes["starts_on"]), 6).isoformat()
    cover = told(state, "health/insurance/cover", WISAM)
    assert (cover["state"], cover["ends_on"]) == ("active", attributes["ends_on"])
    assert cover["card_number"] == attributes["card_number"]
    assert [one["national_id"] for one in cover["dependants"] if one["included"]] == chosen
    assert date.fromisoformat(cover["starts_on"]) >= today
    stranger = tell(state, "health/insurance/renewals", WISAM, {"months": 3, "dependants": [SALMA]})
    assert (stranger.status_code, stranger.json()["code"]) == (409, "insurance.not_a_dependant")


def test_who_has_cover_of_his_own_is_told_as_such(state):
    spouse, *children = told(state, "health/insurance/cover", TAREQ)["dependants"]
    assert (spouse["national_id"], spouse["included"], spouse["own_cover"]) == (SALMA, False, True)
    assert {(one["included"], one["own_cover"]) for one in children} == {(True, False)}


def test_a_renewal_lets_in_whom_a_clerk_let_in_and_nobody_who_is_no_kin(state):
    service, kin = "health/insurance/renewals", [{"national_id": LINA, "reason": "studies"}]
    assert tell(state, service, MAJED, {"months": 3, "dependants": kin}).status_code == 409
    assert tell(state, service, MAJED, {"months": 3, "dependants": [SALMA], "admitted": [SALMA]}).status_code == 409
    assert tell(state, service, MAJED, {"months": 3, "dependants": kin, "admitted": kin}).status_code == 200
    listed = told(state, "health/insurance/cover", MAJED)["dependants"]
    assert [one["national_id"] for one in listed if one["included"]] == [LINA]


WRITES = {
    "transport/licensing/renewals": ({"years": 3}, "licensing.years_invalid"),
    "transport/traffic/payments": ({"numbers": [], "receipt": "R-1"}, "traffic.numbers_invalid"),
    "health/insurance/renewals": ({"months": True}, "insurance.months_invalid"),
}


@pytest.mark.parametrize("service", WRITES)
def test_a_message_that_cannot_be_meant_changes_nothing(state, service):
    body, code = WRITES[service]
    answer = tell(state, service, SALMA, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert tell(state, service, NOBODY, body).status_code == 404
    path = f"/r1/PS-SANDBOX/GOV/{service}/v1/{SALMA}"
    assert state.registries.post(path, json=body, headers=CLIENT).json()["code"] == "idempotency_key_needed"
    assert state.ask(f"{service}/v1/{SALMA}").status_code == 405


def test_a_key_belongs_to_one_message(state):
    person = someone(state, "insured")["national_id"]
    first = tell(state, "health/insurance/renewals", person, {"months": 3}, key="cover-1")
    assert first.status_code == 200
    for other, body in ((person, {"months": 6}), (SALMA, {"months": 3})):
        answer = tell(state, "health/insurance/renewals", other, body, key="cover-1")
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_used")


@pytest.mark.parametrize(
    "trait",
    [
        *("unpaid_fines", "licence_renewable", "fitness_missing", "vehicles_two", "fresh_newborn", "late_newborn"),
        *("social_case", "social_case_lapsed", "assisted", "insurance_expired", "tawjihi_this_year", "tax_dues"),
    ],
)
def test_there_are_people_for_every_branch(state, trait):
    people = state.registries.get(f"/control/people?trait={trait}&limit=2&offset=100").json()["people"]
    assert len(people) == 2


def test_lives_are_the_same_every_time(state):
    first, second = (state.registries.get("/control/people?trait=late_newborn&limit=5").json() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-11-15", 3, "2027-02-14"),
        ("2026-12-01", 12, "2027-11-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-05-31", -12, "2026-05-30"),
    ],
)
def test_months_end_the_day_before(start, months, last):
    assert months_later(date.fromisoformat(start), months).isoformat() == last


def test_years_end_the_day_before_also_on_a_leap_day():
    assert years_later(date(2026, 11, 25), 5) == date(2031, 11, 24)
    assert years_later(date(2028, 2, 29), 1) == date(2029, 2, 28)
