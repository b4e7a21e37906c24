"""Paying from a wallet: a telephone is asked, and its owner says yes or no there."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.queries import list_attempts_due
from hukumati.domain.payments.tests.builders import a_charge, a_payer, later, pay_cash, start

pytestmark = pytest.mark.django_db

MINE, CORRECTED, NOBODYS = "+970599000111", "+970599000112", "+970599000100"


def ask(charge, mobile=MINE, **span):
    return start(charge, payments.Way.WALLET, at=later(**span), payer_mobile=mobile)


def test_a_telephone_is_asked_once_however_often_the_button_is_pressed(wallet):
    charge = a_charge()
    first = ask(charge)
    assert (first.redirect_url, first.pay_code) == ("", "")
    assert ask(charge, seconds=5) == first
    assert wallet.asked.count("start") == 1
    attempt = payments.find_last_attempt(charge.reference)
    assert (attempt.payer_mobile, attempt.is_begun, attempt.provider) == (MINE, True, "wallet")


def test_what_the_owner_approves_is_paid_with_one_receipt(wallet):
    charge = a_charge()
    handoff = ask(charge)
    wallet.says(handoff.attempt_reference, Told.PAID, card_last_four="")
    payments.look_up(handoff.attempt_reference, at=later(minutes=1))
    paid = payments.get_charge(charge.reference)
    assert paid.state == payments.ChargeState.PAID
    assert payments.get_receipt(paid.receipt_reference).way == payments.Way.WALLET
    assert payments.check() == []


def test_approved_after_the_cashier_took_it_goes_back_through_the_wallet(wallet):
    charge = a_charge()
    handoff = ask(charge)
    pay_cash(charge, at=later(minutes=1))
    wallet.says(handoff.attempt_reference, Told.PAID)
    payments.look_up(handoff.attempt_reference, at=later(minutes=2))
    (refund,) = payments.list_refunds(charge.reference)
    assert (refund.cause, refund.way, refund.in_cash) == ("paid_twice", payments.Way.WALLET, False)
    payments.send_refund(refund.reference, at=later(minutes=3))
    assert f"refund {handoff.attempt_reference}" in wallet.asked


def test_a_number_without_a_wallet_ends_the_attempt_and_another_may_be_tried(wallet):
    charge = a_charge()
    with pytest.raises(payments.PayerNotThere):
        ask(charge, NOBODYS)
    (ended,) = payments.list_attempts(charge.reference)
    assert (ended.state, ended.reason) == (payments.AttemptState.DECLINED, "no_wallet")
    assert list_attempts_due(at=later(days=1)) == []
    assert ask(charge, seconds=5).attempt_reference != ended.reference


def test_a_number_corrected_before_the_operator_heard_of_it_is_the_one_that_is_asked(wallet):
    charge = a_charge()
    wallet.down = True
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge)
    wallet.down = False
    ask(charge, CORRECTED, seconds=10)
    (attempt,) = payments.list_attempts(charge.reference)
    assert attempt.payer_mobile == CORRECTED


def test_a_number_that_was_asked_already_stays_the_one_that_is_asked(wallet):
    """Its answer was lost: the first telephone may have rung, so asking a second one could be paid twice."""
    charge = a_charge()
    wallet.lose_answers = True
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge)
    wallet.lose_answers = False
    ask(charge, CORRECTED, seconds=10)
    (attempt,) = payments.list_attempts(charge.reference)
    assert (attempt.payer_mobile, attempt.is_begun) == (MINE, True)
    assert wallet.asked.count("start") == 1


def test_a_rejected_request_can_be_made_anew(wallet):
    charge = a_charge()
    first = ask(charge)
    wallet.says(first.attempt_reference, Told.DECLINED, reason="rejected_by_payer")
    assert ask(charge, minutes=1).attempt_reference != first.attempt_reference


def test_nobody_makes_a_strangers_telephone_ring_all_day(wallet):
    for _ in range(6):
        ask(a_charge())
    with pytest.raises(payments.TooManyPushes) as refusal:
        ask(a_charge())
    assert 0 < refusal.value.retry_seconds <= 3600
    assert ask(a_charge(), CORRECTED).attempt_reference
    assert ask(a_charge(), minutes=61).attempt_reference


def test_nor_the_telephones_of_many(wallet):
    payer = a_payer()
    for number in range(12):
        ask(a_charge(payer=payer), f"+9705990002{number:02}" if number else MINE)
    with pytest.raises(payments.TooManyPushes):
        ask(a_charge(payer=payer), CORRECTED)


def test_no_wallet_is_offered_where_no_operator_is_wired(provider):
    assert not payments.is_open("wallet")
    with pytest.raises(payments.WayNotOffered):
        ask(a_charge())


def test_the_database_keeps_a_telephone_with_pushed_payments_and_with_no_others(wallet):
    ask(a_charge())
    pay_cash(a_charge())
    for way, mobile in (("wallet", ""), ("cash", MINE)):
        with pytest.raises(IntegrityError, match="attempt_has_mobile_iff_pushed"), transaction.atomic():
            Attempt.objects.filter(way=way).update(payer_mobile=mobile)
