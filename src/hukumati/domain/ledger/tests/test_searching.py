"""Questions about the books: what is found, what is no question, and whose a kept one is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from hukumati.domain.ledger import api as ledger
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = date(2026, 3, 2)
ONE = Actor(ActorKind.STAFF, "W-2026-AAAAAAAA", roles=frozenset({"auditor"}))
OTHER = Actor(ActorKind.STAFF, "W-2026-BBBBBBBB", roles=frozenset({"auditor"}))
WEEK = {"since": DAY, "until": DAY + timedelta(days=7)}


def post(
    number,
    minor,
    *,
    debit="provider:card",
    credit="revenue:interior:x",
    kind="charge_confirmed",
    days=0,
    currency="ILS",
):
    lines = [
        ledger.Line(account, Money(sign * minor, currency), f"A-{number}", "demo-tariff", "1")
        for account, sign in ((debit, 1), (credit, -1))
    ]
    return ledger.post(f"T-{number}", lines, kind=kind, at=NOON + timedelta(days=days))


@pytest.fixture
def posted():
    post(1, 1_000)
    post(2, 2_000, debit="provider:wallet", days=1)
    post(3, 3_000, kind="bank_entry", debit="bank:a", credit="provider:card", days=2)
    post(4, 4_000, days=40)
    post(5, 5_000, currency="JOD")


def found(days=WEEK, **said):
    return [(one.line.case, one.line.account) for one in ledger.find_lines(ledger.question(said), **days)]


def test_lines_are_found_by_account_kind_case_sum_and_days(posted):
    assert found(account="provider") == [
        ("A-3", "provider:card"),
        ("A-2", "provider:wallet"),
        ("A-1", "provider:card"),
    ]
    assert found(account="provider:wallet") == [("A-2", "provider:wallet")]
    assert found(kind="bank_entry") == [("A-3", "provider:card"), ("A-3", "bank:a")]
    assert {case for case, _account in found(case="A-1")} == {"A-1"}
    assert {case for case, _account in found(at_least=2_000, at_most=2_000)} == {"A-2"}
    assert {case for case, _account in found(currency="JOD")} == {"A-5"}
    assert found({"since": DAY + timedelta(days=40), "until": DAY + timedelta(days=40)}, account="provider") == [
        ("A-4", "provider:card")
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"account": "provider; DROP"},
        {"account": "%"},
        {"kind": "a b"},
        {"case": "x" * 200},
        {"at_least": -1},
        {"at_most": 10**16},
        {"at_least": 5, "at_most": 4},
    ],
)
def test_what_is_no_question_says_where(said):
    with pytest.raises(ledger.QuestionInvalid) as refused:
        ledger.question(said)
    assert refused.value.field in said


@pytest.mark.parametrize("days", [-1, 93])
def test_a_question_reads_a_quarter_at_most(days):
    with pytest.raises(ledger.QuestionInvalid):
        ledger.find_lines(ledger.question({}), since=DAY, until=DAY + timedelta(days=days))


@bounds(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 7))
def test_pages_together_are_everything_once(posted, size):
    asked, pages, before = ledger.question({}), [], 0
    while page := ledger.find_lines(asked, **WEEK, before=before, limit=size)[:size]:
        pages += page
        before = page[-1].place
    whole = list(ledger.export_lines(asked, **WEEK))
    assert [one.place for one in pages] == [one.place for one in whole]
    assert len({one.place for one in whole}) == len(whole) == 6


def test_a_kept_question_is_ones_own_until_it_is_shared():
    asked = ledger.question({"account": "suspense", "at_least": 100})
    kept = ledger.save_query("  what   nobody claims ", asked, shared=False, by=ONE, at=NOON)
    assert (kept.name, kept.question) == ("what nobody claims", asked)
    assert ledger.list_saved_queries(by=OTHER) == []
    ledger.save_query("what nobody claims", asked, shared=True, by=ONE, at=NOON)
    assert [one.key for one in ledger.list_saved_queries(by=OTHER)] == [kept.key]
    with pytest.raises(ledger.SavedQueryNotFound):
        ledger.forget_query(kept.key, by=OTHER, at=NOON)
    ledger.forget_query(kept.key, by=ONE, at=NOON)
    assert ledger.list_saved_queries(by=ONE) == []
    assert [entry.code for entry in audit.list_entries(f"query:{kept.key}")][-1] == "ledger.query_forgotten"


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_question_is_kept_under_a_name(name):
    with pytest.raises(ledger.QuestionInvalid):
        ledger.save_query(name, ledger.question({}), shared=False, by=ONE, at=NOON)


def test_nobody_keeps_questions_without_end():
    for number in range(50):
        ledger.save_query(f"q{number}", ledger.question({}), shared=False, by=ONE, at=NOON)
    ledger.save_query("q7", ledger.question({"kind": "x"}), shared=False, by=ONE, at=NOON)
    with pytest.raises(ledger.TooManySavedQueries):
        ledger.save_query("one more", ledger.question({}), shared=False, by=ONE, at=NOON)
