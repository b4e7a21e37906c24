"""The port PaymentProvider: what every adapter must keep, tried on the real gateway process of the sandbox, by card and by wallet,
and on a server that keeps to the published contract of Adyen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import httpx
import pytest

from hukumati.domain.payments.ports import (
    AttemptRef,
    NoticeUnreadableError,
    PayerUnknownError,
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
from tests.adyen import Adyen, adyen  # noqa: F401
from tests.gateway import (  # noqa: F401
    DECLINED,
    NO_MONEY,
    REFUND_FAILS,
    SALMA,
    SILENT,
    Gateway,
    gateway,
    gateway_processes,
)
from tests.outside import KEYS

PAY_UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=50)
KEY = KEYS["SANDBOX_GATEWAY_HMAC_KEY"].encode()


@dataclass
class CardPayer:
    """Types a card on the gateway's page, and the bank's code."""

    gateway: Gateway
    outside: ClassVar = "gateway"
    cannot: ClassVar = {}
    shows = "0015"
    cards: ClassVar = {
        "paid": SALMA,
        "declined": DECLINED,
        "no_money": NO_MONEY,
        "silent": SILENT,
        "refund_fails": REFUND_FAILS,
    }

    def adapter(self, **options):
        return self.gateway.card(**options)

    def capture_id(self, _started):
        return ""

    def mobile(self, _how):
        return ""

    def answer(self, _request, started, how="paid"):
        self.gateway.pay(started.redirect_url, self.cards[how])

    def turn_back(self, _request, started):
        self.gateway.cancel(started.redirect_url)

    turned_back = Told.CANCELLED


@dataclass
class WalletPayer:
    """Answers on the telephone that the gateway asks."""

    gateway: Gateway
    outside: ClassVar = "gateway"
    cannot: ClassVar = {}
    shows = ""

    def adapter(self, **options):
        return self.gateway.wallet(**options)

    def capture_id(self, _started):
        return ""

    def mobile(self, how):
        return "+970599000199" if how == "refund_fails" else "+970599000111"

    def answer(self, request, started, how="paid"):
        if how == "silent":
            self.gateway.control(charge_then_timeout=True)
        if how == "declined":
            self.gateway.reject(request.payer_mobile, started.payment_id)
        else:
            pin = "0000" if how == "no_money" else "1234"
            self.gateway.approve(request.payer_mobile, started.payment_id, pin)

    def turn_back(self, request, started):
        self.gateway.reject(request.payer_mobile, started.payment_id)

    turned_back = Told.DECLINED


OWN_NOTICES = "signed in its body, without a time: test_payment_adyen.py has these cases for its notices"
NO_REFUND_LOOK_UP = "no look-up of a refund in the contract: a notice tells how it ended"


@dataclass
class AdyenPayer:
    """Pays on the page behind a link."""

    adyen: Adyen
    outside: ClassVar = "adyen"
    shows = ""
    cannot: ClassVar = {
        ("test_look_up_tells_the_truth_by_either_name", "reference"): "no look-up by our reference in the contract",
        ("test_look_up_tells_how_it_ended", "declined"): "a refused card leaves the link open for another",
        ("test_look_up_tells_how_it_ended", "no_money"): "a refused card leaves the link open for another",
        ("test_a_payer_who_turns_back_has_paid_nothing", None): "a page without a way back: the link stays open",
        ("test_a_payment_left_alone_expires", None): "asks by our reference; by the link in test_payment_adyen.py",
        ("test_what_was_never_begun_is_unheard_of", "pay_nothing"): "no answer in the contract for what does not exist",
        ("test_nobody_there_is_unreachable", ""): "without a link there is nobody to ask",
        ("test_a_wrong_key_is_unreachable_not_unheard_of", ""): "without a link there is nobody to ask",
        ("test_a_refund_is_taken_then_confirmed", None): NO_REFUND_LOOK_UP,
        ("test_the_same_refund_again_is_the_same_refund", None): NO_REFUND_LOOK_UP,
        ("test_a_refund_that_the_bank_refuses_fails", None): NO_REFUND_LOOK_UP,
        ("test_more_than_was_paid_does_not_go_back", 2501): "judged after it was taken: a notice tells it",
        ("test_more_than_was_paid_does_not_go_back", 10**8): "judged after it was taken: a notice tells it",
        ("test_an_unpaid_payment_does_not_go_back", None): "nothing to name in a refund before a payment's notice",
        ("test_the_settlement_list_names_what_moved", None): "no settlement list in the contract",
        ("test_a_signed_notice_is_read", None): OWN_NOTICES,
        ("test_a_refunds_notice_names_the_refund", None): OWN_NOTICES,
        ("test_a_signature_holds_five_minutes", None): OWN_NOTICES,
        ("test_any_changed_byte_breaks_the_signature", None): OWN_NOTICES,
        ("test_a_truncated_notice_and_another_key_are_refused", None): OWN_NOTICES,
        ("test_what_is_signed_but_no_notice_is_unreadable", None): OWN_NOTICES,
    }

    def adapter(self, **options):
        return self.adyen.adapter(**options)

    def mobile(self, _how):
        return ""

    def answer(self, _request, started, _how="paid"):
        self.adyen.pay(started.payment_id)

    def capture_id(self, started):
        return self.adyen.capture_of(started.payment_id)


@pytest.fixture(params=[CardPayer, WalletPayer, AdyenPayer], ids=["card", "wallet", "adyen"])
def payer(request):
    """Who pays, and where. What a provider's contract cannot give is skipped by name, with the reason."""
    kind = request.param
    tried = [None, *(value for name, value in request.node.callspec.params.items() if name != "payer")]
    for value in tried:
        try:
            reason = kind.cannot.get((request.node.originalname, value))
        except TypeError:
            continue
        if reason:
            pytest.skip(reason)
    return kind(request.getfixturevalue(kind.outside))


@pytest.fixture
def provider(payer):
    made = payer.adapter()
    yield made
    made._client.close()


def a_request(payer, reference=None, minor=2500, currency="ILS", how="paid"):
    return Request(
        reference=reference or new_reference("T", year=2026),
        amount=Money(minor, currency),
        description=Text("نسخة من شهادة الميلاد", "Copy of a birth certificate"),
        language="ar",
        return_url="http://127.0.0.1:9/pay/C-1/return/",
        payer_mobile=payer.mobile(how),
        pay_until=PAY_UNTIL,
    )


def until(ask, wanted, *, seconds=5):
    deadline = time.monotonic() + seconds
    while (said := ask()).told != wanted:
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    return said


def test_a_start_gives_a_page_to_pay_on_or_asks_a_telephone(provider, payer):
    started = provider.start(a_request(payer))
    if started.redirect_url:
        assert httpx.get(started.redirect_url).status_code == 200
    assert bool(started.redirect_url) == (not payer.mobile("paid"))
    assert timedelta(0) < started.expires_at - datetime.now(UTC) < timedelta(hours=1)


@pytest.mark.parametrize("mobile", ["+970599000100", "+970521234567", "0599000111", "x", ""])
def test_a_number_without_a_wallet_is_told_and_nothing_begins(gateway, mobile):  # noqa: F811
    payer = WalletPayer(gateway)
    wallet = payer.adapter()
    request = replace(a_request(payer), payer_mobile=mobile)
    with pytest.raises(PayerUnknownError):
        wallet.start(request)
    assert wallet.look_up(AttemptRef(request.reference)).told == Told.UNHEARD_OF
    wallet._client.close()


def test_the_same_start_again_is_the_same_payment(provider, payer):
    request = a_request(payer)
    assert provider.start(request) == provider.start(request)


def test_the_same_reference_for_another_amount_is_not_understood(provider, payer):
    request = a_request(payer)
    provider.start(request)
    with pytest.raises(ProviderUnreachableError):
        provider.start(a_request(payer, request.reference, minor=1))


@pytest.mark.parametrize("known_by", ["payment_id", "reference"])
def test_look_up_tells_the_truth_by_either_name(provider, payer, known_by):
    request = a_request(payer)
    started = provider.start(request)
    attempt = AttemptRef(request.reference, started.payment_id if known_by == "payment_id" else "")
    assert provider.look_up(attempt).told == Told.WAITING

    payer.answer(request, started)

    said = provider.look_up(attempt)
    assert (said.told, said.reference, said.amount_minor, said.currency) == (Told.PAID, request.reference, 2500, "ILS")
    assert (said.payment_id, said.card_last_four) == (started.payment_id, payer.shows)
    assert abs(said.paid_at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("how", "told"), [("declined", Told.DECLINED), ("no_money", Told.DECLINED), ("silent", Told.PAID)]
)
def test_look_up_tells_how_it_ended(provider, payer, how, told):
    request = a_request(payer)
    started = provider.start(request)
    payer.answer(request, started, how)
    said = provider.look_up(AttemptRef(request.reference, started.payment_id))
    assert said.told == told
    assert bool(said.reason) == (told == Told.DECLINED)


def test_a_payer_who_turns_back_has_paid_nothing(provider, payer):
    request = a_request(payer)
    payer.turn_back(request, provider.start(request))
    assert provider.look_up(AttemptRef(request.reference)).told == payer.turned_back


def test_a_payment_left_alone_expires(provider, payer, gateway):  # noqa: F811
    gateway.control(life_seconds=1)
    request = a_request(payer)
    provider.start(request)
    until(lambda: provider.look_up(AttemptRef(request.reference)), Told.EXPIRED)


@pytest.mark.parametrize("payment_id", ["", "pay_nothing"])
def test_what_was_never_begun_is_unheard_of(provider, payment_id):
    assert provider.look_up(AttemptRef("T-2026-NOTHING2", payment_id)).told == Told.UNHEARD_OF


@pytest.mark.parametrize("payment_id", ["../v1/refunds", "a/b", "a?b", "é", "a b"])
def test_a_payment_id_cannot_lead_to_another_path(provider, payment_id):
    with pytest.raises(ProviderUnreachableError):
        provider.look_up(AttemptRef("T-1", payment_id))


def a_paid_one(provider, payer, how="paid"):
    request = a_request(payer, how=how)
    started = provider.start(request)
    payer.answer(request, started, how)
    return AttemptRef(request.reference, started.payment_id, payer.capture_id(started))


def test_a_refund_is_taken_then_confirmed(provider, payer):
    attempt = a_paid_one(provider, payer)
    reference = new_reference("F", year=2026)
    taken = provider.refund(attempt, amount=Money(1000), refund_reference=reference)
    assert (taken.told, taken.refund_reference, taken.amount_minor) == (RefundTold.TAKEN, reference, 1000)
    until(lambda: provider.look_up_refund(taken.refund_id), RefundTold.CONFIRMED)


def test_the_same_refund_again_is_the_same_refund(provider, payer):
    attempt = a_paid_one(provider, payer)
    reference = new_reference("F", year=2026)
    first = provider.refund(attempt, amount=Money(2500), refund_reference=reference)
    until(lambda: provider.look_up_refund(first.refund_id), RefundTold.CONFIRMED)
    again = provider.refund(attempt, amount=Money(2500), refund_reference=reference)
    assert (again.refund_id, again.told) == (first.refund_id, RefundTold.CONFIRMED)


@pytest.mark.parametrize("minor", [2501, 10**8])
def test_more_than_was_paid_does_not_go_back(provider, payer, minor):
    attempt = a_paid_one(provider, payer)
    said = provider.refund(attempt, amount=Money(minor), refund_reference=new_reference("F", year=2026))
    assert said.told == RefundTold.FAILED
    assert said.reason


def test_an_unpaid_payment_does_not_go_back(provider, payer):
    request = a_request(payer)
    attempt = AttemptRef(request.reference, provider.start(request).payment_id)
    assert provider.refund(attempt, amount=Money(1), refund_reference="F-1").told == RefundTold.FAILED


def test_a_refund_that_nobody_judged_has_not_failed(provider, payer):
    """A key that was changed at the gateway, for a while, must not make a debt of every refund."""
    attempt = a_paid_one(provider, payer)
    stranger = payer.adapter(api_key="another-key-0123456789-0123456789")
    with pytest.raises(ProviderUnreachableError):
        stranger.refund(attempt, amount=Money(2500), refund_reference=new_reference("F", year=2026))
    stranger._client.close()


def test_a_refund_that_the_bank_refuses_fails(provider, payer):
    attempt = a_paid_one(provider, payer, "refund_fails")
    said = provider.refund(attempt, amount=Money(2500), refund_reference=new_reference("F", year=2026))
    until(lambda: provider.look_up_refund(said.refund_id), RefundTold.FAILED)


def settled_lately(provider):
    today = datetime.now(UTC).astimezone().date()
    days = (today - timedelta(days=1), today, today + timedelta(days=1))
    return {line.reference: line for day in days for line in provider.list_settled(day)}


def test_the_settlement_list_names_what_moved(provider, payer):
    attempt = a_paid_one(provider, payer)
    mine = settled_lately(provider)[attempt.reference]
    assert (mine.kind, mine.amount_minor, mine.fee_minor, mine.currency) == ("payment", 2500, 25, "ILS")


def test_cards_and_wallets_have_lists_of_their_own(gateway):  # noqa: F811
    both = [CardPayer(gateway), WalletPayer(gateway)]
    adapters = [payer.adapter() for payer in both]
    paid = [a_paid_one(*each).reference for each in zip(adapters, both, strict=True)]
    for adapter, mine in zip(adapters, paid, strict=True):
        assert [reference for reference in paid if reference in settled_lately(adapter)] == [mine]
        adapter._client.close()


# What both products share below is tried on one of them: waiting is slow.
@pytest.mark.parametrize("fault", [{"down": True}, {"slow_seconds": 8}, {"hang": True}])
def test_a_provider_that_does_not_answer_is_unreachable_within_its_limit(gateway, fault):  # noqa: F811
    card = gateway.card()
    gateway.control(**fault)
    began = time.monotonic()
    with pytest.raises(ProviderUnreachableError):
        card.look_up(AttemptRef("T-1"))
    assert time.monotonic() - began < 8
    card._client.close()


@pytest.fixture
def misled(payer):
    """Builds an adapter with other options, and closes it."""
    made = []

    def build(**options):
        made.append(payer.adapter(**options))
        return made[-1]

    yield build
    for each in made:
        each._client.close()


@pytest.mark.parametrize("payment_id", ["", "pay_1"])
def test_nobody_there_is_unreachable(misled, payment_id):
    with pytest.raises(ProviderUnreachableError):
        misled(base_url="http://127.0.0.1:9").look_up(AttemptRef("T-1", payment_id))


@pytest.mark.parametrize("payment_id", ["", "pay_1"])
def test_a_wrong_key_is_unreachable_not_unheard_of(misled, payment_id):
    """Or a misconfigured evening would end every open payment."""
    with pytest.raises(ProviderUnreachableError):
        misled(api_key="wrong").look_up(AttemptRef("T-1", payment_id))


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


def test_a_signed_notice_is_read(provider):
    word = provider.read_notice(signed())
    assert (word.notice_id, word.kind, word.reference, word.amount_minor, word.currency) == (
        "ntc_1",
        "payment.paid",
        "T-1",
        2500,
        "ILS",
    )


def test_a_refunds_notice_names_the_refund(provider):
    word = provider.read_notice(signed(json.dumps(NOTICE | {"refund_reference": "F-1"}).encode()))
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
def test_a_notice_without_a_proper_signature_is_not_the_providers(provider, header):
    with pytest.raises(SignatureInvalidError):
        provider.read_notice(signed(header=header))


def test_any_changed_byte_breaks_the_signature(provider):
    good = signed()
    for place in range(len(good.body)):
        bent = good.body[:place] + bytes([good.body[place] ^ 1]) + good.body[place + 1 :]
        with pytest.raises(SignatureInvalidError):
            provider.read_notice(RawNotice(bent, good.headers, good.received_at))


def test_a_truncated_notice_and_another_key_are_refused(provider):
    good = signed()
    with pytest.raises(SignatureInvalidError):
        provider.read_notice(RawNotice(good.body[:-1], good.headers, good.received_at))
    with pytest.raises(SignatureInvalidError):
        provider.read_notice(signed(key=b"another"))


def test_an_installation_without_a_key_believes_nobody(misled):
    with pytest.raises(SignatureInvalidError):
        misled(notice_key="").read_notice(signed(key=b""))


@pytest.mark.parametrize(
    ("age", "good"), [(0, True), (299, True), (301, False), (-299, True), (-301, False), (86400, False)]
)
def test_a_signature_holds_five_minutes(provider, age, good):
    at = 1_800_000_000
    notice = signed(at=at, clock=datetime.fromtimestamp(at + age, UTC))
    if good:
        provider.read_notice(notice)
    else:
        with pytest.raises(SignatureInvalidError):
            provider.read_notice(notice)


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
def test_what_is_signed_but_no_notice_is_unreadable(provider, body):
    with pytest.raises(NoticeUnreadableError):
        provider.read_notice(signed(body))
