"""The card gateway: what a merchant and a payer meet, and what can go wrong."""

import re
import time
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from sandbox.card_gateway.cards import clean, faults_in, known_cards
from sandbox.tests.conftest import API_KEY, wait_for

CARDS = {card.outcome: card for card in known_cards().values()}
PAID = "9970000000000015"
KEY = {"Authorization": f"Bearer {API_KEY}"}
TODAY = datetime.now(ZoneInfo("Asia/Hebron")).date()


def create(state, merchant, *, key=None, **more):
    body = {
        "merchant": "حكومتي",
        "reference": f"C-{uuid4().hex[:12]}",
        "amount_minor": 6_000,
        "currency": "ILS",
        "description": "نسخة عن شهادة ميلاد",
        "locale": "ar",
        "return_url": f"{merchant.url}/back?step=1",
        "notice_url": f"{merchant.url}/notices",
    } | more
    headers = KEY | {"Idempotency-Key": key or uuid4().hex}
    return state.gateway.post("/v1/payments", json=body, headers=headers)


def look_up(state, payment_id):
    return state.gateway.get(f"/v1/payments/{payment_id}", headers=KEY).json()


def type_card(state, payment_id, number=PAID, **more):
    typed = {"number": number, "expiry": "08/29", "cvc": "123", "name": "SALMA"} | more
    return state.gateway.post(f"/pay/{payment_id}", data=typed)


def code_for(state, payment_id):
    messages = state.phones.get("/api/messages").json()["messages"]
    ours = [one for one in messages if one["reference"].startswith(f"challenge-{payment_id}-")]
    return re.search(r"\b[0-9]{6}\b", ours[0]["text"]).group()


def type_code(state, payment_id, code):
    return state.gateway.post(f"/pay/{payment_id}/challenge", data={"code": code})


def pay(state, merchant, *, number=PAID, **more):
    payment_id = create(state, merchant, **more).json()["payment_id"]
    assert type_card(state, payment_id, number).status_code == 303
    return payment_id, type_code(state, payment_id, code_for(state, payment_id))


def settled(merchant, payment_id, count=1):
    return wait_for(lambda: len(merchant.bodies(payment_id)) >= count and merchant.bodies(payment_id))


def test_a_payment_goes_from_created_to_paid_and_tells_the_merchant(state, merchant):
    created = create(state, merchant, reference="C-2026-000017")
    assert created.status_code == 201
    assert set(created.json()) == {"payment_id", "state", "hosted_url", "expires_at"}
    payment_id = created.json()["payment_id"]
    assert look_up(state, payment_id)["state"] == "created"
    assert look_up(state, payment_id)["hosted_url"] == created.json()["hosted_url"]

    to_challenge = type_card(state, payment_id, "٩٩٧٠ 0000-0000 0015")
    assert to_challenge.headers["Location"] == f"/pay/{payment_id}/challenge?lang=ar"
    assert look_up(state, payment_id)["state"] == "pending"
    back = type_code(state, payment_id, code_for(state, payment_id))
    assert back.status_code == 303
    assert back.headers["Location"] == f"{merchant.url}/back?step=1&payment_id={payment_id}"

    told = look_up(state, payment_id)
    assert (told["state"], told["card_last4"], told["amount_minor"]) == ("paid", "0015", 6_000)
    assert re.fullmatch(r"[0-9]{6}", told["auth_code"])
    assert "hosted_url" not in told
    (notice,) = settled(merchant, payment_id)
    assert (notice["type"], notice["reference"], notice["sequence"]) == ("payment.paid", "C-2026-000017", 1)
    assert (notice["amount_minor"], notice["currency"], notice["state"]) == (6_000, "ILS", "paid")


def test_nothing_is_told_without_the_key(state, merchant):
    payment_id = create(state, merchant).json()["payment_id"]
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {API_KEY}"}):
        assert state.gateway.get(f"/v1/payments/{payment_id}", headers=headers).status_code == 401
        assert state.gateway.get(f"/v1/settlements/{TODAY}", headers=headers).status_code == 401


def test_the_same_key_makes_the_same_payment_once(state, merchant):
    body = {"key": uuid4().hex, "reference": "C-same"}
    first, second = create(state, merchant, **body), create(state, merchant, **body)
    assert first.json() == second.json()
    refusal = create(state, merchant, **body, amount_minor=7_000)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "idempotency_key_used")
    listed = state.gateway.get("/v1/payments", params={"reference": "C-same"}, headers=KEY).json()["payments"]
    assert [one["payment_id"] for one in listed] == [first.json()["payment_id"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_minor": 0},
        {"amount_minor": "60"},
        {"amount_minor": True},
        {"currency": "EUR"},
        {"locale": "fr"},
        {"reference": ""},
        {"reference": "x" * 65},
        {"description": None},
        {"notice_url": "https://example.com/notices"},
        {"notice_url": "file:///etc/passwd"},
        {"return_url": "javascript:alert(1)"},
        {"return_url": "http://127.0.0.1:1/;script-src *"},
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(state, merchant, wrong):
    assert create(state, merchant, **wrong).status_code == 422


def test_a_payment_needs_an_idempotency_key(state):
    answer = state.gateway.post("/v1/payments", json={}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")


def test_the_hosted_page_speaks_both_languages_under_a_strict_policy(state, merchant):
    url = create(state, merchant).json()["hosted_url"]
    arabic, english = state.gateway.get(url), state.gateway.get(f"{url}?lang=en")
    assert 'lang="ar" dir="rtl"' in arabic.text
    assert "60.00 ₪" in arabic.text
    assert 'lang="en" dir="ltr"' in english.text
    policy = arabic.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"form-action 'self' {merchant.url}" in policy
    assert "<script" not in arabic.text
    assert " style=" not in arabic.text
    assert state.gateway.get("/static/gateway/gateway.css").status_code == 200


def test_a_wrong_form_comes_back_with_its_answers_but_never_the_security_code(state, merchant):
    payment_id = create(state, merchant).json()["payment_id"]
    answer = type_card(state, payment_id, PAID, expiry="01/20", cvc="789", name='"><b>x')
    assert answer.status_code == 422
    assert "خطأ" in answer.text
    assert PAID in answer.text
    assert 'value="789"' not in answer.text
    assert "<b>" not in answer.text
    assert look_up(state, payment_id)["state"] == "created"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (("4111111111111111", "08/29", "123", "x"), {"number": "number_not_test"}),
        (("9970000000000016", "08/29", "123", "x"), {"number": "number_invalid"}),
        ((PAID, "13/29", "12", ""), {"expiry": "expiry_invalid", "cvc": "cvc_invalid", "name": "name_needed"}),
        ((PAID, "0829", "123", "x"), {}),
        ((PAID, "٠٨/٢٩", "١٢٣", "سلمى"), {}),
        ((PAID, "8-2029", "123", "x"), {}),
        ((PAID, "10/2026", "123", "x"), {"expiry": "expiry_past"}),
    ],
)
def test_what_a_payer_types_is_read_kindly(typed, wrong):
    assert faults_in(clean(*typed), datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Hebron")).date()) == wrong


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": b"number=" + b"9" * 100_000}, 413),
        ({"content": b"a=1&" * 60}, 422),
        ({"content": b"\xff\xfe%00%ff=%80"}, 422),
        ({"files": {"number": ("x.txt", b"9970000000000015")}}, 422),
        ({}, 422),
    ],
)
def test_a_form_that_is_no_form_changes_nothing(state, merchant, sent, status):
    payment_id = create(state, merchant).json()["payment_id"]
    assert state.gateway.post(f"/pay/{payment_id}", **sent).status_code == status
    assert look_up(state, payment_id)["state"] == "created"


def test_a_declined_card_is_told_at_once(state, merchant):
    payment_id = create(state, merchant).json()["payment_id"]
    assert type_card(state, payment_id, CARDS["declined"].number).headers["Location"].startswith(merchant.url)
    assert look_up(state, payment_id)["reason"] == "card_declined"
    assert settled(merchant, payment_id)[0]["type"] == "payment.declined"


def test_a_card_without_money_is_declined_after_the_challenge(state, merchant):
    payment_id, answer = pay(state, merchant, number=CARDS["insufficient_funds"].number)
    assert answer.status_code == 303
    assert look_up(state, payment_id)["reason"] == "insufficient_funds"


def test_three_wrong_codes_decline(state, merchant):
    payment_id = create(state, merchant).json()["payment_id"]
    type_card(state, payment_id)
    right = code_for(state, payment_id)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    assert [type_code(state, payment_id, wrong).status_code for _ in range(3)] == [422, 422, 303]
    assert look_up(state, payment_id)["state"] == "declined"
    assert type_code(state, payment_id, right).status_code == 409
    assert look_up(state, payment_id)["state"] == "declined"


def test_a_bank_that_takes_no_code_declines(state, merchant):
    payment_id = create(state, merchant).json()["payment_id"]
    type_card(state, payment_id, CARDS["challenge_fails"].number)
    code = code_for(state, payment_id)
    assert [type_code(state, payment_id, code).status_code for _ in range(3)] == [422, 422, 303]
    assert look_up(state, payment_id)["reason"] == "challenge_failed"


def test_a_new_code_replaces_the_old_and_codes_are_counted(state, merchant):
    payment_id = create(state, merchant).json()["payment_id"]
    type_card(state, payment_id)
    old = code_for(state, payment_id)
    again = [state.gateway.post(f"/pay/{payment_id}/code").status_code for _ in range(3)]
    assert again == [303, 303, 422]
    new = code_for(state, payment_id)
    if new != old:
        assert type_code(state, payment_id, old).status_code == 422
    assert type_code(state, payment_id, new).status_code == 303
    assert look_up(state, payment_id)["state"] == "paid"


def test_a_payer_may_turn_back(state, merchant):
    payment_id = create(state, merchant).json()["payment_id"]
    answer = state.gateway.post(f"/pay/{payment_id}/cancel")
    assert answer.headers["Location"].endswith(f"payment_id={payment_id}")
    assert look_up(state, payment_id)["state"] == "cancelled"
    assert settled(merchant, payment_id)[0]["type"] == "payment.cancelled"
    assert state.gateway.get(f"/pay/{payment_id}").status_code == 409
    assert type_card(state, payment_id).status_code == 409
    assert merchant.kinds(payment_id) == ["payment.cancelled"]


def test_a_payment_expires_and_then_takes_no_card(state, merchant):
    state.gateway.post("/control", json={"life_seconds": 0.2})
    payment_id = create(state, merchant).json()["payment_id"]
    wait_for(lambda: look_up(state, payment_id)["state"] == "expired")
    assert type_card(state, payment_id).status_code == 409
    assert look_up(state, payment_id)["state"] == "expired"


def test_an_unknown_payment_has_a_kind_page(state):
    for answer in (state.gateway.get("/pay/pay_x"), type_card(state, "pay_x"), type_code(state, "pay_x", "1")):
        assert answer.status_code == 404
        assert 'dir="rtl"' in answer.text


def test_when_the_sms_gateway_is_down_the_payer_can_ask_again(state, merchant):
    state.phones.post("/control", json={"down": True})
    payment_id = create(state, merchant).json()["payment_id"]
    type_card(state, payment_id)
    assert state.gateway.post(f"/pay/{payment_id}/code").status_code == 503
    state.phones.post("/control", json={"reset": True})
    assert state.gateway.post(f"/pay/{payment_id}/code").status_code == 303
    assert type_code(state, payment_id, code_for(state, payment_id)).status_code == 303


def test_charged_then_timeout_is_found_only_by_looking_up(state, merchant):
    payment_id, answer = pay(state, merchant, number=CARDS["charged_then_timeout"].number)
    assert answer.status_code == 504
    assert look_up(state, payment_id)["state"] == "paid"
    assert state.gateway.get(f"/control/notices/{payment_id}").json()["notices"] == []
    state.gateway.post("/control", json={"charge_then_timeout": True})
    assert pay(state, merchant)[1].status_code == 504


def test_notices_are_repeated_until_taken(state, merchant):
    merchant.answers = [500, 302]
    payment_id, _ = pay(state, merchant)
    first, *others = settled(merchant, payment_id, 3)
    assert all(other == first for other in others)
    wait_for(lambda: state.gateway.get(f"/control/notices/{payment_id}").json()["notices"][0]["state"] == "delivered")


def test_notices_can_be_dropped(state, merchant):
    state.gateway.post("/control", json={"drop": True})
    payment_id, _ = pay(state, merchant)
    assert state.gateway.get(f"/control/notices/{payment_id}").json()["notices"][0]["state"] == "dropped"
    state.gateway.post("/control", json={"reset": True})
    other, _ = pay(state, merchant)
    settled(merchant, other)
    assert merchant.bodies(payment_id) == []


def test_notices_can_be_doubled(state, merchant):
    state.gateway.post("/control", json={"double": True})
    payment_id, _ = pay(state, merchant)
    one, two = settled(merchant, payment_id, 2)
    assert one == two


def test_notices_can_be_late(state, merchant):
    state.gateway.post("/control", json={"delay_seconds": 1})
    payment_id, _ = pay(state, merchant)
    begun = time.time()
    settled(merchant, payment_id)
    assert merchant.taken[-1][2] - begun > 0.7


def test_notices_can_overtake_each_other(state, merchant):
    state.gateway.post("/control", json={"reorder": True})
    payment_id, _ = pay(state, merchant)
    refund(state, payment_id, 1_000)
    settled(merchant, payment_id, 2)
    assert merchant.kinds(payment_id) == ["refund.paid", "payment.paid"]
    assert [body["sequence"] for body in merchant.bodies(payment_id)] == [2, 1]


def test_forged_notices_come_with_a_bad_signature(state, merchant):
    state.gateway.post("/control", json={"forge": True})
    payment_id, _ = pay(state, merchant)
    settled(merchant, payment_id)
    forged = [body for body, genuine, _ in merchant.taken if not genuine]
    assert [(body["payment_id"], body["amount_minor"]) for body in forged] == [(payment_id, 1)]


def test_notices_can_tell_a_wrong_amount(state, merchant):
    state.gateway.post("/control", json={"wrong": "amount"})
    payment_id, _ = pay(state, merchant)
    assert settled(merchant, payment_id)[0]["amount_minor"] == 6_100
    assert look_up(state, payment_id)["amount_minor"] == 6_000


def refund(state, payment_id, amount_minor, reference=None):
    body = {"refund_reference": reference or uuid4().hex, "amount_minor": amount_minor}
    return state.gateway.post(f"/v1/payments/{payment_id}/refunds", json=body, headers=KEY)


def test_a_refund_is_promised_then_paid(state, merchant):
    payment_id, _ = pay(state, merchant)
    promised = refund(state, payment_id, 2_500, "R-1")
    assert (promised.status_code, promised.json()["state"]) == (202, "pending")
    assert refund(state, payment_id, 2_500, "R-1").json()["refund_id"] == promised.json()["refund_id"]
    assert refund(state, payment_id, 2_600, "R-1").status_code == 409
    notice = settled(merchant, payment_id, 2)[1]
    assert (notice["type"], notice["amount_minor"], notice["refund_reference"]) == ("refund.paid", 2_500, "R-1")
    told = state.gateway.get(f"/v1/refunds/{promised.json()['refund_id']}", headers=KEY).json()
    assert told["state"] == "paid"
    assert look_up(state, payment_id)["refunded_minor"] == 2_500


def test_a_refund_never_gives_back_more_than_was_paid(state, merchant):
    payment_id, _ = pay(state, merchant)
    assert refund(state, payment_id, 4_000).status_code == 202
    refusal = refund(state, payment_id, 2_001)
    assert (refusal.status_code, refusal.json()["left_minor"]) == (422, 2_000)
    open_payment = create(state, merchant).json()["payment_id"]
    assert refund(state, open_payment, 1).json()["code"] == "payment_not_paid"
    assert refund(state, "pay_x", 1).status_code == 404


def test_a_refund_may_fail(state, merchant):
    payment_id, _ = pay(state, merchant, number=CARDS["refund_fails"].number)
    refund(state, payment_id, 6_000)
    assert settled(merchant, payment_id, 2)[1]["type"] == "refund.failed"
    assert look_up(state, payment_id)["refunded_minor"] == 0


def test_the_settlement_adds_up(state, merchant):
    payment_id, _ = pay(state, merchant, amount_minor=12_345)
    refund(state, payment_id, 345)
    settled(merchant, payment_id, 2)
    answer = state.gateway.get(f"/v1/settlements/{TODAY}", headers=KEY).json()
    ours = [line for line in answer["lines"] if line["payment_id"] == payment_id]
    assert [(line["kind"], line["amount_minor"], line["fee_minor"]) for line in ours] == [
        ("payment", 12_345, 123),
        ("refund", 345, 0),
    ]
    lines, total = [line for line in answer["lines"] if line["currency"] == "ILS"], answer["totals"]["ILS"]
    paid = sum(line["amount_minor"] for line in lines if line["kind"] == "payment")
    back = sum(line["amount_minor"] for line in lines if line["kind"] == "refund")
    fees = sum(line["fee_minor"] for line in lines)
    assert (total["payments_minor"], total["refunds_minor"], total["fees_minor"]) == (paid, back, fees)
    assert total["net_minor"] == paid - back - fees
    assert total["count"] == len(lines)


def test_a_settlement_of_no_day_is_refused(state):
    assert state.gateway.get("/v1/settlements/yesterday", headers=KEY).status_code == 422
    assert state.gateway.get("/v1/settlements/2001-01-01", headers=KEY).json() == {
        "date": "2001-01-01",
        "lines": [],
        "totals": {},
    }


def test_a_transfer_is_told_at_once_and_again_by_the_days_statement(state):
    answer = state.gateway.post(
        "/bank/transfers", data={"text": "RF18 \x01<b>5390</b>", "amount": "٢٠٫٥".replace("٫", ".")}
    )
    assert answer.status_code == 303
    number = answer.headers["location"].rpartition("-")[2]
    notice = state.gateway.get(f"/bank/notices/{number}.xml").text
    assert "camt.054.001.08" in notice
    assert ">20.50</" in notice
    assert "RF18 &lt;b&gt;5390&lt;/b&gt;" in notice
    today = datetime.now(ZoneInfo("Asia/Hebron")).date()
    assert f"TR{int(number):08}" in state.gateway.get(f"/bank/statements/{today}.xml").text
    assert "RF18 &lt;b&gt;" in state.gateway.get("/bank/").text


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.234", "NaN", "1e99", "abc", "10000000"])
def test_a_transfer_of_no_real_amount_is_refused(state, amount):
    assert state.gateway.post("/bank/transfers", data={"text": "x", "amount": amount}).status_code == 422


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 40, "x", "²"])
def test_a_transfer_that_never_came_has_no_notice(state, number):
    assert state.gateway.get(f"/bank/notices/{number}.xml").status_code == 404
