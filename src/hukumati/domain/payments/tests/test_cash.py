"""Cash at a counter: the code, the drawer, the count."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Drawer, Receipt
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
    pay_cash,
    start,
)
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_agree():
    yield
    assert ledger.check() == []
    assert payments.check() == []


def test_cash_goes_into_the_drawer_and_makes_a_receipt():
    cashier, charge = a_cashier(office="nablus-post"), a_charge()
    drawer = a_drawer(cashier, float_minor=10_000)
    code = a_cash_code(charge)
    assert payments.find_charge_by_cash_code(payments.grouped(code), at=NOON) == charge

    receipt = payments.take_cash(code, drawer=drawer, by=cashier, at=later(minutes=1))

    assert (receipt.way, receipt.office, receipt.total, receipt.number) == (
        "cash",
        "nablus-post",
        Money(2500),
        "2026-000001",
    )
    assert ledger.balance(f"drawer:{drawer}") == Money(12_500)
    assert ledger.balance("cash_float:nablus-post") == Money(-10_000)
    assert ledger.balance("revenue:interior:copy") == Money(-2000)
    assert payments.get_charge(charge.reference).state == "paid"
    assert payments.list_takings(drawer) == [receipt]


def test_the_same_press_twice_gives_the_same_receipt():
    cashier, charge = a_cashier(), a_charge()
    drawer, code = a_drawer(cashier), a_cash_code(charge)
    first = payments.take_cash(code, drawer=drawer, by=cashier, at=NOON)
    assert payments.take_cash(code, drawer=drawer, by=cashier, at=later(seconds=1)) == first
    assert ledger.balance(f"drawer:{drawer}") == Money(2500)


def test_a_code_paid_at_one_counter_is_refused_at_another():
    charge = a_charge()
    receipt = pay_cash(charge)
    other = a_cashier()
    code = payments.list_attempts(charge.reference)[0].pay_code
    with pytest.raises(payments.FeeAlreadyPaid) as refusal:
        payments.take_cash(code, drawer=a_drawer(other), by=other, at=NOON)
    assert refusal.value.receipt == receipt.reference
    with pytest.raises(payments.FeeAlreadyPaid):
        payments.find_charge_by_cash_code(code, at=NOON)


def test_a_code_whose_fee_was_paid_online_is_refused_before_the_money_is_taken(provider):
    charge, cashier = a_charge(), a_cashier()
    code = a_cash_code(charge)
    attempt = start(charge).attempt_reference
    provider.says(attempt, Told.PAID)
    payments.look_up(attempt, at=NOON)
    with pytest.raises(payments.FeeAlreadyPaid):
        payments.take_cash(code, drawer=a_drawer(cashier), by=cashier, at=NOON)
    assert Receipt.objects.count() == 1


def test_money_that_comes_online_after_cash_goes_back(provider):
    charge = a_charge()
    attempt = start(charge).attempt_reference
    pay_cash(charge)
    provider.says(attempt, Told.PAID)
    payments.take_notice("card", **provider.notice(attempt), at=later(minutes=1))
    assert [refund.cause for refund in payments.list_refunds(charge.reference)] == ["paid_twice"]
    assert Receipt.objects.get().attempt.way == "cash"


@pytest.mark.parametrize("end", ["void", "expired"])
def test_a_code_of_an_ended_charge_is_refused(end):
    charge, cashier = a_charge(expires_at=later(days=1)), a_cashier()
    drawer, code = a_drawer(cashier), a_cash_code(charge)
    if end == "void":
        payments.void_charge(charge.reference, reason="withdrawn", by=CITIZEN, at=NOON)
        refusal = payments.ChargeVoid
    else:
        refusal = payments.ChargeExpired
        with pytest.raises(refusal):  # before the job has seen it, too
            payments.take_cash(code, drawer=drawer, by=cashier, at=later(days=1))
        payments.expire_charges(by=system("tests"), at=later(days=2))
    with pytest.raises(refusal):
        payments.take_cash(code, drawer=drawer, by=cashier, at=later(days=2))
    assert ledger.balance(f"drawer:{drawer}") == Money(0)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [("12345678", "CashCodeMalformed"), ("00000000", "CashCodeUnknown"), ("", "CashCodeMalformed")],
)
def test_a_wrong_code_is_refused(typed, refusal):
    cashier = a_cashier()
    drawer = a_drawer(cashier)
    with pytest.raises(getattr(payments, refusal)):
        payments.find_charge_by_cash_code(typed, at=NOON)
    with pytest.raises(getattr(payments, refusal)):
        payments.take_cash(typed, drawer=drawer, by=cashier, at=NOON)


@pytest.mark.parametrize("who", [CITIZEN, a_cashier(1, roles=("clerk",)), a_cashier(1, roles=())])
def test_only_a_cashier_handles_cash(who):
    with pytest.raises(payments.CashierOnly):
        payments.open_drawer(office="x", float_minor=0, by=who, at=NOON)
    charge, cashier = a_charge(), a_cashier()
    drawer, code = a_drawer(cashier), a_cash_code(charge)
    with pytest.raises(payments.CashierOnly):
        payments.take_cash(code, drawer=drawer, by=who, at=NOON)
    with pytest.raises(payments.CashierOnly):
        payments.close_drawer(drawer, counted=Money(0), by=who, at=NOON)
    assert payments.get_charge(charge.reference).state == "open"


def test_another_cashiers_drawer_is_not_found():
    drawer, other = a_drawer(a_cashier()), a_cashier()
    code = a_cash_code(a_charge())
    for act in (
        lambda: payments.take_cash(code, drawer=drawer, by=other, at=NOON),
        lambda: payments.close_drawer(drawer, counted=Money(0), by=other, at=NOON),
        lambda: payments.get_own_drawer(drawer, cashier=other.id),
    ):
        with pytest.raises(payments.DrawerNotFound):
            act()


def test_a_cashier_has_one_open_drawer():
    cashier = a_cashier()
    drawer = a_drawer(cashier)
    with pytest.raises(payments.DrawerAlreadyOpen) as refusal:
        a_drawer(cashier)
    assert refusal.value.drawer == drawer
    payments.close_drawer(drawer, counted=Money(0), by=cashier, at=later(hours=8))
    assert a_drawer(cashier) != drawer


@pytest.mark.parametrize(("counted", "variance"), [(12_500, 0), (12_400, -100), (12_650, 150)])
def test_the_count_is_compared_with_the_ledger_and_the_difference_posted(counted, variance):
    cashier = a_cashier()
    drawer = a_drawer(cashier, float_minor=10_000)
    pay_cash(a_charge(), cashier=cashier, drawer=drawer)
    closed = payments.close_drawer(drawer, counted=Money(counted), by=cashier, at=later(hours=8))
    assert (closed.expected, closed.counted, closed.variance) == (Money(12_500), Money(counted), Money(variance))
    assert ledger.balance(f"variance:{drawer}") == Money(-variance)
    assert ledger.balance(f"drawer:{drawer}") == Money(counted)


def test_an_open_drawer_does_not_tell_what_it_should_hold():
    cashier = a_cashier()
    pay_cash(a_charge(), cashier=cashier, drawer=a_drawer(cashier))
    assert payments.find_open_drawer(cashier.id).expected is None


def test_a_closed_drawer_takes_nothing_and_stays_closed():
    cashier, code = a_cashier(), a_cash_code(a_charge())
    drawer = a_drawer(cashier)
    payments.close_drawer(drawer, counted=Money(0), by=cashier, at=NOON)
    with pytest.raises(payments.DrawerClosed):
        payments.take_cash(code, drawer=drawer, by=cashier, at=NOON)
    with pytest.raises(payments.DrawerClosed):
        payments.close_drawer(drawer, counted=Money(5), by=cashier, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Drawer.objects.update(counted_minor=5)


@pytest.mark.parametrize("minor", [-1, 100_000_001])
def test_a_count_or_float_beyond_a_drawer_is_refused(minor):
    cashier = a_cashier()
    with pytest.raises(payments.CountInvalid):
        a_drawer(cashier, float_minor=minor)
    drawer = a_drawer(cashier)
    with pytest.raises(payments.CountInvalid):
        payments.close_drawer(drawer, counted=Money(minor), by=cashier, at=NOON)


def test_pressing_for_a_code_twice_gives_the_same_code():
    charge = a_charge()
    assert a_cash_code(charge) == a_cash_code(charge)


def a_cash_refund(by=TREASURER, amount=2500):
    charge = a_charge()
    pay_cash(charge)
    promised = payments.refund(charge.reference, amount=Money(amount), reason="r", by=by, at=NOON)
    return payments.offer_refund_code(promised.reference, at=NOON)


def test_what_came_as_cash_goes_back_as_cash_from_a_drawer():
    refund, cashier = a_cash_refund(), a_cashier()
    drawer = a_drawer(cashier, float_minor=10_000)
    paid = payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=cashier, at=later(hours=1))
    assert (paid.state, paid.settled_at) == ("confirmed", later(hours=1))
    assert ledger.balance(f"drawer:{drawer}") == Money(7_500)
    assert ledger.balance("refunds_payable") == Money(0)
    assert ledger.balance("revenue:interior:copy") == Money(0)
    assert payments.list_pay_outs(drawer) == [paid]
    assert (
        payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=cashier, at=later(hours=2))
        == paid
    )
    assert payments.close_drawer(drawer, counted=Money(7_500), by=cashier, at=later(hours=3)).variance == Money(0)


def test_a_refund_is_paid_out_once_only():
    refund = a_cash_refund()
    first, second = a_cashier(), a_cashier()
    payments.pay_out_refund(
        refund.reference, code=refund.code, drawer=a_drawer(first, float_minor=10_000), by=first, at=NOON
    )
    drawer = a_drawer(second, float_minor=10_000)
    with pytest.raises(payments.RefundNotForCash):
        payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=second, at=NOON)
    assert ledger.balance(f"drawer:{drawer}") == Money(10_000)


def test_who_promised_a_refund_does_not_pay_it_out():
    both = a_cashier(roles=("cashier", "treasurer"))
    refund = a_cash_refund(by=both)
    drawer = a_drawer(both, float_minor=10_000)
    with pytest.raises(payments.RefundByYourself):
        payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=both, at=NOON)
    assert payments.get_refund(refund.reference).state == "promised"


def test_a_drawer_pays_out_no_more_than_it_holds():
    refund, cashier = a_cash_refund(), a_cashier()
    drawer = a_drawer(cashier, float_minor=2_499)
    with pytest.raises(payments.DrawerTooEmpty):
        payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=cashier, at=NOON)
    assert ledger.balance("refunds_payable") == Money(-2500)


def test_what_came_by_card_is_not_paid_out_in_cash(provider):
    charge, cashier = a_charge(), a_cashier()
    attempt = start(charge).attempt_reference
    provider.says(attempt, Told.PAID)
    payments.look_up(attempt, at=NOON)
    refund = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    drawer = a_drawer(cashier, float_minor=10_000)
    with pytest.raises(payments.RefundNotForCash):
        payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=cashier, at=NOON)
    with pytest.raises(payments.RefundNotFound):
        payments.pay_out_refund("F-2026-NOTHING2", code="000000", drawer=drawer, by=cashier, at=NOON)


def test_only_a_cashier_with_an_own_drawer_pays_out():
    refund, cashier = a_cash_refund(), a_cashier()
    drawer = a_drawer(cashier, float_minor=10_000)
    with pytest.raises(payments.CashierOnly):
        payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=TREASURER, at=NOON)
    with pytest.raises(payments.DrawerNotFound):
        payments.pay_out_refund(refund.reference, code=refund.code, drawer=drawer, by=a_cashier(), at=NOON)
