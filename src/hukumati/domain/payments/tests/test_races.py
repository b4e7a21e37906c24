"""Two at once. Each race is first shown with the lock taken away, so that the test is known to be able to fail."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import DatabaseError, connection, transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments import rules
from hukumati.domain.payments.actions import cash, settlement
from hukumati.domain.payments.models import Attempt, Charge, LockingQuerySet, Notice, Receipt, Refund
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import (
    CITIZEN,
    NOON,
    TREASURER,
    a_cash_code,
    a_cashier,
    a_charge,
    a_drawer,
    later,
    start,
)
from hukumati.kernel.money import Money
from hukumati.kernel.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)
MEET_SECONDS = 1.0


def at_once(*acts):
    """Run each in its own thread and database session; what each returned or raised, in order."""
    answers: list[object] = [None] * len(acts)
    go = threading.Barrier(len(acts))

    def run(place, act):
        try:
            go.wait(5)
            answers[place] = act()
        except Exception as fault:  # noqa: BLE001 (the answer is looked at below)
            answers[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    return answers


@contextmanager
def meeting(monkeypatch, module, name, *, parties=2):
    """Hold whoever calls `module.name` until the others are there too, or for a moment: a lock lets only one come so far."""
    real, barrier = getattr(module, name), threading.Barrier(parties)

    def held(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(MEET_SECONDS)
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, held)
        yield


@pytest.fixture(params=["locked", "unlocked"])
def lock(request, monkeypatch):
    if request.param == "unlocked":
        monkeypatch.setattr(LockingQuerySet, "locked", lambda self: self.order_by("pk"))
    return request.param


def faults(answers):
    return [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refused)]


def books_agree():
    return ledger.check() == [] and payments.check() == []


def test_notice_return_page_and_look_up_at_once_make_one_receipt(provider, monkeypatch, lock):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    with meeting(monkeypatch, rules, "judge", parties=3):
        answers = at_once(
            lambda: payments.take_notice("card", **provider.notice(reference), at=NOON),
            lambda: payments.look_up(reference, at=NOON),
            lambda: start(charge),
        )
    assert Receipt.objects.count() == 1
    assert ledger.balance("provider:card") == Money(2500)
    assert books_agree()
    if lock == "unlocked":
        assert faults(answers)  # the constraints held, but somebody got a page of error
    else:
        assert not faults(answers)
        assert isinstance(answers[2], payments.FeeAlreadyPaid)


def test_the_same_notice_twice_at_once_is_one_notice(provider):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    notice = provider.notice(reference, notice_id="n1")
    answers = at_once(*[lambda: payments.take_notice("card", **notice, at=NOON)] * 4)
    assert answers == [None] * 4
    assert Notice.objects.count() == Receipt.objects.count() == 1
    assert books_agree()


def test_two_attempts_paid_at_once_make_one_receipt_and_one_refund(provider, monkeypatch, lock):
    charge = a_charge()
    first = start(charge).attempt_reference
    provider.says(first, Told.CANCELLED)
    payments.look_up(first, at=NOON)
    second = start(charge, at=later(seconds=5)).attempt_reference
    for reference in (first, second):
        provider.says(reference, Told.PAID)
    with meeting(monkeypatch, rules, "judge"):
        answers = at_once(
            lambda: payments.take_notice("card", **provider.notice(first), at=NOON),
            lambda: payments.take_notice("card", **provider.notice(second), at=NOON),
        )
    assert Receipt.objects.count() == 1
    if lock == "unlocked":
        assert faults(answers)
        assert Refund.objects.count() == 0  # a payment is left without an answer until somebody asks again
    else:
        assert answers == [None, None]
        assert Refund.objects.get().cause == "paid_twice"
        assert books_agree()


def test_the_same_code_online_and_at_the_counter_at_once_is_paid_once(provider, monkeypatch, lock):
    charge, cashier = a_charge(), a_cashier()
    drawer, code = a_drawer(cashier), a_cash_code(charge)
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    with meeting(monkeypatch, settlement.numbers, "reference"):
        answers = at_once(
            lambda: payments.take_cash(code, drawer=drawer, by=cashier, at=NOON),
            lambda: payments.take_notice("card", **provider.notice(reference), at=NOON),
        )
    assert Receipt.objects.count() == 1
    if lock == "unlocked":
        assert faults(answers)
        return
    assert not faults(answers)
    assert books_agree()
    if isinstance(answers[0], payments.FeeAlreadyPaid):
        assert ledger.balance(f"drawer:{drawer}") == Money(0)
        assert not Refund.objects.exists()
    else:
        assert ledger.balance(f"drawer:{drawer}") == Money(2500)
        assert Refund.objects.get().cause == "paid_twice"


def test_one_code_at_two_counters_at_once_is_taken_once(monkeypatch, lock):
    code = a_cash_code(a_charge())
    tills = [(cashier := a_cashier(), a_drawer(cashier)) for _ in range(2)]
    with meeting(monkeypatch, cash, "confirm"):
        answers = at_once(
            *[
                lambda cashier=cashier, drawer=drawer: payments.take_cash(code, drawer=drawer, by=cashier, at=NOON)
                for cashier, drawer in tills
            ]
        )
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert Receipt.objects.count() == 1
    if lock == "locked":
        assert kinds == ["FeeAlreadyPaid", "ReceiptFacts"]
        assert books_agree()
    else:
        assert faults(answers)


def test_two_clerks_cannot_give_the_same_money_back(provider, monkeypatch, lock):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    payments.take_notice("card", **provider.notice(reference), at=NOON)
    with meeting(monkeypatch, rules, "split_refund"):
        answers = at_once(
            *[lambda: payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)] * 2
        )
    if lock == "unlocked":
        assert Refund.objects.count() == 2  # without the lock the fee goes back twice
        return
    assert Refund.objects.count() == 1
    assert sorted(type(answer).__name__ for answer in answers) == ["RefundFacts", "RefundTooLarge"]
    assert books_agree()


def test_two_windows_start_one_payment(provider, lock):
    charge = a_charge()
    real_filter, meet = Attempt.objects.filter, threading.Barrier(2)

    def slow_filter(*args, **kwargs):
        found = real_filter(*args, **kwargs).first()
        if kwargs.get("way") == payments.Way.CARD:
            with suppress(threading.BrokenBarrierError):
                meet.wait(MEET_SECONDS)

        class Found:
            def first(self):
                return found

        return Found()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Attempt.objects, "filter", slow_filter)
        answers = at_once(lambda: start(charge), lambda: start(charge))
    assert Attempt.objects.count() == 1
    if lock == "unlocked":
        assert faults(answers)
    else:
        assert answers[0] == answers[1]
        assert len(provider.payments) == 1


def test_receipt_numbers_have_no_gap_when_transactions_fail_between(provider):
    charges = [a_charge() for _ in range(8)]
    attempts = [start(charge).attempt_reference for charge in charges]
    for reference in attempts:
        provider.says(reference, Told.PAID)

    def settle(reference, *, fails):
        with transaction.atomic():
            payments.take_notice("card", **provider.notice(reference), at=NOON)
            if fails:
                raise DatabaseError("the power went out before the commit")

    answers = at_once(
        *[
            lambda reference=reference, place=place: settle(reference, fails=place % 3 == 0)
            for place, reference in enumerate(attempts)
        ]
    )
    assert sum(isinstance(answer, DatabaseError) for answer in answers) == 3
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert Charge.objects.filter(state="paid").count() == 5
    assert books_agree()


def test_a_drawer_being_closed_takes_nothing_after_its_count(monkeypatch, lock):
    charge, cashier = a_charge(), a_cashier()
    drawer, code = a_drawer(cashier), a_cash_code(charge)
    paid, counted = threading.Event(), threading.Event()
    real = ledger.balance

    def slow_balance(*args):
        held = real(*args)
        counted.set()
        paid.wait(MEET_SECONDS)
        return held

    def take():
        counted.wait(5)
        try:
            return payments.take_cash(code, drawer=drawer, by=cashier, at=NOON)
        finally:
            paid.set()

    monkeypatch.setattr(cash.ledger, "balance", slow_balance)
    taken, closed = at_once(take, lambda: payments.close_drawer(drawer, counted=Money(0), by=cashier, at=NOON))
    if lock == "unlocked":
        assert real(f"drawer:{drawer}") == Money(2500)  # money in a drawer that was counted as empty
    else:
        assert isinstance(taken, payments.DrawerClosed)
        assert closed.variance == Money(0)
        assert real(f"drawer:{drawer}") == Money(0)


def test_one_refund_at_two_counters_at_once_is_paid_out_once(monkeypatch, lock):
    charge, payer_side = a_charge(), a_cashier()
    code = a_cash_code(charge)
    payments.take_cash(code, drawer=a_drawer(payer_side), by=payer_side, at=NOON)
    refund = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON).reference
    told = payments.offer_refund_code(refund, at=NOON).code
    tills = [(cashier := a_cashier(), a_drawer(cashier, float_minor=10_000)) for _ in range(2)]
    with meeting(monkeypatch, cash, "settle_paid_out"):
        answers = at_once(
            *[
                lambda cashier=cashier, drawer=drawer: payments.pay_out_refund(
                    refund, code=told, drawer=drawer, by=cashier, at=NOON
                )
                for cashier, drawer in tills
            ]
        )
    held = sorted(ledger.balance(f"drawer:{drawer}").amount_minor for _, drawer in tills)
    assert held == [7_500, 10_000]
    if lock == "locked":
        assert sorted(type(answer).__name__ for answer in answers) == ["RefundFacts", "RefundNotForCash"]
        assert books_agree()
    else:
        assert faults(answers)


def a_told_refund():
    charge, cashier = a_charge(), a_cashier()
    payments.take_cash(a_cash_code(charge), drawer=a_drawer(cashier), by=cashier, at=NOON)
    promised = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    return payments.offer_refund_code(promised.reference, at=NOON), charge.payer_account_id


def test_wrong_codes_at_two_counters_at_once_are_both_counted(monkeypatch, lock):
    refund, _payer = a_told_refund()
    wrong = f"{(int(refund.code) + 1) % 1_000_000:06}"
    tills = [(cashier := a_cashier(), a_drawer(cashier, float_minor=10_000)) for _ in range(2)]
    with meeting(monkeypatch, rules, "is_refund_code"):
        answers = at_once(
            *[
                lambda cashier=cashier, drawer=drawer: payments.pay_out_refund(
                    refund.reference, code=wrong, drawer=drawer, by=cashier, at=NOON
                )
                for cashier, drawer in tills
            ]
        )
    assert {type(answer) for answer in answers} == {payments.RefundCodeWrong}
    assert payments.get_refund(refund.reference).code_tries_left == (3 if lock == "locked" else 4)


def test_a_code_renewed_while_the_old_one_is_tried_ends_in_one_of_both_orders(monkeypatch, lock):
    refund, payer = a_told_refund()
    cashier = a_cashier()
    drawer = a_drawer(cashier, float_minor=10_000)
    with meeting(monkeypatch, rules, "refund_code_hash"):
        paid, renewed = at_once(
            lambda: payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=cashier, at=NOON),
            lambda: payments.renew_refund_code(refund.reference, payer=payer, by=CITIZEN, at=NOON),
        )
    names = (type(paid).__name__, type(renewed).__name__)
    if lock == "locked":
        assert names in {("RefundFacts", "RefundNotForCash"), ("RefundCodeWrong", "RefundFacts")}
        assert books_agree()
    else:
        assert names == ("RefundFacts", "RefundFacts")  # the payer holds a code for money that is gone
