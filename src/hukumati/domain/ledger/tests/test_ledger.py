"""The ledger adds up, says a thing once, and cannot be changed: by its verb, and by SQL that walks past the verb."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hukumati.domain.ledger import api as ledger
from hukumati.domain.ledger.models import Posting, PostingLine
from hukumati.kernel.money import Money

NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def a_line(account="provider:card", minor=1500, currency="ILS", case="A-1", instrument="demo-tariff", article="art-1"):
    return ledger.Line(account, Money(minor, currency), case, instrument, article)


def a_payment(minor=1500):
    return [a_line(minor=minor), a_line("revenue:interior:copy", -minor)]


def test_a_posting_moves_both_accounts():
    ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON)

    assert ledger.balance("provider:card") == Money(1500)
    assert ledger.balance("revenue:interior:copy") == Money(-1500)
    assert ledger.list_lines("C-1") == a_payment()
    assert ledger.check() == []


def test_balances_are_kept_apart_by_currency():
    ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON)
    dinars = [a_line(minor=7, currency="JOD"), a_line("suspense", -7, currency="JOD")]
    ledger.post("C-2", dinars, kind="attempt_in_suspense", at=NOON)

    assert ledger.balance("provider:card") == Money(1500)
    assert ledger.balance("provider:card", "JOD") == Money(7, "JOD")


def test_the_same_words_twice_are_written_once():
    first = ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON)
    assert ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON) == first
    assert ledger.balance("provider:card") == Money(1500)


@pytest.mark.parametrize(
    "others",
    [a_payment(1501), [a_line(case="A-2"), a_line("revenue:interior:copy", -1500)], [*a_payment(), *a_payment()]],
)
def test_the_same_thing_with_other_words_is_refused(others):
    ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON)
    with pytest.raises(ledger.PostingDiffersError), transaction.atomic():
        ledger.post("C-1", others, kind="charge_confirmed", at=NOON)
    assert ledger.list_lines("C-1") == a_payment()


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([a_line(), a_line("suspense", -1499)], "posting_is_balanced"),
        ([a_line(), a_line("suspense", -1500, currency="USD")], "posting_has_one_currency"),
        ([a_line()], "posting_has_two_sides"),
        ([], "posting_has_two_sides"),
        ([a_line(minor=0), a_line("suspense", 0)], "line_moves_something"),
        ([a_line("Provider Card"), a_line("suspense", -1500)], "line_account_is_well_named"),
        ([a_line(f"a:{n}", 1) for n in range(201)], "posting_has_two_sides"),
    ],
)
def test_what_is_no_posting_is_refused_and_leaves_nothing(lines, why):
    with pytest.raises(ledger.PostingRefusedError) as refusal, transaction.atomic():
        ledger.post("C-1", lines, kind="charge_confirmed", at=NOON)
    assert refusal.value.why == why
    assert not Posting.objects.exists()
    assert not PostingLine.objects.exists()


def insert_posting(cursor, *, lines_count=2):
    cursor.execute(
        "INSERT INTO ledger_posting (reference, kind, about, currency, lines_count, posted_at)"
        " VALUES ('L-x', 'k', 'x', 'ILS', %s, now()) RETURNING id",
        [lines_count],
    )
    return cursor.fetchone()[0]


def insert_lines(cursor, posting, *rows, first=1):
    values = ",".join(["(%s, %s, %s, %s, %s, 'A-1', 'i', 'a')"] * len(rows))
    cursor.execute(
        "INSERT INTO ledger_postingline"
        " (posting_id, position, account, amount_minor, currency, case_reference, instrument, article) VALUES "
        + values,
        [value for place, row in enumerate(rows, first) for value in (posting, place, *row)],
    )


@pytest.mark.parametrize(
    ("rows", "constraint"),
    [
        ([("suspense", 5, "ILS"), ("provider:card", -4, "ILS")], "posting_is_balanced"),
        ([("suspense", 5, "ILS"), ("provider:card", -5, "USD")], "posting_has_one_currency"),
        ([("suspense", 5, "ILS")], "posting_lines_are_complete"),
    ],
)
def test_the_database_refuses_by_itself(rows, constraint):
    with pytest.raises(IntegrityError) as fault, transaction.atomic(), connection.cursor() as cursor:
        insert_lines(cursor, insert_posting(cursor), *rows)
    assert fault.value.__cause__.diag.constraint_name == constraint


def test_the_database_refuses_a_posting_that_never_gets_lines():
    with transaction.atomic(), connection.cursor() as cursor:
        insert_posting(cursor)
        with pytest.raises(IntegrityError) as fault:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    assert fault.value.__cause__.diag.constraint_name == "posting_has_lines"


@pytest.mark.parametrize("first", [1, 3])
def test_the_database_refuses_balanced_lines_added_to_an_old_posting(first):
    ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON)
    posting = Posting.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        insert_lines(cursor, posting.pk, ("suspense", 5, "ILS"), ("provider:card", -5, "ILS"), first=first)
    assert len(ledger.list_lines("C-1")) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_postingline SET amount_minor = amount_minor * 2",
        "UPDATE ledger_postingline SET account = 'revenue:mine'",
        "DELETE FROM ledger_postingline",
        "TRUNCATE ledger_postingline",
        "UPDATE ledger_posting SET posted_at = now()",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting CASCADE",
    ],
)
def test_nothing_written_can_be_changed_even_by_the_owner_of_the_tables(change):
    ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE would stumble over pending checks instead
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert ledger.list_lines("C-1") == a_payment()


def with_guards_off(statement):
    """What only a superuser who rewrites history can do; the checker must find it afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        (
            "UPDATE ledger_postingline SET amount_minor = 1400 WHERE amount_minor > 0",
            {"ledger.posting_unbalanced", "ledger.sum_is_not_zero"},
        ),
        (
            "DELETE FROM ledger_postingline WHERE amount_minor > 0",
            {"ledger.lines_missing_or_added", "ledger.sum_is_not_zero"},
        ),
        ("DELETE FROM ledger_postingline", {"ledger.lines_missing_or_added"}),
        (
            "UPDATE ledger_postingline SET currency = 'USD' WHERE amount_minor > 0",
            {"ledger.currencies_mixed", "ledger.sum_is_not_zero"},
        ),
        ("DELETE FROM ledger_posting", {"ledger.line_without_posting"}),
    ],
)
def test_the_checker_finds_what_was_done_behind_the_guards(statement, codes):
    ledger.post("C-1", a_payment(), kind="charge_confirmed", at=NOON)
    with_guards_off(statement)
    assert {fault.code for fault in ledger.check()} == codes


amounts = st.lists(st.integers(-(10**15), 10**15).filter(bool), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=amounts, skew=st.integers(-3, 3), number=st.integers(0, 10**12))
def test_exactly_the_balanced_postings_are_taken(amounts, skew, number):
    last = skew - sum(amounts)
    lines = [a_line(f"account:{place}", minor) for place, minor in enumerate([*amounts, last])]
    with transaction.atomic():
        if skew or not last:
            with pytest.raises(ledger.PostingRefusedError), transaction.atomic():
                ledger.post(f"C-{number}", lines, kind="property", at=NOON)
            assert ledger.list_lines(f"C-{number}") == []
        else:
            ledger.post(f"C-{number}", lines, kind="property", at=NOON)
            assert ledger.list_lines(f"C-{number}") == lines
        assert ledger.check() == []
        transaction.set_rollback(True)
