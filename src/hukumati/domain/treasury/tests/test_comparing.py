"""The State's day: citizens pay, the provider settles, the bank books, and whatever differs is found, kept, and explained by what comes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, actor_of
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.ports import SettledLine, Told
from hukumati.domain.payments.tests.builders import (
    NOON,
    TREASURER,
    a_cashier,
    a_charge,
    a_drawer,
    later,
    pay_cash,
    start,
)
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.facts import DifferenceKind as Kinds
from hukumati.domain.treasury.models import BankEntry, BankFile, Clearing, Difference
from hukumati.domain.treasury.tests.banks import ACQUIRER, entry, notice, statement
from hukumati.infra.audit import api as audit
from hukumati.kernel.money import Money

MONDAY = date(2026, 11, 23)
A_WEEK_LATER = later(days=7)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_ledger_adds_up():
    yield
    assert ledger.check() == []


def paid(provider, *, times=1):
    """Citizens pay 25.00 each by card on Monday; the provider's lines for them, with its fee of one per cent."""
    lines = []
    for _ in range(times):
        attempt = start(a_charge()).attempt_reference
        provider.says(attempt, Told.PAID)
        payments.look_up(attempt, at=later(minutes=5))
        lines.append(SettledLine(f"pay-{attempt}", attempt, "payment", 2500, 25, "ILS", NOON))
    return lines


def settle(provider, lines, on=MONDAY):
    provider.settled[on] = list(lines)
    return treasury.take_lists(at=later(days=1))


def take(*entries, opening="0.00", number="ST-1", at=None, **more):
    return treasury.take_file(
        statement(*entries, opening=opening, number=number, **more), name="a.xml", by=TREASURER, at=at or later(days=1)
    )


def open_kinds(at=None):
    treasury.match(at=at or later(days=1))
    return sorted((one.kind, one.about.partition(":")[0]) for one in treasury.list_differences())


def monday(amount, reference="E-1", **more):
    return entry(reference, amount, remittance="SETTLEMENT card 2026-11-23", **{"source": ACQUIRER} | more)


def test_a_day_that_agrees_leaves_nothing_with_the_provider_and_no_difference(provider):
    assert settle(provider, paid(provider, times=2)) == 2
    take(monday("49.50"))
    assert open_kinds() == []
    assert ledger.balance("provider:card") == Money(0)
    assert ledger.balance("bank:collection-ils") == Money(4950)
    assert ledger.balance("provider_fees:card") == Money(50)
    (account,) = treasury.list_accounts_today()
    assert (account.stated, account.unexplained) == (Money(4950), Money(0))


def test_taking_everything_again_changes_nothing(provider):
    lines = paid(provider)
    settle(provider, lines)
    first = take(monday("24.75"))
    again = take(monday("24.75"))
    assert again.seen_before
    assert again.reference == first.reference
    assert settle(provider, lines) == 0
    assert ledger.balance("bank:collection-ils") == Money(2475)
    assert open_kinds() == []


def test_the_notice_and_the_statement_of_one_entry_count_it_once(provider):
    settle(provider, paid(provider))
    treasury.take_file(notice(monday("24.75")), name="n.xml", by=TREASURER, at=later(days=1))
    assert take(monday("24.75")).new_entries == 0
    assert ledger.balance("bank:collection-ils") == Money(2475)
    assert BankEntry.objects.count() == 1


def test_files_give_the_same_books_in_whatever_order_they_come(provider):
    settle(provider, paid(provider, times=4))
    files = [
        statement(monday("50.00"), opening="0.00", number="ST-1", day="2026-11-24"),
        statement(monday("49.00", "E-2"), opening="50.00", number="ST-2", day="2026-11-25"),
        notice(monday("49.00", "E-2"), entry("E-3", "7.00", remittance="?", booked="2026-11-26")),
    ]
    told = set()
    for order in permutations(files):
        with transaction.atomic():
            for body in order:
                treasury.take_file(body, name="f", by=TREASURER, at=later(days=3))
            kinds = tuple(open_kinds(at=later(days=3)))
            told.add(
                (ledger.balance("bank:collection-ils"), ledger.balance("provider:card"), treasury.suspense(), kinds)
            )
            transaction.set_rollback(True)
    assert told == {(Money(10600), Money(0), Money(700), (("unknown_entry", "collection-ils"),))}


# what differs
@pytest.mark.parametrize(
    ("bend", "kind", "figures"),
    [
        (lambda line: replace(line, amount_minor=2400, fee_minor=24), Kinds.SETTLED_AMOUNT, (2500, 2400)),
        (lambda line: replace(line, fee_minor=26), Kinds.PROVIDER_FEE, (25, 26)),
        (lambda line: replace(line, reference="T-2026-STRANGER"), Kinds.UNKNOWN_SETTLEMENT, (0, 2500)),
        (lambda line: replace(line, currency="USD"), Kinds.SETTLED_AMOUNT, (2500, 2500)),
    ],
)
def test_a_line_that_says_otherwise_is_found(provider, bend, kind, figures):
    (line,) = paid(provider)
    settle(provider, [bend(line)])
    treasury.match(at=later(days=1))
    (found,) = [one for one in treasury.list_differences() if one.kind == kind]
    assert (found.expected.amount_minor, found.found.amount_minor) == figures
    assert found.evidence["day"] == "2026-11-23"


def test_a_payment_that_a_provider_tells_twice_is_found_within_a_day_and_across_days(provider):
    one, two = paid(provider, times=2)
    settle(provider, [one, two, one])
    settle(provider, [two], on=MONDAY - timedelta(days=1))
    treasury.match(at=later(days=1))
    twice = {one.about for one in treasury.list_differences(kind=Kinds.DUPLICATE_SETTLEMENT)}
    assert twice == {f"payment:{one.reference}", f"payment:{two.reference}"}


def test_a_refund_that_we_never_confirmed_is_found(provider):
    (line,) = paid(provider)
    back = SettledLine("p", line.reference, "refund", 2500, 0, "ILS", NOON, "F-2026-STRANGER")
    settle(provider, [line, back])
    assert open_kinds() == [("unknown_settlement", "refund")]


def test_a_payment_missing_from_the_lists_is_found_when_the_agreed_days_are_over_and_explained_by_a_late_list(provider):
    (line,) = paid(provider)
    assert open_kinds(at=later(days=2)) == []
    assert open_kinds(at=A_WEEK_LATER) == [("missing_settlement", "payment")]
    provider.settled[MONDAY] = [line]
    treasury.take_lists(at=later(days=6))
    take(monday("24.75"), at=A_WEEK_LATER)
    assert open_kinds(at=A_WEEK_LATER) == []
    (answered,) = treasury.list_answered()
    assert (answered.kind, answered.resolved_by, answered.resolution) == (
        Kinds.MISSING_SETTLEMENT, "system:treasury.match", "explained_later",
    )  # fmt: skip


def test_a_settled_day_that_never_came_to_the_bank_is_found(provider):
    settle(provider, paid(provider))
    assert open_kinds() == []
    assert open_kinds(at=A_WEEK_LATER) == [("missing_in_bank", "card")]
    (found,) = treasury.list_differences()
    assert (found.expected, found.found) == (Money(2475), Money(0))
    card, wallet, _terminal = treasury.list_providers_today()
    assert (card.held, card.oldest_on) == (Money(2475), MONDAY)
    assert (wallet.held, wallet.oldest_on) == (Money(0), None)


@pytest.mark.parametrize("days", [39, 41, 44, 60, 200])
def test_what_nobody_explains_stays_open_however_old_it_grows(provider, days):
    one, two = paid(provider, times=2)
    settle(provider, [one])
    cashier = a_cashier()
    drawer = a_drawer(cashier)
    pay_cash(a_charge(), cashier=cashier, drawer=drawer)
    payments.close_drawer(drawer, counted=Money(2500), by=cashier, at=later(hours=5))
    take(opening="1.00")
    take(opening="2.00", number="ST-2", day="2026-11-25", at=later(days=2))
    kinds = [
        ("missing_in_bank", drawer),
        ("missing_in_bank", "card"),
        ("missing_settlement", "payment"),
        ("statement_gap", "ST-2"),
    ]
    assert open_kinds(at=A_WEEK_LATER) == sorted(kinds)
    for passed in range(8, days + 1, 3):
        treasury.match(at=later(days=passed))
    assert open_kinds(at=later(days=days)) == sorted(kinds)
    settle(provider, [one, two])
    body = statement(
        monday("49.50"), entry("E-2", "25.00", remittance=drawer), opening="2.00", number="ST-3", day="2026-11-26"
    )
    treasury.take_file(body, name="late", by=TREASURER, at=later(days=days))
    assert open_kinds(at=later(days=days)) == [("statement_gap", "ST-2")]


@pytest.mark.parametrize("days", range(36, 48))
def test_a_day_that_fitted_fits_when_it_grows_old(provider, days):
    settle(provider, paid(provider))
    take(monday("24.75", booked="2026-11-26"), at=later(days=3))
    assert open_kinds(at=later(days=days)) == []


@pytest.mark.parametrize("day", ["2026-13-45", "2026-02-30", "2099-00-00"])
def test_a_day_that_is_none_settles_nothing_and_stops_no_comparison(provider, day):
    take(entry("E-1", "9.00", remittance=f"SETTLEMENT card {day}", source=ACQUIRER))
    assert open_kinds() == [("unknown_entry", "collection-ils")]


def test_a_settled_day_that_came_with_another_amount_is_found_and_the_rest_stays_with_the_provider(provider):
    settle(provider, paid(provider))
    take(monday("24.00"))
    assert open_kinds() == [("banked_amount", "card")]
    assert ledger.balance("provider:card") == Money(75)
    take(monday("0.75", "E-2"), opening="24.00", number="ST-2", day="2026-11-25", at=later(days=2))
    assert open_kinds(at=later(days=2)) == []


def another_treasurer(**more):
    return actor_of(a_staff(role=Role.TREASURER, institution="finance", office="", **more))


def propose(found, kind, target, by=TREASURER):
    return treasury.propose_clearing(
        found.reference,
        kind=treasury.ClearingKind(kind),
        target=target,
        words="the bank says so",
        by=by,
        at=A_WEEK_LATER,
    )


def test_what_fits_nothing_stands_in_suspense_and_words_do_not_move_it(provider):
    take(
        entry("E-9", "31.00", remittance="for my licence"),
        entry("E-8", "5.00", remittance="SETTLEMENT purse 2026-11-23"),
    )
    assert treasury.suspense() == Money(3600)
    assert open_kinds() == [("unknown_entry", "collection-ils")] * 2
    found = treasury.list_differences()[0]
    assert found.due_on == date(2026, 11, 29)
    with pytest.raises(treasury.StillInSuspense):
        treasury.resolve(found.reference, reason="it is all right", by=TREASURER, at=A_WEEK_LATER)


def test_a_gap_is_answered_once_by_a_treasurer_in_words(provider):
    take(opening="1.00")
    take(opening="2.00", number="ST-2", day="2026-11-25", at=later(days=2))
    treasury.match(at=later(days=2))
    (found,) = treasury.list_differences()
    with pytest.raises(treasury.TreasurerOnly):
        treasury.resolve(found.reference, reason="mine", by=a_cashier(), at=A_WEEK_LATER)
    with pytest.raises(treasury.ReasonMissing):
        treasury.resolve(found.reference, reason="  ", by=TREASURER, at=A_WEEK_LATER)
    treasury.resolve(found.reference, reason="the bank renumbered", by=TREASURER, at=A_WEEK_LATER)
    with pytest.raises(treasury.DifferenceResolved):
        treasury.resolve(found.reference, reason="again", by=TREASURER, at=A_WEEK_LATER)


def test_what_a_person_answered_stays_answered_until_its_figures_change(provider):
    settle(provider, paid(provider))
    take(monday("24.00"))
    (found,) = [one for one in open_differences() if one.kind == Kinds.BANKED_AMOUNT]
    treasury.resolve(found.reference, reason="0.75 is kept for a returned card", by=TREASURER, at=later(days=1))
    assert open_kinds() == []
    assert open_kinds(at=later(days=2)) == []
    take(monday("0.50", "E-2"), opening="24.00", number="ST-2", day="2026-11-25", at=later(days=2))
    assert open_kinds(at=later(days=2)) == [("banked_amount", "card")]


def open_differences(at=None):
    treasury.match(at=at or later(days=1))
    return treasury.list_differences()


def test_money_leaves_suspense_when_two_say_what_it_is(provider):
    settle(provider, paid(provider))
    take(monday("24.75", source=""))
    (found,) = treasury.list_differences()
    propose(found, "settlement", "card:2026-11-23")
    assert treasury.suspense() == Money(2475)
    with pytest.raises(treasury.ClearsOwnProposal):
        treasury.approve_clearing(found.reference, by=TREASURER, at=A_WEEK_LATER)
    with pytest.raises(treasury.ClearingWaits):
        propose(found, "settlement", "card:2026-11-22")
    treasury.approve_clearing(found.reference, by=another_treasurer(), at=A_WEEK_LATER)
    assert treasury.suspense() == Money(0)
    assert ledger.balance("provider:card") == Money(0)
    assert open_kinds(at=A_WEEK_LATER) == []
    with pytest.raises(treasury.DifferenceResolved):
        treasury.approve_clearing(found.reference, by=another_treasurer(), at=A_WEEK_LATER)


def test_money_that_was_sent_back_evens_out_with_its_return(provider):
    take(
        entry("E-1", "31.00", remittance="?"),
        entry("E-2", "-31.00", remittance="returned"),
        entry("E-3", "-30.00", remittance="?"),
    )
    came, went, other = sorted(treasury.list_differences(), key=lambda one: one.about)
    for wrong in (other.reference, came.reference, "DF-2026-ABCDEFGH", "x", "\x00"):
        with pytest.raises(treasury.TargetUnknown):
            propose(came, "returned", wrong)
    propose(came, "returned", went.reference)
    treasury.approve_clearing(came.reference, by=another_treasurer(), at=A_WEEK_LATER)
    assert [one.reference for one in treasury.list_differences()] == [other.reference]
    assert treasury.suspense() == Money(-3000)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("settlement", "purse:2026-11-23"),
        ("settlement", "card:tomorrow"),
        ("settlement", "card:20261123"),
        ("settlement", "card:2026-W48-1"),
        ("settlement", ""),
        ("deposit", "S-2026-ABCDEFGH"),
        ("deposit", "\x00"),
    ],
)
def test_money_goes_to_nothing_that_does_not_exist(provider, kind, target):
    take(entry("E-1", "31.00", remittance="?"))
    (found,) = treasury.list_differences()
    with pytest.raises(treasury.TargetUnknown):
        propose(found, kind, target)


def test_a_rejected_proposal_leaves_the_money_where_it_is(provider):
    take(entry("E-1", "31.00", remittance="?"))
    (found,) = treasury.list_differences()
    propose(found, "settlement", "card:2026-11-23")
    treasury.reject_clearing(found.reference, words="the provider denies it", by=another_treasurer(), at=A_WEEK_LATER)
    assert treasury.suspense() == Money(3100)
    assert treasury.find_clearing(found.reference).decision == "rejected"
    propose(found, "settlement", "card:2026-11-22")
    with pytest.raises(IntegrityError, match="clearing_takes_two"), transaction.atomic():
        Clearing.objects.filter(decision="").update(decision="approved", decided_by=TREASURER.label, decided_at=NOON)


def test_a_drawers_cash_is_followed_to_the_bank(provider):
    cashier = a_cashier()
    drawer = a_drawer(cashier)
    pay_cash(a_charge(), cashier=cashier, drawer=drawer)
    payments.close_drawer(drawer, counted=Money(2500), by=cashier, at=later(hours=5))
    assert open_kinds() == []
    assert open_kinds(at=A_WEEK_LATER) == [("missing_in_bank", drawer)]
    take(entry("E-1", "25.00", remittance=f"deposit {drawer}"), at=A_WEEK_LATER)
    assert open_kinds(at=A_WEEK_LATER) == []
    assert ledger.balance(f"drawer:{drawer}") == Money(0)


def test_text_alone_takes_nothing_out_of_a_drawer_that_is_open_or_is_none(provider):
    drawer = a_drawer(a_cashier(), float_minor=5000)
    take(entry("E-1", "50.00", remittance=f"deposit {drawer}"), entry("E-2", "1.00", remittance="S-2026-ABCDEFGH"))
    assert ledger.balance(f"drawer:{drawer}") == Money(5000)
    assert treasury.suspense() == Money(5100)


def test_nobody_else_settles_by_writing_the_providers_text(provider):
    settle(provider, paid(provider))
    take(monday("24.75", source=""), monday("24.75", "E-2", source="PS92PALS000000000400123456702"))
    assert treasury.suspense() == Money(4950)
    assert ledger.balance("provider:card") == Money(2475)


def test_money_that_went_out_is_no_deposit(provider):
    cashier = a_cashier()
    drawer = a_drawer(cashier, float_minor=5000)
    payments.close_drawer(drawer, counted=Money(5000), by=cashier, at=later(hours=1))
    take(entry("E-1", "-50.00", remittance=f"back to {drawer}"))
    assert ledger.balance(f"drawer:{drawer}") == Money(5000)
    assert treasury.suspense() == Money(-5000)


def test_what_an_account_held_before_is_brought_in_and_a_gap_is_found(provider):
    take(entry("E-1", "1.00", remittance="x"), opening="100.00")
    (account,) = treasury.list_accounts_today()
    assert (account.booked, account.unexplained) == (Money(10100), Money(0))
    take(entry("E-2", "1.00", remittance="x"), opening="150.00", number="ST-2", day="2026-11-25", at=later(days=2))
    assert ("statement_gap", "ST-2") in open_kinds(at=later(days=2))
    (account,) = treasury.list_accounts_today()
    assert account.unexplained == Money(-4900)


# what is refused
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([statement(entry("E-1", "1.00")), statement(entry("E-1", "2.00"), number="ST-2")], "entry_changed"),
        ([statement(entry("E-1", "1.00")), statement(entry("E-2", "1.00"), opening="5.00")], "statement_changed"),
        ([statement(entry("E-1", "1.00", booked="2027-06-01"))], "booked_in_the_future"),
        ([b"<a/>"], "not_camt"),
    ],
)
def test_a_file_that_tells_another_story_is_refused_whole(provider, files, why):
    for body in files[:-1]:
        treasury.take_file(body, name="f", by=TREASURER, at=later(days=1))
    before = (BankFile.objects.count(), BankEntry.objects.count(), ledger.list_balances())
    with pytest.raises(treasury.BankFileRefused) as refused:
        treasury.take_file(files[-1], name="f", by=TREASURER, at=later(days=1))
    assert refused.value.why == why
    assert (BankFile.objects.count(), BankEntry.objects.count(), ledger.list_balances()) == before


def test_only_a_treasurer_brings_bank_files(provider):
    with pytest.raises(treasury.TreasurerOnly):
        treasury.take_file(statement(), name="f", by=a_cashier(), at=NOON)


@pytest.mark.parametrize("table", ["bankfile", "bankstatement", "bankentry", "settlementline"])
def test_what_banks_and_providers_said_cannot_be_changed(provider, table):
    from django.apps import apps

    settle(provider, paid(provider))
    take(monday("24.75"))
    rows = apps.get_model("treasury", table).objects
    assert rows.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(id=-1)


def test_an_answer_has_a_person_and_a_reason_and_stays(provider):
    take(opening="1.00")
    take(opening="2.00", number="ST-2", day="2026-11-25", at=later(days=2))
    treasury.match(at=later(days=2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Difference.objects.update(resolved_at=NOON)
    treasury.resolve(treasury.list_differences()[0].reference, reason="known", by=TREASURER, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Difference.objects.update(resolution="another")


def test_a_silent_provider_is_asked_again_and_nothing_is_guessed(provider):
    (line,) = paid(provider)
    provider.down = True
    assert settle(provider, [line]) == 0
    provider.down = False
    assert settle(provider, [line]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_on_record_though_nothing_else_is_kept(provider):
    with pytest.raises(treasury.BankFileRefused):
        treasury.take_file(b"<a/>", name="f", by=TREASURER, at=NOON)
    assert [entry.code for entry in audit.list_entries("treasury")] == ["treasury.bank_file_refused"]
