"""The code without which no cash goes back: who has it, how often it may be mistaken, how it is made anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Refund
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import (
    CITIZEN,
    NOON,
    TREASURER,
    a_cashier,
    a_charge,
    a_drawer,
    a_payer,
    later,
    pay_cash,
    start,
)
from hukumati.infra.audit import api as audit
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    return a_payer()


@pytest.fixture
def refund(payer):
    """A cash refund whose code was told to its payer."""
    charge = a_charge(payer=payer)
    pay_cash(charge)
    promised = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    return payments.offer_refund_code(promised.reference, at=NOON)


@pytest.fixture
def till():
    """A cashier at an open drawer; answers how to pay out there."""
    cashier = a_cashier()
    drawer = a_drawer(cashier, float_minor=10_000)

    def pay_out(refund, code, *, at=NOON):
        return payments.pay_out_refund(refund.reference, code=code, drawer=drawer, by=cashier, at=at)

    pay_out.drawer = drawer
    return pay_out


def another(code, more=1):
    return f"{(int(code) + more) % 1_000_000:06}"


def audited(refund):
    return [entry.code for entry in audit.list_entries(refund.reference)]


def untouched(refund, till):
    return payments.get_refund(refund.reference).state == "promised" and ledger.balance(
        f"drawer:{till.drawer}"
    ) == Money(10_000)


def test_a_promise_alone_gives_nobody_a_code(payer, till):
    charge = a_charge(payer=payer)
    pay_cash(charge)
    promised = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    assert (promised.code, promised.code_tries_left) == ("", 0)
    for typed in ("", "000000", promised.reference):
        with pytest.raises(payments.RefundCodeDead):
            till(promised, typed)
    assert untouched(promised, till)


def test_the_code_is_told_once_and_kept_as_a_hash_only(refund):
    assert len(refund.code) == 6
    assert refund.code.isdigit()
    row = Refund.objects.values().get(reference=refund.reference)
    assert row.pop("code_hash")
    assert refund.code not in [str(value) for value in row.values()]
    assert payments.get_refund(refund.reference).code == ""
    assert payments.offer_refund_code(refund.reference, at=later(hours=1)).code == ""
    assert audited(refund) == ["payments.refund_promised", "payments.refund_code_made"]
    assert refund.code not in str([entry.facts for entry in audit.list_entries(refund.reference)])


@pytest.mark.parametrize("typed", ["{}", " {} ", "٣{}"])
def test_the_code_pays_out_however_people_write_it(refund, till, typed):
    digits = (
        refund.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        if typed == "٣{}"
        else typed.format(refund.code)
    )
    assert till(refund, digits).state == "confirmed"


def test_a_cashier_who_knows_the_reference_alone_gets_nothing(refund, till):
    assert is_reference(refund.reference)
    for typed in ("", refund.reference, another(refund.code), "x" * 500, "\x00"):
        with pytest.raises((payments.RefundCodeWrong, payments.RefundCodeDead)):
            till(refund, typed)
    assert untouched(refund, till)


def test_five_wrong_tries_are_counted_though_each_is_refused_and_then_the_right_code_is_dead(refund, till):
    for left in (4, 3, 2, 1):
        with pytest.raises(payments.RefundCodeWrong) as refusal:
            till(refund, another(refund.code, left))
        assert refusal.value.tries_left == left
        assert payments.get_refund(refund.reference).code_tries_left == left
    for typed in (another(refund.code), refund.code, refund.code):
        with pytest.raises(payments.RefundCodeDead):
            till(refund, typed)
    assert untouched(refund, till)
    assert audited(refund).count("payments.refund_code_wrong") == 5
    with pytest.raises(DatabaseError), transaction.atomic():
        Refund.objects.update(code_tries=6)


def test_a_new_code_kills_the_old_one_and_forgets_its_wrong_tries(refund, payer, till):
    for more in range(1, 6):
        with pytest.raises((payments.RefundCodeWrong, payments.RefundCodeDead)):
            till(refund, another(refund.code, more))
    new = payments.renew_refund_code(refund.reference, payer=payer, by=CITIZEN, at=later(minutes=1))
    while new.code == refund.code:  # one time in a million
        new = payments.renew_refund_code(refund.reference, payer=payer, by=CITIZEN, at=later(minutes=1))
    assert new.code_tries_left == 5
    with pytest.raises(payments.RefundCodeWrong):
        till(refund, refund.code)
    assert untouched(refund, till)
    assert till(refund, new.code, at=later(minutes=2)).state == "confirmed"
    assert "payments.refund_code_renewed" in audited(refund)


def test_the_code_of_one_refund_opens_no_other(refund, payer, till):
    charge = a_charge(payer=payer)
    pay_cash(charge)
    other = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    theirs = payments.offer_refund_code(other.reference, at=NOON)
    if theirs.code != refund.code:
        with pytest.raises(payments.RefundCodeWrong):
            till(other, refund.code)
    assert Refund.objects.values("code_hash").distinct().count() == 2


def test_five_codes_a_day_by_the_day_of_palestine(refund, payer):
    def renew(at):
        return payments.renew_refund_code(refund.reference, payer=payer, by=CITIZEN, at=at)

    for _ in range(4):
        renew(NOON)
    with pytest.raises(payments.TooManyRefundCodes) as refusal:
        renew(datetime(2026, 11, 23, 21, 59, tzinfo=UTC))
    assert refusal.value.codes_max == 5
    for _ in range(5):
        assert renew(datetime(2026, 11, 23, 22, 0, tzinfo=UTC)).code  # midnight in Palestine
    with pytest.raises(payments.TooManyRefundCodes):
        renew(datetime(2026, 11, 24, 10, tzinfo=UTC))


def test_nobody_but_the_payer_makes_a_new_code(refund, till):
    with pytest.raises(payments.RefundNotFound):
        payments.renew_refund_code(refund.reference, payer=a_payer(), by=CITIZEN, at=NOON)
    with pytest.raises(payments.RefundNotFound):
        payments.renew_refund_code("F-2026-NOTHING2", payer=a_payer(), by=CITIZEN, at=NOON)
    with pytest.raises(payments.RefundNotFound):
        payments.get_own_refund(refund.reference, payer=a_payer())
    assert till(refund, refund.code).state == "confirmed"


def test_a_refund_that_was_paid_out_gives_no_more_codes(refund, payer, till):
    till(refund, refund.code)
    with pytest.raises(payments.RefundNotForCash):
        payments.renew_refund_code(refund.reference, payer=payer, by=CITIZEN, at=NOON)
    assert payments.offer_refund_code(refund.reference, at=NOON).code == ""


def test_what_goes_back_to_a_card_has_no_code(provider, payer):
    charge = a_charge(payer=payer)
    attempt = start(charge).attempt_reference
    provider.says(attempt, Told.PAID)
    payments.look_up(attempt, at=NOON)
    refund = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    assert payments.offer_refund_code(refund.reference, at=NOON).code == ""
    with pytest.raises(payments.RefundNotForCash):
        payments.renew_refund_code(refund.reference, payer=payer, by=CITIZEN, at=NOON)


def test_an_empty_drawer_costs_the_payer_no_try(refund):
    cashier = a_cashier()
    with pytest.raises(payments.DrawerTooEmpty):
        payments.pay_out_refund(refund.reference, code="000000", drawer=a_drawer(cashier), by=cashier, at=NOON)
    assert payments.get_refund(refund.reference).code_tries_left == 5
