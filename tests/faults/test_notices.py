"""Notices dropped, doubled, reordered, late, forged, bent and cut, over real HTTP from the real gateway. The books must agree after each."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from hukumati.domain.catalogue.facts import ChargeLine
from hukumati.domain.identity.models import Account
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments import jobs
from hukumati.domain.payments.models import Attempt, Notice, Receipt, Refund
from hukumati.infra import ports
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.money import Money
from hukumati.kernel.reference import new_reference
from hukumati.kernel.text import Text
from tests.gateway import DECLINED, REFUND_FAILS, SALMA, SILENT, gateway, gateway_processes  # noqa: F401
from tests.outside import KEYS, wired

pytestmark = pytest.mark.django_db(transaction=True)
CITIZEN = Actor(ActorKind.CITIZEN, "P-2026-CITIZEN2")
STAMP = Text("طابع", "Stamp")


@pytest.fixture
def desk(gateway, live_server):  # noqa: F811
    """Our web server and the gateway, each knowing the other's address."""
    options = {
        "base_url": gateway.url,
        "api_key": KEYS["SANDBOX_GATEWAY_API_KEY"],
        "notice_key": KEYS["SANDBOX_GATEWAY_HMAC_KEY"],
        "notice_url": f"{live_server.url}/callbacks/payments/card",
    }
    with wired(settings.PORTS, "payments.card", **options):
        yield gateway
        gateway.control(reset=True)
        ports.adapter("payments.card")._client.close()
        assert ledger.check() == []
        assert payments.check() == []
    connections.close_all()


def a_charge():
    now = timezone.now()
    number = new_reference("P", year=2026)
    payer = Account.objects.create(
        reference=number, kind="citizen", login=f"9{secrets.randbelow(10**8):08d}", joined_at=now
    )
    line = ChargeLine("stamp", STAMP, 5, Money(500), Money(2500), "demo-tariff", "art-1", "revenue:interior:stamp")
    return payments.raise_charge(
        new_reference("A", year=2026),
        payer=payer.pk,
        service="",
        service_name=STAMP,
        beneficiary=Text("", ""),
        lines=[line],
        ways=("card", "cash"),
        expires_at=now + timedelta(days=7),
        at=now,
    )


def start(charge):
    return payments.start_attempt(
        charge.reference,
        payments.Wish(payments.Way.CARD, return_url="http://127.0.0.1:9/", language="ar"),
        by=CITIZEN,
        at=timezone.now(),
    )


def state(charge):
    return payments.get_charge(charge.reference).state


def until(fact, *, seconds=6):
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, list(Notice.objects.values("kind", "outcome", "verified"))
        time.sleep(0.05)


def a_minute_later():
    """What the clock does each minute, with every waiting question due."""
    Attempt.objects.filter(next_look_at__isnull=False).update(next_look_at=timezone.now(), looked_at=None)
    Refund.objects.filter(next_ask_at__isnull=False).update(next_ask_at=timezone.now())
    jobs.look_up_open_attempts(0)
    jobs.ask_after_refunds(0)


def post(live_server, body, *, key=KEYS["SANDBOX_GATEWAY_HMAC_KEY"], at=None, header=None, provider="card"):
    at = int(time.time()) if at is None else at
    mark = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "X-Gateway-Signature": f"t={at},v1={mark}" if header is None else header,
        "Content-Type": "application/json",
    }
    return httpx.post(f"{live_server.url}/callbacks/payments/{provider}", content=body, headers=headers)


def genuine(attempt, **changes):
    body = {
        "notice_id": f"ntc_{time.monotonic_ns()}",
        "type": "payment.paid",
        "payment_id": attempt.provider_payment_id,
        "reference": attempt.reference,
        "amount_minor": attempt.amount_minor,
        "currency": attempt.currency,
    }
    return json.dumps(body | changes).encode()


def only_attempt():
    return Attempt.objects.get()


def test_a_notice_makes_the_receipt(desk):
    charge = a_charge()
    began = time.monotonic()
    desk.pay(start(charge).redirect_url)
    until(lambda: state(charge) == "paid")
    assert time.monotonic() - began < 5
    assert Receipt.objects.get().number == 1


def test_a_doubled_notice_makes_one_receipt(desk):
    charge = a_charge()
    desk.control(double=True)
    desk.pay(start(charge).redirect_url)
    until(lambda: state(charge) == "paid")
    time.sleep(0.5)
    assert Receipt.objects.count() == Notice.objects.count() == 1


def test_a_dropped_notice_is_found_by_the_job(desk):
    charge = a_charge()
    desk.control(drop=True)
    desk.pay(start(charge).redirect_url)
    time.sleep(0.5)
    assert state(charge) == "open"
    a_minute_later()
    assert state(charge) == "paid"


def test_a_dropped_refusal_is_found_too(desk):
    charge = a_charge()
    desk.control(drop=True)
    desk.pay(start(charge).redirect_url, DECLINED)
    a_minute_later()
    assert payments.find_last_attempt(charge.reference).state == "declined"


def test_a_charge_whose_answers_were_lost_is_found(desk):
    charge = a_charge()
    answer = desk.pay(start(charge).redirect_url, SILENT)
    assert answer.status_code == 504
    assert state(charge) == "open"
    a_minute_later()
    assert state(charge) == "paid"


def test_notices_out_of_order_end_the_same(desk):
    """The refund's notices overtake the payment's; the payment itself is found by asking."""
    desk.control(reorder=True)
    charge = a_charge()
    desk.pay(start(charge).redirect_url)
    a_minute_later()
    assert state(charge) == "paid"
    payments.refund(charge.reference, amount=Money(2500), reason="r", by=CITIZEN, at=timezone.now())
    a_minute_later()
    until(
        lambda: (
            Notice.objects.filter(kind="payment.paid").exists() and Notice.objects.filter(kind="refund.paid").exists()
        ),
        seconds=12,
    )
    kinds = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds.index("refund.paid") < kinds.index("payment.paid")
    assert payments.list_refunds(charge.reference)[0].state == "confirmed"
    assert Receipt.objects.count() == 1


def test_a_late_notice_after_the_receipt_is_no_news(desk):
    charge = a_charge()
    desk.control(delay_seconds=1.5)
    desk.pay(start(charge).redirect_url)
    a_minute_later()
    assert state(charge) == "paid"
    until(Notice.objects.exists)
    assert Receipt.objects.count() == 1


def test_a_forged_notice_beside_the_genuine_one_changes_nothing(desk):
    charge = a_charge()
    desk.control(forge=True)
    desk.pay(start(charge).redirect_url)
    until(lambda: state(charge) == "paid")
    until(lambda: Notice.objects.filter(verified=False, outcome="forged").exists())
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("wrong", ["amount", "currency"])
def test_a_signed_notice_with_wrong_figures_is_recorded_and_the_truth_counts(desk, wrong):
    charge = a_charge()
    desk.control(wrong=wrong)
    desk.pay(start(charge).redirect_url)
    until(lambda: state(charge) == "paid")
    assert Notice.objects.get().outcome == "mismatched"
    assert ledger.balance("provider:card") == Money(2500)


def test_while_the_gateway_answers_nothing_a_genuine_notice_waits(desk, live_server):
    charge = a_charge()
    desk.control(drop=True)
    desk.pay(start(charge).redirect_url)
    desk.control(down=True)
    assert post(live_server, genuine(only_attempt())).status_code == 200
    assert (state(charge), Notice.objects.get().outcome) == ("open", "waiting")
    desk.control(reset=True)
    time.sleep(0.1)
    a_minute_later()
    until(lambda: a_minute_later() or state(charge) == "paid", seconds=20)
    assert Notice.objects.get().outcome == "applied"


def test_a_gateway_that_is_down_keeps_nobody_from_trying_again(desk):
    charge = a_charge()
    desk.control(down=True)
    with pytest.raises(payments.ProviderUnavailable):
        start(charge)
    assert only_attempt().state == "open"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"key": "another key"}, 401),
        ({"at": 1_700_000_000}, 401),
        ({"header": ""}, 401),
        ({"header": "t=1,v1=00"}, 401),
        ({"provider": "nobody"}, 404),
    ],
)
def test_what_the_gateway_did_not_sign_just_now_is_refused(desk, live_server, changes, status):
    charge = a_charge()
    start(charge)
    assert post(live_server, genuine(only_attempt()), **changes).status_code == status
    assert state(charge) == "open"
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"", 400), (b"[]", 400), (b"\xff\xfe", 400), (b" " * 64_001, 413), (b"[" * 60_000, 400)],
    ids=["cut", "empty", "list", "bytes", "large", "deep"],
)
def test_signed_rubbish_is_refused_with_its_status(desk, live_server, body, status):
    assert post(live_server, body).status_code == status


def test_a_truncated_notice_is_refused_and_its_repetition_taken(desk, live_server):
    charge = a_charge()
    desk.control(drop=True)
    desk.pay(start(charge).redirect_url)
    whole = genuine(only_attempt())
    at = int(time.time())
    mark = hmac.new(KEYS["SANDBOX_GATEWAY_HMAC_KEY"].encode(), f"{at}.".encode() + whole, hashlib.sha256).hexdigest()
    assert post(live_server, whole[:-20], header=f"t={at},v1={mark}").status_code == 401
    assert state(charge) == "open"
    assert post(live_server, whole, header=f"t={at},v1={mark}").status_code == 200
    assert post(live_server, whole, header=f"t={at},v1={mark}").status_code == 200
    assert state(charge) == "paid"
    assert Notice.objects.filter(verified=True).count() == 1


def test_even_a_stolen_key_cannot_make_money(desk, live_server):
    charge = a_charge()
    start(charge)
    assert post(live_server, genuine(only_attempt())).status_code == 200
    assert state(charge) == "open"
    assert post(live_server, genuine(only_attempt(), payment_id="pay_other")).status_code == 200
    assert not Receipt.objects.exists()


def test_only_posts_are_taken(desk, live_server):
    assert httpx.get(f"{live_server.url}/callbacks/payments/card").status_code == 405


def test_paid_on_two_pages_is_one_receipt_and_one_refund_that_arrives(desk):
    """The payer turned back, paid on a new page, and the first page had charged after all."""
    charge = a_charge()
    first = start(charge)
    desk.control(drop=True)
    desk.pay(first.redirect_url, SALMA)
    Attempt.objects.update(state="cancelled", next_look_at=None, settled_at=timezone.now())  # what we wrongly believe
    desk.control(reset=True)
    second = start(charge)
    desk.pay(second.redirect_url, SALMA)
    until(lambda: state(charge) == "paid")
    payments_of_first = Attempt.objects.get(reference=first.attempt_reference)
    jobs.attempts.ask_quietly(payments_of_first, at=timezone.now())
    until(lambda: a_minute_later() or Refund.objects.get().state == "confirmed")
    assert Receipt.objects.get().attempt.reference == second.attempt_reference
    assert ledger.balance("provider:card") == Money(2500)
    assert ledger.balance("refunds_payable") == Money(0)


def test_a_refund_that_the_bank_refuses_stays_owed(desk):
    charge = a_charge()
    desk.pay(start(charge).redirect_url, REFUND_FAILS)
    until(lambda: state(charge) == "paid")
    payments.refund(charge.reference, amount=Money(2500), reason="r", by=CITIZEN, at=timezone.now())
    until(lambda: a_minute_later() or Refund.objects.get().state == "failed")
    assert ledger.balance("refunds_payable") == Money(-2500)
