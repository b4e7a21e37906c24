"""The port PaymentProvider: what every adapter must keep, tried on the real gateway process of the sandbox."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from hukumati.domain.payments.ports import (
    AttemptRef,
    NoticeUnreadableError,
    ProviderUnreachableError,
    RawNotice,
    RefundTold,
    Request,
    SignatureInvalidError,
    Told,
)
from hukumati.kernel.money import Money
from hukumati.kernel.reference import new_reference
from hukumati.kernel.text import Text
from tests.gateway import DECLINED, NO_MONEY, REFUND_FAILS, SALMA, SILENT, gateway, gateway_processes  # noqa: F401
from tests.outside import KEYS

KEY = KEYS["SANDBOX_GATEWAY_HMAC_KEY"].encode()


@pytest.fixture
def card(gateway):  # noqa: F811
    made = gateway.card()
    yield made
    made._client.close()


def a_request(reference=None, minor=2500, currency="ILS"):
    return Request(
        reference=reference or new_reference("T", year=2026),
        amount=Money(minor, currency),
        description=Text("نسخة من شهادة الميلاد", "Copy of a birth certificate"),
        language="ar",
        return_url="http://127.0.0.1:9/pay/C-1/return/",
    )


def until(ask, wanted, *, seconds=5):
    deadline = time.monotonic() + seconds
    while (said := ask()).told != wanted:
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    return said


def test_a_start_gives_a_page_to_pay_on(card):
    started = card.start(a_request())
    assert httpx.get(started.redirect_url).status_code == 200
    assert timedelta(0) < started.expires_at - datetime.now(UTC) < timedelta(hours=1)


def test_the_same_start_again_is_the_same_payment(card):
    request = a_request()
    assert card.start(request) == card.start(request)


def test_the_same_reference_for_another_amount_is_not_understood(card):
    request = a_request()
    card.start(request)
    with pytest.raises(ProviderUnreachableError):
        card.start(a_request(request.reference, minor=1))


@pytest.mark.parametrize("known_by", ["payment_id", "reference"])
def test_look_up_tells_the_truth_by_either_name(card, gateway, known_by):  # noqa: F811
    request = a_request()
    started = card.start(request)
    attempt = AttemptRef(request.reference, started.payment_id if known_by == "payment_id" else "")
    assert card.look_up(attempt).told == Told.WAITING

    gateway.pay(started.redirect_url)

    said = card.look_up(attempt)
    assert (said.told, said.reference, said.amount_minor, said.currency) == (Told.PAID, request.reference, 2500, "ILS")
    assert (said.payment_id, said.card_last_four) == (started.payment_id, "0015")
    assert abs(said.paid_at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(("which", "told"), [(DECLINED, Told.DECLINED), (NO_MONEY, Told.DECLINED), (SILENT, Told.PAID)])
def test_look_up_tells_how_a_card_ended(card, gateway, which, told):  # noqa: F811
    request = a_request()
    started = card.start(request)
    gateway.pay(started.redirect_url, which)
    said = card.look_up(AttemptRef(request.reference, started.payment_id))
    assert said.told == told
    assert bool(said.reason) == (told == Told.DECLINED)


def test_a_payer_who_turns_back_has_cancelled(card, gateway):  # noqa: F811
    request = a_request()
    started = card.start(request)
    gateway.cancel(started.redirect_url)
    assert card.look_up(AttemptRef(request.reference)).told == Told.CANCELLED


def test_a_payment_left_alone_expires(card, gateway):  # noqa: F811
    gateway.control(life_seconds=1)
    request = a_request()
    card.start(request)
    until(lambda: card.look_up(AttemptRef(request.reference)), Told.EXPIRED)


@pytest.mark.parametrize("payment_id", ["", "pay_nothing"])
def test_what_was_never_begun_is_unheard_of(card, payment_id):
    assert card.look_up(AttemptRef("T-2026-NOTHING2", payment_id)).told == Told.UNHEARD_OF


@pytest.mark.parametrize("payment_id", ["../v1/refunds", "a/b", "a?b", "é", "a b"])
def test_a_payment_id_cannot_lead_to_another_path(card, payment_id):
    with pytest.raises(ProviderUnreachableError):
        card.look_up(AttemptRef("T-1", payment_id))


def a_paid_one(card, gateway, which=SALMA):  # noqa: F811
    request = a_request()
    started = card.start(request)
    gateway.pay(started.redirect_url, which)
    return AttemptRef(request.reference, started.payment_id)


def test_a_refund_is_taken_then_confirmed(card, gateway):  # noqa: F811
    attempt = a_paid_one(card, gateway)
    reference = new_reference("F", year=2026)
    taken = card.refund(attempt, amount=Money(1000), refund_reference=reference)
    assert (taken.told, taken.refund_reference, taken.amount_minor) == (RefundTold.TAKEN, reference, 1000)
    until(lambda: card.look_up_refund(taken.refund_id), RefundTold.CONFIRMED)


def test_the_same_refund_again_is_the_same_refund(card, gateway):  # noqa: F811
    attempt = a_paid_one(card, gateway)
    reference = new_reference("F", year=2026)
    first = card.refund(attempt, amount=Money(2500), refund_reference=reference)
    until(lambda: card.look_up_refund(first.refund_id), RefundTold.CONFIRMED)
    again = card.refund(attempt, amount=Money(2500), refund_reference=reference)
    assert (again.refund_id, again.told) == (first.refund_id, RefundTold.CONFIRMED)


@pytest.mark.parametrize("minor", [2501, 10**8])
def test_more_than_was_paid_does_not_go_back(card, gateway, minor):  # noqa: F811
    said = card.refund(a_paid_one(card, gateway), amount=Money(minor), refund_reference=new_reference("F", year=2026))
    assert said.told == RefundTold.FAILED
    assert said.reason


def test_an_unpaid_payment_does_not_go_back(card):
    request = a_request()
    attempt = AttemptRef(request.reference, card.start(request).payment_id)
    assert card.refund(attempt, amount=Money(1), refund_reference="F-1").told == RefundTold.FAILED


def test_a_refund_that_nobody_judged_has_not_failed(card, gateway):  # noqa: F811
    """A key that was changed at the gateway, for a while, must not make a debt of every refund."""
    attempt = a_paid_one(card, gateway)
    stranger = gateway.card(api_key="another-key-0123456789-0123456789")
    with pytest.raises(ProviderUnreachableError):
        stranger.refund(attempt, amount=Money(2500), refund_reference=new_reference("F", year=2026))
    stranger._client.close()


def test_a_refund_that_the_bank_refuses_fails(card, gateway):  # noqa: F811
    said = card.refund(
        a_paid_one(card, gateway, REFUND_FAILS), amount=Money(2500), refund_reference=new_reference("F", year=2026)
    )
    until(lambda: card.look_up_refund(said.refund_id), RefundTold.FAILED)


def test_the_settlement_list_names_what_moved(card, gateway):  # noqa: F811
    attempt = a_paid_one(card, gateway)
    today = datetime.now(UTC).astimezone().date()
    lines = [
        line for day in (today - timedelta(days=1), today, today + timedelta(days=1)) for line in card.list_settled(day)
    ]
    (mine,) = [line for line in lines if line.reference == attempt.reference]
    assert (mine.kind, mine.amount_minor, mine.fee_minor, mine.currency) == ("payment", 2500, 25, "ILS")


@pytest.mark.parametrize("fault", [{"down": True}, {"slow_seconds": 8}, {"hang": True}])
def test_a_provider_that_does_not_answer_is_unreachable_within_its_limit(gateway, fault):  # noqa: F811
    card = gateway.card()
    gateway.control(**fault)
    began = time.monotonic()
    with pytest.raises(ProviderUnreachableError):
        card.look_up(AttemptRef("T-1"))
    assert time.monotonic() - began < 8
    card._client.close()


def test_nobody_there_is_unreachable(gateway):  # noqa: F811
    card = gateway.card(base_url="http://127.0.0.1:9")
    with pytest.raises(ProviderUnreachableError):
        card.look_up(AttemptRef("T-1"))
    card._client.close()


def test_a_wrong_key_is_unreachable_not_unheard_of(gateway):  # noqa: F811
    """Or a misconfigured evening would end every open payment."""
    card = gateway.card(api_key="wrong")
    with pytest.raises(ProviderUnreachableError):
        card.look_up(AttemptRef("T-1"))
    with pytest.raises(ProviderUnreachableError):
        card.look_up(AttemptRef("T-1", "pay_1"))
    card._client.close()


NOTICE = {
    "notice_id": "ntc_1",
    "type": "payment.paid",
    "payment_id": "pay_1",
    "reference": "T-1",
    "amount_minor": 2500,
    "currency": "ILS",
    "state": "paid",
}


def signed(body=None, *, key=KEY, at=None, clock=None, header=None):
    body = json.dumps(NOTICE).encode() if body is None else body
    at = int(time.time()) if at is None else at
    mark = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"x-gateway-signature": f"t={at},v1={mark}" if header is None else header}
    return RawNotice(body, headers, clock or datetime.now(UTC))


def test_a_signed_notice_is_read(card):
    word = card.read_notice(signed())
    assert (word.notice_id, word.kind, word.reference, word.amount_minor, word.currency) == (
        "ntc_1",
        "payment.paid",
        "T-1",
        2500,
        "ILS",
    )


def test_a_refunds_notice_names_the_refund(card):
    word = card.read_notice(signed(json.dumps(NOTICE | {"refund_reference": "F-1"}).encode()))
    assert word.refund_reference == "F-1"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        "v1=abc",
        "t=1",
        "t=x,v1=abc",
        "t=-1,v1=abc",
        "t=²,v1=abc",
        "garbage",
        "t=99999999999999999999,v1=a",
        ",,,=,==",
    ],
)
def test_a_notice_without_a_proper_signature_is_not_the_providers(card, header):
    with pytest.raises(SignatureInvalidError):
        card.read_notice(signed(header=header))


def test_any_changed_byte_breaks_the_signature(card):
    good = signed()
    for place in range(len(good.body)):
        bent = good.body[:place] + bytes([good.body[place] ^ 1]) + good.body[place + 1 :]
        with pytest.raises(SignatureInvalidError):
            card.read_notice(RawNotice(bent, good.headers, good.received_at))


def test_a_truncated_notice_and_another_key_are_refused(card):
    good = signed()
    with pytest.raises(SignatureInvalidError):
        card.read_notice(RawNotice(good.body[:-1], good.headers, good.received_at))
    with pytest.raises(SignatureInvalidError):
        card.read_notice(signed(key=b"another"))


def test_an_installation_without_a_key_believes_nobody(gateway):  # noqa: F811
    card = gateway.card(notice_key="")
    with pytest.raises(SignatureInvalidError):
        card.read_notice(signed(key=b""))
    card._client.close()


@pytest.mark.parametrize(
    ("age", "good"), [(0, True), (299, True), (301, False), (-299, True), (-301, False), (86400, False)]
)
def test_a_signature_holds_five_minutes(card, age, good):
    at = 1_800_000_000
    notice = signed(at=at, clock=datetime.fromtimestamp(at + age, UTC))
    if good:
        card.read_notice(notice)
    else:
        with pytest.raises(SignatureInvalidError):
            card.read_notice(notice)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"notice_id": 1}',
        b"[" * 30_000,
        json.dumps(NOTICE | {"amount_minor": "2500"}).encode(),
        json.dumps(NOTICE | {"amount_minor": 25.0}).encode(),
        json.dumps(NOTICE | {"amount_minor": True}).encode(),
        json.dumps(NOTICE | {"amount_minor": 10**30}).encode(),
        json.dumps(NOTICE | {"reference": ""}).encode(),
        json.dumps(NOTICE | {"reference": "x\x00"}).encode(),
        json.dumps(NOTICE | {"notice_id": "x" * 201}).encode(),
        json.dumps({**NOTICE, "notice_id": None}).encode(),
    ],
)
def test_what_is_signed_but_no_notice_is_unreadable(card, body):
    with pytest.raises(NoticeUnreadableError):
        card.read_notice(signed(body))
