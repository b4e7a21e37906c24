"""A fee paid by transfer: found by its reference in the bank's file, paid once, and given back when it came too late or twice."""

from __future__ import annotations

import pytest
from stdnum import iso11649

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import (
    CITIZEN,
    NOON,
    TREASURER,
    a_cashier,
    a_charge,
    a_drawer,
    a_line,
    later,
    start,
)
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.facts import DifferenceKind
from hukumati.domain.treasury.tests.banks import entry, notice, statement
from hukumati.infra.outbox.models import Event
from hukumati.kernel import creditor_reference
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
TOMORROW = later(days=1)


@pytest.fixture(autouse=True)
def _the_books_agree():
    yield
    assert [*ledger.check(), *payments.check(), *treasury.check()] == []
    assert ledger.balance("transfers:collection-ils") == Money(0)


def a_code(charge, at=NOON):
    return start(charge, payments.Way.TRANSFER, at=at).pay_code


def comes(*entries, number="NT-1", at=TOMORROW, make=notice):
    return treasury.take_file(make(*entries, number=number), name="a.xml", by=TREASURER, at=at)


def state(charge):
    return payments.get_charge(charge.reference).state


def refunds(charge):
    return [(one.amount, str(one.cause), one.in_cash) for one in payments.list_refunds(charge.reference)]


@pytest.mark.parametrize("written", ["{code}", "Fee {grouped} thank you", "/ROC/{code}/", "{lower}"])
def test_a_transfer_that_names_its_fee_pays_it(written):
    charge = a_charge()
    code = a_code(charge)
    said = written.format(code=code, grouped=iso11649.format(code), lower=code.lower())
    comes(entry("E-1", "25.00", remittance=said))
    receipt = payments.get_receipt(payments.get_charge(charge.reference).receipt_reference)
    assert (receipt.way, receipt.total, receipt.paid_at) == (payments.Way.TRANSFER, Money(2500), TOMORROW)
    assert ledger.balance("bank:collection-ils") == Money(2500)
    assert Event.objects.filter(name="payments.charge_confirmed").count() == 1
    treasury.match(at=TOMORROW)
    assert (treasury.list_differences(), treasury.suspense()) == ([], Money(0))


def test_the_notice_the_statement_and_either_again_pay_once():
    charge = a_charge()
    line = entry("E-1", "25.00", remittance=a_code(charge))
    for number in ("NT-1", "NT-2"):
        comes(line, number=number)
    comes(line, number="ST-1", make=statement)
    assert state(charge) == payments.ChargeState.PAID
    assert refunds(charge) == []
    assert ledger.balance("bank:collection-ils") == Money(2500)


@pytest.mark.parametrize(("amount", "currency"), [("24.99", "ILS"), ("25.01", "ILS"), ("-25.00", "ILS")])
def test_another_amount_pays_nothing_and_stands_in_suspense(amount, currency):
    charge = a_charge()
    comes(entry("E-1", amount, remittance=a_code(charge), currency=currency))
    assert state(charge) == payments.ChargeState.OPEN
    assert [one.kind for one in treasury.list_differences()] == [DifferenceKind.UNKNOWN_ENTRY]


@pytest.mark.parametrize("remittance", ["RF18539007547034", "RF00 1234 5678 9012", "RF", ""])
def test_a_reference_that_is_none_of_ours_or_mistyped_pays_nothing(remittance):
    charge = a_charge()
    a_code(charge)
    comes(entry("E-1", "25.00", remittance=remittance))
    assert state(charge) == payments.ChargeState.OPEN
    assert treasury.suspense() == Money(2500)


def test_no_two_fees_have_one_reference_and_pressing_again_gives_the_same():
    charges = [a_charge() for _ in range(5)]
    codes = {a_code(charge) for charge in charges for _ in range(2)}
    assert len(codes) == 5
    assert all(creditor_reference.find_in(code) == code for code in codes)


def test_one_wrong_digit_of_a_reference_is_found():
    code = a_code(a_charge())
    for place in range(2, len(code)):
        for digit in "0123456789":
            bent = code[:place] + digit + code[place + 1 :]
            assert creditor_reference.find_in(bent) in ("", code)


def test_the_same_order_given_twice_goes_back_once_in_cash():
    charge = a_charge()
    code = a_code(charge)
    comes(entry("E-1", "25.00", remittance=code), entry("E-2", "25.00", remittance=code))
    comes(entry("E-3", "25.00", remittance=code), number="NT-2")
    assert refunds(charge) == [(Money(2500), "paid_twice", True)] * 2
    assert ledger.balance("refunds_payable") == Money(-5000)
    assert Attempt.objects.filter(pay_code=code, state="paid").count() == 3


def test_what_comes_after_the_card_has_paid_goes_back(provider):
    charge = a_charge()
    code, attempt = a_code(charge), start(charge).attempt_reference
    provider.says(attempt, Told.PAID)
    payments.look_up(attempt, at=later(minutes=5))
    comes(entry("E-1", "25.00", remittance=code))
    assert refunds(charge) == [(Money(2500), "paid_twice", True)]


@pytest.mark.parametrize("ending", ["charge_expired", "charge_void"])
def test_what_comes_for_a_fee_that_ended_goes_back(ending):
    charge = a_charge(expires_at=later(hours=1))
    code = a_code(charge)
    if ending == "charge_void":
        payments.void_charge(charge.reference, reason="withdrawn", by=CITIZEN, at=NOON)
    else:
        payments.expire_charges(by=system("tests"), at=later(hours=2))
    comes(entry("E-1", "25.00", remittance=code))
    assert refunds(charge) == [(Money(2500), ending, True)]


def test_it_is_fetched_at_a_counter_with_the_payers_code():
    charge = a_charge(expires_at=later(hours=1))
    code = a_code(charge)
    payments.expire_charges(by=system("tests"), at=later(hours=2))
    comes(entry("E-1", "25.00", remittance=code))
    (back,) = payments.list_refunds(charge.reference)
    pin = payments.offer_refund_code(back.reference, at=TOMORROW).code
    cashier = a_cashier()
    drawer = a_drawer(cashier, float_minor=5000)
    payments.pay_out_refund(back.reference, code=pin, drawer=drawer, by=cashier, at=TOMORROW)
    assert ledger.balance("refunds_payable") == Money(0)
    assert ledger.balance(f"drawer:{drawer}") == Money(2500)


def test_a_fee_in_a_currency_that_the_account_does_not_hold_is_not_paid_by_it():
    charge = a_charge(lines=(a_line("copy", 2500, 1, "USD"),))
    assert treasury.find_account_for_transfers("USD") is None
    comes(entry("E-1", "25.00", remittance=a_code(charge)))
    assert state(charge) == payments.ChargeState.OPEN


def test_a_code_of_a_counter_in_a_transfer_pays_nothing():
    charge = a_charge()
    comes(entry("E-1", "25.00", remittance=start(charge, payments.Way.CASH).pay_code))
    assert state(charge) == payments.ChargeState.OPEN


def test_a_file_that_is_refused_pays_nothing():
    charge = a_charge()
    code = a_code(charge)
    body = statement(entry("E-1", "25.00", remittance=code)).replace(b">25.00<", b">26.00<", 1)
    with pytest.raises(treasury.BankFileRefused):
        treasury.take_file(body, name="a.xml", by=TREASURER, at=TOMORROW)
    assert state(charge) == payments.ChargeState.OPEN
    assert ledger.list_balances() == {}
