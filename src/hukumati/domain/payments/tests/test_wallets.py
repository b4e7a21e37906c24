"""Paying from a wallet: a telephone is asked, and its owner says yes or no there."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from hukumati.domain.identity.tests.builders import a_citizen
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt
from hukumati.domain.payments.ports import PayerUnknownError, Told
from hukumati.domain.payments.queries import list_attempts_due
from hukumati.domain.payments.tests.builders import NOON, a_charge, a_payer, later, pay_cash, start

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


def test_correcting_the_number_does_not_get_around_that(wallet):
    charges = [a_charge(payer=a_payer()) for _ in range(7)]
    wallet.down = True
    for number, charge in enumerate(charges):
        with pytest.raises(payments.ProviderUnavailable):
            ask(charge, f"+97059900030{number}")
    wallet.down = False
    for charge in charges[:6]:
        ask(charge, CORRECTED, minutes=1)
    with pytest.raises(payments.TooManyPushes):
        ask(charges[6], CORRECTED, minutes=1)


def test_nor_does_the_other_country_code(wallet):
    for _ in range(6):
        ask(a_charge(), "+970599000112")
    with pytest.raises(payments.TooManyPushes):
        ask(a_charge(), "+972599000112")


def test_what_strangers_ask_of_a_telephone_does_not_keep_its_owner_from_paying(wallet):
    owner = a_citizen(at=NOON)
    for _ in range(6):
        ask(a_charge(), owner.mobile)
    with pytest.raises(payments.TooManyPushes):
        ask(a_charge(), owner.mobile)
    assert ask(a_charge(payer=owner.account_id), owner.mobile)


def test_a_telephone_is_forgotten_once_nobody_needs_to_ask_it(wallet):
    charge = a_charge()
    handoff = ask(charge)
    wallet.says(handoff.attempt_reference, Told.DECLINED)
    payments.look_up(handoff.attempt_reference, at=later(minutes=1))
    (ended,) = payments.list_attempts(charge.reference)
    assert ended.payer_mobile == "…111"


def meanwhile(wallet, act):
    """`act` happens once, while the operator's answer to a start is on its way."""
    start_there, done = wallet.start, []

    def slowly(request):
        if not done:
            done.append(request)
            act()
        return start_there(request)

    wallet.start = slowly


def test_a_refused_number_ends_nothing_that_was_begun_with_another(wallet):
    """Two tabs: the first has typed a number without a wallet, the second corrects it while the first still waits."""
    charge = a_charge()
    meanwhile(wallet, lambda: ask(charge, CORRECTED, seconds=1))
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge, NOBODYS)
    (attempt,) = payments.list_attempts(charge.reference)
    assert (attempt.state, attempt.payer_mobile, attempt.is_begun) == (payments.AttemptState.OPEN, CORRECTED, True)


def test_a_wallet_closed_after_a_lost_answer_ends_nothing_that_was_begun(wallet):
    charge = a_charge()
    wallet.lose_answers = True
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge)
    wallet.lose_answers = False
    wallet.start = lambda _request: (_ for _ in ()).throw(PayerUnknownError("no_wallet"))
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge, seconds=10)
    reference = Attempt.objects.get().reference
    wallet.says(reference, Told.PAID)
    assert list_attempts_due(at=later(minutes=5)) == [reference]


def test_given_up_as_unheard_of_while_its_start_was_on_the_way_it_is_watched_again(wallet):
    charge = a_charge()
    wallet.down = True
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge)
    wallet.down = False
    reference = Attempt.objects.get().reference
    meanwhile(wallet, lambda: payments.look_up(reference, at=later(minutes=45)))
    assert ask(charge, minutes=45).attempt_reference == reference
    wallet.says(reference, Told.PAID)
    assert list_attempts_due(at=later(minutes=50)) == [reference]
    payments.look_up(reference, at=later(minutes=50))
    assert payments.get_charge(charge.reference).state == payments.ChargeState.PAID


def test_beside_another_open_one_it_is_only_watched_and_what_comes_twice_goes_back(wallet):
    charge = a_charge()
    wallet.down = True
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge)
    wallet.down = False
    first = Attempt.objects.get().reference

    def given_up_and_begun_anew():
        payments.look_up(first, at=later(minutes=45))
        ask(charge, minutes=45)

    meanwhile(wallet, given_up_and_begun_anew)
    with pytest.raises(payments.ProviderUnavailable):
        ask(charge, minutes=45)
    for reference in wallet.payments:
        wallet.says(reference, Told.PAID)
    for reference in list_attempts_due(at=later(minutes=50)):
        payments.look_up(reference, at=later(minutes=50))
    assert len(wallet.payments) == 2
    assert [refund.cause for refund in payments.list_refunds(charge.reference)] == ["paid_twice"]
    assert payments.check() == []


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
