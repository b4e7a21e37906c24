"""A card at the counter: one slip pays one fee, on a terminal of this office; it goes back to a card, against the payer's code."""

from __future__ import annotations

from dataclasses import replace

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from hukumati.domain.identity.tests.builders import a_national_id, a_staff, actor_of
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import LockingQuerySet, Slip
from hukumati.domain.payments.tests.builders import (
    NOON,
    a_cash_code,
    a_cashier,
    a_charge,
    a_drawer,
    later,
    pay_cash,
    start,
)
from hukumati.domain.payments.tests.test_races import at_once
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
CLERK = system("tests")
Way = payments.Way


def a_slip(number="123456789012", *, terminal="70000012", authorisation="a1b2c3", last_four="0023"):
    return payments.parse_slip(terminal, number, authorisation, last_four)


class Desk:
    """A cashier with an open drawer at the post office in Ramallah."""

    def __init__(self, *, office="post-ramallah"):
        self.cashier = a_cashier(office=office)
        self.drawer = a_drawer(self.cashier)

    def take(self, charge, slip=None, *, code="", at=NOON):
        return payments.take_slip(
            code or a_cash_code(charge), slip or a_slip(), drawer=self.drawer, by=self.cashier, at=at
        )

    def give_back(self, refund, slip, *, code, at=NOON):
        return payments.give_back_on_terminal(
            refund.reference, slip, code=code, drawer=self.drawer, by=self.cashier, at=at
        )


def balance(account):
    return ledger.balance(account).amount_minor


def refunded(receipt, minor=2500):
    promised = payments.refund(receipt.charge_reference, amount=Money(minor), reason="r", by=CLERK, at=later(hours=1))
    return promised, payments.offer_refund_code(promised.reference, at=later(hours=1)).code


def test_a_slip_pays_the_fee_and_lies_with_the_acquirer():
    charge, desk = a_charge(), Desk()
    receipt = desk.take(charge)
    assert (receipt.way, receipt.card_last_four, receipt.office) == (Way.TERMINAL, "0023", "post-ramallah")
    assert (balance("provider:terminal"), balance(f"drawer:{desk.drawer}")) == (2500, 0)
    assert payments.get_charge(charge.reference).state == payments.ChargeState.PAID
    assert payments.list_slips(["70000012-123456789012", "70000012-999999999999"]) == {
        "70000012-123456789012": payments.list_attempts(charge.reference)[-1].reference
    }
    assert payments.check() == []


def test_the_same_press_twice_is_one_payment():
    charge, desk = a_charge(), Desk()
    code = a_cash_code(charge)
    assert desk.take(charge, code=code) == desk.take(charge, code=code, at=later(minutes=1))
    assert Slip.objects.count() == 1


def test_one_slip_pays_one_fee():
    first, second = Desk(), Desk()
    first.take(a_charge())
    with pytest.raises(payments.SlipUsed):
        second.take(a_charge())
    with pytest.raises(payments.SlipUsed):
        first.take(a_charge())
    assert balance("provider:terminal") == 2500


def test_a_drawer_is_counted_without_its_slips():
    desk = Desk()
    desk.take(a_charge())
    pay_cash(a_charge(), cashier=desk.cashier, drawer=desk.drawer)
    with pytest.raises(payments.SlipsNotCounted):
        payments.close_drawer(desk.drawer, counted=Money(2500), by=desk.cashier, at=later(hours=2))
    closed = payments.close_drawer(
        desk.drawer, counted=Money(2500), slips_counted=Money(2400), by=desk.cashier, at=later(hours=2)
    )
    assert closed.variance == Money(0)
    assert (closed.slips, closed.slips_counted, closed.slips_variance) == (Money(2500), Money(2400), Money(-100))
    assert payments.list_slips_of(desk.drawer) == [("70000012-123456789012", Money(2500), False)]


def test_a_terminal_of_another_office_takes_nothing():
    with pytest.raises(payments.TerminalUnknown):
        Desk().take(a_charge(), a_slip(terminal="70000011"))
    with pytest.raises(payments.TerminalUnknown):
        Desk(office="interior-nablus").take(a_charge())


def test_it_is_offered_only_where_cash_is_and_never_to_the_payer():
    charge = a_charge(ways=("card",))
    assert payments.terms_of(charge, at=NOON).open == ("card",)
    assert "terminal" in payments.terms_of(a_charge(), at=NOON).open
    with pytest.raises(payments.WayNotOffered):
        start(a_charge(), Way.TERMINAL)


def test_what_is_paid_is_not_paid_again_by_a_slip():
    charge, desk = a_charge(), Desk()
    code = a_cash_code(charge)
    payments.take_cash(code, drawer=desk.drawer, by=desk.cashier, at=NOON)
    with pytest.raises(payments.FeeAlreadyPaid):
        desk.take(charge, code=code)
    assert balance("provider:terminal") == 0


def test_it_goes_back_to_a_card_against_the_payers_code():
    desk, other = Desk(), Desk()
    refund, code = refunded(desk.take(a_charge()))
    assert (refund.in_cash, refund.at_counter) == (False, True)
    with pytest.raises(payments.RefundNotForCash):
        payments.pay_out_refund(refund.reference, code=code, drawer=other.drawer, by=other.cashier, at=NOON)
    with pytest.raises(payments.RefundCodeWrong):
        payments.check_refund_code(refund.reference, code="000000", by=other.cashier, at=NOON)
    assert payments.check_refund_code(refund.reference, code=code, by=other.cashier, at=NOON).code_tries_left == 4
    back = a_slip("210987654321")
    done = other.give_back(refund, back, code=code)
    assert done.state == payments.RefundState.CONFIRMED
    assert other.give_back(refund, back, code=code) == done
    assert balance("provider:terminal") == balance("refunds_payable") == 0
    assert payments.list_slips(["70000012-210987654321"]) == {"70000012-210987654321": refund.reference}
    with pytest.raises(payments.RefundNotForTerminal):
        other.give_back(refund, a_slip("333333333333"), code=code)
    assert payments.check() == []


def test_a_slip_that_paid_gives_nothing_back():
    desk = Desk()
    refund, code = refunded(desk.take(a_charge()))
    with pytest.raises(payments.SlipUsed):
        desk.give_back(refund, a_slip(), code=code)


def test_what_was_paid_in_cash_does_not_go_back_on_a_terminal():
    refund, code = refunded(pay_cash(a_charge()))
    with pytest.raises(payments.RefundNotForTerminal):
        Desk().give_back(refund, a_slip(), code=code)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("70000012", "12345678901", "A1B2C3", "0023"), "number"),
        (("70000012", "1234567890123", "A1B2C3", "0023"), "number"),
        (("70000012", "x" * 12, "A1B2C3", "0023"), "number"),
        (("70000012", "123456789012", "A1B2", "0023"), "authorisation"),
        (("70000012", "123456789012", "A1B2C!", "0023"), "authorisation"),
        (("70000012", "123456789012", "A1B2C3", "23"), "last_four"),
        (("70000012", "", "", ""), "authorisation"),
    ],
)
def test_a_mistyped_slip_says_where(typed, field):
    with pytest.raises(payments.SlipMalformed) as refused:
        payments.parse_slip(*typed)
    assert refused.value.field == field


def test_arabic_digits_and_spaces_are_read():
    slip = payments.parse_slip("٧٠٠٠٠٠١٢", "1234 5678 ٩٠١٢", " a1b 2c3", "٠٠٢٣")
    assert slip == payments.SlipFacts("70000012", "123456789012", "A1B2C3", "0023")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM payments_slip",
        "UPDATE payments_slip SET number = '999999999999'",
        """INSERT INTO payments_slip (terminal, number, authorisation, attempt_id, amount_minor, drawer_reference, entered_by, entered_at)
        SELECT terminal, number, authorisation, (SELECT min(id) FROM payments_attempt), amount_minor, drawer_reference, entered_by, entered_at FROM payments_slip""",
    ],
)
def test_the_database_keeps_a_slip_as_it_was(statement):
    Desk().take(a_charge())
    with (
        pytest.raises((DatabaseError, IntegrityError), match="slip"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [False, True])
def test_two_cashiers_with_one_slip_at_once(monkeypatch, locked):
    """Without any lock the database's own rule still lets one slip pay one fee."""
    if not locked:
        monkeypatch.setattr(LockingQuerySet, "locked", lambda self: self.order_by("pk"))
    first, second = Desk(), Desk()
    charges = a_charge(), a_charge()
    codes = [a_cash_code(charge) for charge in charges]
    answers = at_once(
        lambda: first.take(charges[0], code=codes[0]),
        lambda: second.take(charges[1], code=codes[1]),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["ReceiptFacts", "SlipUsed"]
    assert balance("provider:terminal") == 2500


def test_a_payment_on_a_terminal_without_its_slip_is_found_by_the_checker():
    receipt = Desk().take(a_charge())
    assert payments.check() == []
    with pgtrigger.ignore("payments.Slip:slip_is_frozen"):
        Slip.objects.update(amount_minor=1)
    assert [(fault.code, fault.where) for fault in payments.check()] == [
        ("payments.terminal_without_slip", payments.list_attempts(receipt.charge_reference)[-1].reference)
    ]


def test_one_person_under_two_logins_does_not_hand_out_what_they_promised():
    """Whoever promised a refund by hand is the same person under any login."""
    where = {"role": "cashier", "institution": "telecom", "office": "post-ramallah"}
    person = a_national_id()
    first, second = (a_staff(national_id=person, **where) for _turn in range(2))
    receipt = Desk().take(a_charge())
    promised = payments.refund(
        receipt.charge_reference, amount=Money(2500), reason="r", by=actor_of(first), at=later(hours=1)
    )
    code = payments.offer_refund_code(promised.reference, at=later(hours=1)).code
    other = Desk()
    other.cashier = replace(actor_of(second), roles=frozenset({"cashier"}))
    other.drawer = a_drawer(other.cashier)
    with pytest.raises(payments.RefundByYourself):
        other.give_back(promised, a_slip("210987654321"), code=code)
