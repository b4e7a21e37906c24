"""What the bank says of payouts: booked, brought back, or of another sum; and its mailbox, read once and in order."""

from __future__ import annotations

import pytest

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts import api as payouts
from hukumati.domain.payouts.tests.conftest import bank  # noqa: F401
from hukumati.domain.payouts.tests.orders import AT, FROM, ONE, approved, closed, earned, later, registered, status
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.models import MailPlace
from hukumati.domain.treasury.tests.banks import entry, notice, statement
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
BY = system("test")


@pytest.fixture
def line():
    """100.00 for interior, ordered."""
    earned(10_000)
    closed()
    registered()
    return approved().lines[0]


def take(*entries, number="NT-1", at=AT):
    return treasury.take_file(notice(*entries, number=number), name="n.xml", by=BY, at=at)


def out(line, amount="-100.00", *, reference="PO-1", booked="2026-03-04"):
    return entry(reference, amount, end_to_end=line.reference, booked=booked)


def held(line):
    payout = payouts.list_payouts()[0]
    return next(one for one in payout.lines if one.reference == line.reference)


def balance(account):
    return ledger.balance(account).amount_minor


def test_an_entry_of_the_ordered_sum_pays_the_line(line):
    take(out(line))
    paid = held(line)
    assert (paid.state, paid.entry, paid.paid_on.isoformat()) == ("paid", "PO-1", "2026-03-04")
    assert balance("payout_in_transit:collection-ils") == balance("bank:collection-ils") == 0
    assert treasury.suspense() == Money(0)
    assert payouts.list_payouts()[0].state == "ended"
    assert payouts.check() == treasury.check() == []
    take(out(line), number="NT-2")
    assert balance("bank:collection-ils") == 0


def test_what_comes_back_is_due_again(line):
    take(out(line))
    take(out(line, "100.00", reference="PO-2"), number="NT-2")
    assert held(line).state == "returned"
    assert (balance("remitted:interior"), balance("bank:collection-ils")) == (0, 10_000)
    assert balance("payout_in_transit:collection-ils") == 0
    assert payouts.check() == treasury.check() == []


@pytest.mark.parametrize("amount", ["-99.99", "-100.01", "100.00"])
def test_another_sum_pays_nothing_and_somebody_must_answer_for_it(line, amount):
    take(out(line, amount))
    assert held(line).state == "ordered"
    [difference] = treasury.list_differences(kind=treasury.DifferenceKind.UNKNOWN_ENTRY)
    assert difference.found.amount_minor == int(amount.replace(".", ""))
    assert treasury.check() == []


def test_the_same_line_is_not_paid_by_two_entries(line):
    take(out(line), out(line, reference="PO-2"))
    assert held(line).entry == "PO-1"
    assert treasury.suspense() == Money(-10_000)
    assert balance("payout_in_transit:collection-ils") == 0


def test_a_line_that_was_refused_is_not_paid_by_a_later_entry(line):
    payout = payouts.list_payouts()[0]
    payouts.take_status(status(payout.reference, whole="RJCT"), at=AT)
    take(out(line))
    assert held(line).state == "refused"
    assert treasury.suspense() == Money(-10_000)


def test_the_text_of_an_entry_alone_names_no_line(line):
    take(entry("PO-1", "-100.00", remittance=line.reference, booked="2026-03-04"))
    assert held(line).state == "ordered"


def test_the_mailbox_is_emptied_in_order_and_once(line, bank):  # noqa: F811
    payout = payouts.list_payouts()[0]
    bank.mail = [
        payouts.BankMail(3, "status.xml", status(payout.reference)),
        payouts.BankMail(7, "notice.xml", notice(out(line))),
        payouts.BankMail(8, "bad.xml", b"<Document>"),
        payouts.BankMail(9, "empty.xml", b""),
        payouts.BankMail(12, "statement.xml", statement(opening="0.00", day="2026-03-03")),
    ]
    assert treasury.fetch_mail(at=later(hours=1)) == 5
    assert MailPlace.objects.get().place == 12
    assert held(line).state == "paid"
    assert payouts.list_payouts()[0].accepted_at == later(hours=1)
    assert [(one.name, one.why) for one in treasury.list_refused_files()] == [
        ("empty.xml", "not_xml"),
        ("bad.xml", "not_camt"),
    ]
    assert treasury.fetch_mail(at=later(hours=2)) == 0
    assert treasury.find_last_fetch() == later(hours=2)


def test_a_bank_that_falls_silent_loses_nothing(line, bank):  # noqa: F811
    bank.mail = [payouts.BankMail(1, "notice.xml", notice(out(line)))]
    bank.silent = 1
    with pytest.raises(payouts.BankUnreachableError):
        treasury.fetch_mail(at=AT)
    assert treasury.fetch_mail(at=AT) == 1


def test_a_place_that_was_lost_in_a_crash_is_read_again_and_changes_nothing(line, bank):  # noqa: F811
    bank.mail = [payouts.BankMail(1, "notice.xml", notice(out(line)))]
    treasury.fetch_mail(at=AT)
    MailPlace.objects.all().delete()
    treasury.fetch_mail(at=AT)
    assert (held(line).state, balance("bank:collection-ils")) == ("paid", 0)


def test_audit_finding_money_idle_in_collection_accounts(line):
    """How long fees lie with the State before their institution has them is measured, by each fee's day and sum."""
    assert payouts.list_settlement_times() == []
    take(out(line))
    [told] = payouts.list_settlement_times()
    assert (told.institution, told.amount, told.days) == ("interior", Money(10_000), 2.0)
    earned(30_000, at=later(days=1))
    closed(at=later(days=3))
    second = approved(payouts.propose_payout(FROM, by=ONE, at=later(days=3)), at=later(days=3))
    take(
        entry("PO-9", "-300.00", end_to_end=second.lines[0].reference, booked="2026-03-09"),
        number="NT-9",
        at=later(days=5),
    )
    [told] = payouts.list_settlement_times()
    assert told.days == pytest.approx((2 * 100 + 4 * 300) / 400)


def test_a_notice_that_somebody_carries_here_neither_pays_nor_brings_back(line):
    """One treasurer alone could else make a payout due a second time."""
    take(out(line))
    forged = notice(out(line, "100.00", reference="PO-2"), number="NT-2")
    with pytest.raises(treasury.BankFileRefused, match="payout_in_a_notice"):
        treasury.take_file(forged, name="n.xml", by=ONE, at=AT)
    assert held(line).state == "paid"
    assert balance("remitted:interior") == 10_000


def test_a_statement_that_somebody_carries_here_is_held_to_its_balances(line):
    body = statement(out(line), opening="100.00", day="2026-03-04")
    treasury.take_file(body, name="s.xml", by=ONE, at=AT)
    assert held(line).state == "paid"
