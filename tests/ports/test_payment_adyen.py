"""What is Adyen's alone: signatures inside the body, a payment's name that only its notice tells, refunds that nobody can ask about."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
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
from hukumati.domain.payments.tests.builders import NOON, TREASURER, a_charge, later, start
from hukumati.infra import ports
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text
from tests.adyen import API_KEY, MERCHANT, NOTICE_KEY, adyen, an_item, body_of, notice, signature  # noqa: F401
from tests.outside import forget_adapters

UNTIL = datetime(2026, 11, 27, 11, 50, tzinfo=UTC)


@pytest.fixture
def provider(adyen):  # noqa: F811
    made = adyen.adapter()
    yield made
    made._client.close()


def a_request(reference: str = "T-2026-000001", amount: Money = Money(2500), **changes: Any) -> Request:  # noqa: B008
    name = Text("نسخة من شهادة الميلاد", "Copy of a birth certificate")
    return Request(reference, amount, name, **{"language": "ar", "return_url": "https://e.example/back"} | changes)


def raw(body: bytes) -> RawNotice:
    return RawNotice(body, {}, datetime.now(UTC))


def paid(provider, adyen, amount: Money = Money(2500)) -> AttemptRef:  # noqa: F811, B008
    started = provider.start(a_request(amount=amount))
    word = provider.read_notice(raw(adyen.pay(started.payment_id)))
    return AttemptRef(word.reference, started.payment_id, word.capture_id)


def test_a_link_is_asked_for_as_the_contract_says(provider, adyen):  # noqa: F811
    started = provider.start(a_request(pay_until=UNTIL))
    link = adyen.links[started.payment_id]
    assert started.expires_at == UNTIL
    assert link["amount"] == {"value": 2500, "currency": "ILS"}
    assert (link["reusable"], link["manualCapture"], link["allowedPaymentMethods"]) == (False, False, ["scheme"])
    assert (link["shopperLocale"], link["returnUrl"]) == ("ar", "https://e.example/back")


def test_without_an_end_the_link_lives_as_long_as_adyen_lets_it(provider):
    assert provider.start(a_request()).expires_at - datetime.now(UTC) > timedelta(hours=23)


def test_a_long_name_is_cut_to_what_the_contract_allows(provider, adyen):  # noqa: F811
    request = Request("T-1", Money(1), Text("ش" * 400, "x"), "ar", "https://e.example/")
    assert len(adyen.links[provider.start(request).payment_id]["description"]) == 280


def test_dinars_are_thousandths_there_too(provider, adyen):  # noqa: F811
    started = provider.start(a_request(amount=Money(1500, "JOD")))
    assert adyen.links[started.payment_id]["amount"] == {"value": 1500, "currency": "JOD"}


def test_a_lost_answer_to_a_start_is_found_by_starting_again(provider, adyen):  # noqa: F811
    adyen.lose_answers = True
    with pytest.raises(ProviderUnreachableError):
        provider.start(a_request())
    adyen.lose_answers = False
    started = provider.start(a_request())
    assert list(adyen.links) == [started.payment_id]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("active", Told.WAITING),
        ("paymentPending", Told.WAITING),
        ("paid", Told.WAITING),
        ("expired", Told.EXPIRED),
        ("completed", Told.PAID),
    ],
)
def test_only_a_completed_link_is_paid(provider, adyen, status, told):  # noqa: F811
    started = provider.start(a_request())
    adyen.links[started.payment_id]["status"] = status
    assert provider.look_up(AttemptRef("T-2026-000001", started.payment_id)).told == told


def test_a_refused_card_leaves_the_link_open(provider, adyen):  # noqa: F811
    started = provider.start(a_request())
    word = provider.read_notice(raw(adyen.decline(started.payment_id)))
    assert (word.capture_id, word.claims) == ("", {"success": "false"})
    assert provider.look_up(AttemptRef("T-2026-000001", started.payment_id)).told == Told.WAITING


@pytest.mark.parametrize(
    "change", [{"reference": "T-2"}, {"merchantAccount": "Another"}, {"status": "new"}, {"amount": 1}]
)
def test_an_answer_about_something_else_is_no_answer(provider, adyen, change):  # noqa: F811
    started = provider.start(a_request())
    adyen.answer_with = (200, adyen.links[started.payment_id] | {"status": "completed"} | change, {})
    with pytest.raises(ProviderUnreachableError):
        provider.look_up(AttemptRef("T-2026-000001", started.payment_id))


def test_a_link_that_does_not_exist_says_nothing(provider):
    with pytest.raises(ProviderUnreachableError):
        provider.look_up(AttemptRef("T-1", "PL00"))


def test_a_refund_is_taken_once_however_often_it_is_sent(provider, adyen):  # noqa: F811
    attempt = paid(provider, adyen, Money(2500, "JOD"))
    adyen.lose_answers = True
    with pytest.raises(ProviderUnreachableError):
        provider.refund(attempt, amount=Money(1000, "JOD"), refund_reference="F-1")
    adyen.lose_answers = False
    said = [provider.refund(attempt, amount=Money(1000, "JOD"), refund_reference="F-1") for _ in range(2)]
    assert said[0] == said[1]
    assert (said[0].told, said[0].refund_reference, said[0].amount_minor) == (RefundTold.TAKEN, "F-1", 1000)
    assert [each["amount"] for each in adyen.refunds] == [{"value": 1000, "currency": "JOD"}]


def test_no_refund_is_sent_before_the_payments_own_reference_is_known(provider, adyen):  # noqa: F811
    attempt = paid(provider, adyen)
    with pytest.raises(ProviderUnreachableError):
        provider.refund(AttemptRef(attempt.reference, attempt.payment_id), amount=Money(1), refund_reference="F-1")
    assert adyen.refunds == []


def test_a_refund_that_is_refused_at_once_failed(provider):
    attempt = AttemptRef("T-1", "PL1", "PSPNOTHING")
    said = provider.refund(attempt, amount=Money(1), refund_reference="F-1")
    assert (said.told, said.reason) == (RefundTold.FAILED, "167")


REFUSED = {"status": 422, "errorCode": "167", "message": "no", "errorType": "validation"}


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (422, REFUSED, {"transient-error": "true"}),
        (422, REFUSED | {"errorCode": "704"}, {}),
        (422, REFUSED | {"errorType": "internal"}, {}),
        (422, {}, {}),
        (403, REFUSED, {}),
        (400, REFUSED, {}),
        (500, REFUSED, {}),
        (200, {}, {}),
        (201, {}, {}),
    ],
)
def test_what_refuses_nothing_for_good_is_asked_again(provider, adyen, status, body, headers):  # noqa: F811
    attempt = paid(provider, adyen)
    adyen.answer_with = (status, body, headers)
    with pytest.raises(ProviderUnreachableError):
        provider.refund(attempt, amount=Money(1), refund_reference="F-1")


@pytest.mark.parametrize(
    "change", [{"paymentPspReference": "X"}, {"reference": "F-2"}, {"amount": {"value": 1, "currency": "JOD"}}]
)
def test_an_answer_about_another_refund_is_no_answer(provider, adyen, change):  # noqa: F811
    attempt = paid(provider, adyen)
    said = {
        "merchantAccount": MERCHANT,
        "paymentPspReference": attempt.capture_id,
        "reference": "F-1",
        "pspReference": "R",
        "status": "received",
        "amount": {"value": 1, "currency": "ILS"},
    }
    adyen.answer_with = (201, said | change, {})
    with pytest.raises(ProviderUnreachableError):
        provider.refund(attempt, amount=Money(1), refund_reference="F-1")


def test_nobody_can_ask_about_a_refund_or_for_the_list_of_a_day(provider):
    with pytest.raises(ProviderUnreachableError):
        provider.look_up_refund("PSP1")
    with pytest.raises(ProviderUnreachableError):
        provider.list_settled(UNTIL.date())


@pytest.mark.parametrize(
    ("event", "success", "told"),
    [
        ("REFUND", "true", RefundTold.CONFIRMED),
        ("REFUND", "false", RefundTold.FAILED),
        ("REFUND_FAILED", "true", RefundTold.FAILED),
        ("REFUNDED_REVERSED", "true", RefundTold.FAILED),
        ("REFUND_FAILED", "false", None),
    ],
)
def test_a_refunds_notice_tells_its_end(provider, adyen, event, success, told):  # noqa: F811
    provider.refund(paid(provider, adyen), amount=Money(1000), refund_reference="F-1")
    word = provider.read_notice(raw(adyen.end_refund(eventCode=event, success=success)))
    assert (word.refund_reference, word.refund_told, word.amount_minor) == ("F-1", told, 1000)
    assert (word.reference, word.capture_id) == ("", "")


# The example that Adyen publishes with its libraries. The key, the signed line and the mark were also reckoned with
# `printf %s "$line" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | base64`.
KNOWN_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
KNOWN = {
    "pspReference": "7914073381342284",
    "merchantAccountCode": "TestMerchant",
    "merchantReference": "TestPayment-1407325143704",
    "amount": {"value": 1130, "currency": "EUR"},
    "eventCode": "AUTHORISATION",
    "success": "true",
    "additionalData": {"hmacSignature": "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},
}


@pytest.fixture
def published(adyen):  # noqa: F811
    made = adyen.adapter(notice_key=KNOWN_KEY, merchant="TestMerchant")
    yield made
    made._client.close()


@pytest.mark.parametrize("original", [{}, {"originalReference": ""}, {"originalReference": None}])
def test_the_published_example_is_read(published, original):
    word = published.read_notice(raw(body_of(KNOWN | original)))
    assert word.notice_id == "AUTHORISATION:7914073381342284:true"
    assert (word.reference, word.amount_minor, word.currency) == ("TestPayment-1407325143704", 1130, "EUR")
    assert word.capture_id == "7914073381342284"


@pytest.mark.parametrize(
    "change",
    [
        {"pspReference": "7914073381342285"},
        {"originalReference": "1"},
        {"merchantAccountCode": "TestMerchan"},
        {"merchantReference": "TestPayment-1407325143705"},
        {"amount": {"value": 1131, "currency": "EUR"}},
        {"amount": {"value": 1130, "currency": "USD"}},
        {"amount": None},
        {"eventCode": "REFUND"},
        {"success": "false"},
        {"additionalData": {}},
        {"additionalData": None},
        {"additionalData": {"hmacSignature": None}},
        {"additionalData": {"hmacSignature": ""}},
        {"additionalData": {"hmacSignature": "é"}},
        {"additionalData": {"hmacSignature": "\ud800"}},
        {"merchantReference": "\ud800"},
    ],
)
def test_any_signed_value_that_changes_breaks_the_signature(published, change):
    with pytest.raises(SignatureInvalidError):
        published.read_notice(raw(body_of(KNOWN | change)))


@pytest.mark.parametrize("key", ["", "zz", "0", "A1" * 32])
def test_without_the_right_key_nobody_is_believed(adyen, key):  # noqa: F811
    made = adyen.adapter(notice_key=key)
    for body in (notice(), notice(key="")):
        with pytest.raises(SignatureInvalidError):
            made.read_notice(raw(body))
    made._client.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 30_000,
        b'{"notificationItems": []}',
        b'{"notificationItems": {}}',
        b'{"notificationItems": [1]}',
        b'{"notificationItems": [{"NotificationRequestItem": []}]}',
    ],
)
def test_what_holds_no_signature_is_nobodys_notice(provider, body):
    with pytest.raises(SignatureInvalidError):
        provider.read_notice(raw(body))


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"value": "2500", "currency": "ILS"}},
        {"amount": {"value": 25.0, "currency": "ILS"}},
        {"amount": {"value": True, "currency": "ILS"}},
        {"amount": {"value": 10**30, "currency": "ILS"}},
        {"merchantReference": ""},
        {"merchantReference": "x\x00"},
        {"merchantReference": "x" * 201},
        {"pspReference": ""},
        {"success": "yes"},
        {"merchantAccountCode": "AnotherMerchant"},
        {"merchantReference": "T-1:2500"},
        {"pspReference": "report_2026-11-01T00:00:00.csv"},
    ],
)
def test_what_is_signed_but_no_notice_of_ours_is_unreadable(provider, change):
    with pytest.raises(NoticeUnreadableError):
        provider.read_notice(raw(notice(**change)))


def test_a_signature_does_not_fit_a_notice_that_is_cut_elsewhere(provider):
    """Colons are not escaped: these two have the same signed line."""
    honest = an_item(merchantReference="T-1:1", amount={"value": 2500, "currency": "ILS"})
    bent = honest | {"merchantAccountCode": f"{MERCHANT}:T-1", "merchantReference": "1"}
    assert signature(bent) == signature(honest)
    with pytest.raises(NoticeUnreadableError):
        provider.read_notice(raw(body_of(bent)))


def test_of_several_items_none_is_taken_and_one_forged_forges_all(provider):
    with pytest.raises(NoticeUnreadableError):
        provider.read_notice(raw(body_of(an_item(), an_item(merchantReference="T-2"))))
    with pytest.raises(SignatureInvalidError):
        provider.read_notice(raw(body_of(an_item(), an_item(key="A1" * 32))))


def test_the_same_notice_again_has_the_same_id_and_another_has_not(provider):
    ids = [provider.read_notice(raw(notice(**change))).notice_id for change in ({}, {}, {"success": "false"})]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("link", ["../payments", "a b", "x" * 201])
def test_an_unsigned_link_leads_nowhere_else(provider, link):
    assert provider.read_notice(raw(notice(link=link))).payment_id == ""


def test_what_is_not_signed_is_not_told_on(provider):
    item = json.loads(notice(link="PL1"))["notificationItems"][0]["NotificationRequestItem"]
    word = provider.read_notice(raw(body_of(item | {"reason": "0015", "paymentMethod": "visa"})))
    assert (word.payment_id, word.claims) == ("PL1", {"success": "true"})


@pytest.fixture
def chosen(adyen, settings):  # noqa: F811
    """Adyen for cards, in the wiring."""
    options = {"base_url": f"{adyen.url}/v71", "api_key": API_KEY, "notice_key": NOTICE_KEY, "merchant": MERCHANT}
    wired = {"adapter": "hukumati.adapters.payment_adyen.AdyenCheckout", "options": options}
    settings.PORTS = {**settings.PORTS, "payments.adyen": wired}
    settings.PAYMENT_PROVIDERS = {"card": "adyen"}
    ports.adapter.cache_clear()
    yield adyen
    forget_adapters()


@pytest.mark.django_db
@pytest.mark.parametrize(("success", "state", "left"), [("true", "confirmed", 1500), ("false", "failed", 2500)])
def test_a_fee_is_paid_and_given_back_through_adyen(chosen, success, state, left):
    charge = a_charge()
    begun = start(charge)
    (link_id,) = chosen.links
    assert begun.redirect_url == chosen.links[link_id]["url"]
    told = chosen.pay(link_id)
    chosen.links[link_id]["status"] = "active"  # a signed notice alone pays nothing
    payments.take_notice("adyen", body=told, headers={}, at=NOON)
    assert payments.get_charge(charge.reference).state == "open"

    chosen.links[link_id]["status"] = "completed"
    payments.look_up(begun.attempt_reference, at=later(minutes=1))
    assert payments.get_charge(charge.reference).state == "paid"

    refund = payments.refund(charge.reference, amount=Money(1000), reason="once", by=TREASURER, at=NOON).reference
    for minutes in range(3):
        payments.send_refund(refund, at=later(minutes=minutes))
    assert [each["reference"] for each in chosen.refunds] == [refund]
    assert payments.list_refunds(charge.reference)[0].state == "sent"

    payments.take_notice("adyen", body=chosen.end_refund(success=success), headers={}, at=later(hours=1))
    assert payments.list_refunds(charge.reference)[0].state == state
    assert ledger.balance("provider:adyen") == Money(left)
    assert ledger.check() == payments.check() == []
