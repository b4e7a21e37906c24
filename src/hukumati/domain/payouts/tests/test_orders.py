"""Fees on their way to institutions: by two people, to registered accounts, never more than is due or there."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts import api as payouts
from hukumati.domain.payouts import pain, rules
from hukumati.domain.payouts.models import Payout, PayoutLine
from hukumati.domain.payouts.tests.orders import (
    AT,
    FROM,
    ONE,
    OTHER,
    approved,
    closed,
    earned,
    later,
    moved,
    proposed,
    registered,
    status,
)
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db


class UndoneError(Exception):
    """Ends one example; nothing of it stays for the next."""


def balance(account):
    return ledger.balance(account).amount_minor


@pytest.fixture
def due():
    """Interior earned 100.00 and health 40.00; both are in the bank, the day is certified, both accounts are registered."""
    earned(10_000)
    earned(4_000, institution="health")
    closed()
    registered()
    registered("health")


def test_one_proposes_another_orders_and_the_ledger_says_it_is_on_its_way(due):
    payout = proposed()
    assert [(line.institution, line.amount) for line in payout.lines] == [
        ("health", Money(4_000)),
        ("interior", Money(10_000)),
    ]
    assert (payout.total, payout.earned_until, payout.state) == (Money(14_000), date(2026, 3, 3), "proposed")
    assert balance("remitted:interior") == 0
    with pytest.raises(payouts.PayoutTakesTwo):
        approved(payout, by=ONE)
    ordered = approved(payout)
    assert ordered.state == "approved"
    assert (balance("remitted:interior"), balance("remitted:health")) == (10_000, 4_000)
    assert balance("payout_in_transit:collection-ils") == -14_000
    assert payouts.get_suggestion(FROM, at=AT).payable == ()
    assert payouts.get_suggestion(FROM, at=AT).available == Money(0)
    codes = [entry.code for entry in audit.list_entries(payout.reference)]
    assert codes == ["payouts.proposed", "payouts.approved"]
    assert payouts.check() == []


def test_the_order_is_valid_and_says_what_was_approved(due):
    payout = approved()
    body = payouts.get_order(payout.reference)
    assert pain.schema().validate(pain.etree.fromstring(body))
    text = body.decode()
    for line in payout.lines:
        assert line.reference in text
        assert line.iban in text
    assert "<CtrlSum>140.00</CtrlSum>" in text
    assert "<NbOfTxs>2</NbOfTxs>" in text


def test_audit_finding_transfers_to_accounts_nobody_registered(due):
    """No account, an account that waits, one that ended, one of another institution: no line goes there, by the verbs or around them."""
    earned(7_000, institution="transport", at=AT)
    closed(at=later(days=1))
    suggested = payouts.get_suggestion(FROM, at=later(days=1))
    assert [(one.institution, one.beneficiary) for one in suggested.due if one.beneficiary is None] == [
        ("transport", None)
    ]
    payout = proposed(at=later(days=1))
    assert "transport" not in [line.institution for line in payout.lines]
    row = Payout.objects.get(reference=payout.reference)
    waiting = payouts.propose_beneficiary(
        "transport",
        iban="PS32PALS000000000400900000303",
        currency="ILS",
        instrument="x",
        article="1",
        valid_from=date(2026, 3, 1),
        by=ONE,
        at=AT,
    )
    ids = dict(connection_rows("SELECT reference, id FROM payouts_beneficiaryaccount"))
    interior = next(line.beneficiary for line in payout.lines if line.institution == "interior")
    for beneficiary in (waiting.reference, interior):
        with pytest.raises(DatabaseError, match="payout_line_to_a_registered_account"), transaction.atomic():
            PayoutLine.objects.create(
                payout=row,
                reference="BL-2026-ZZZZZZZZ",
                institution="transport",
                beneficiary_id=ids[beneficiary],
                amount_minor=1,
            )
    payouts.end_beneficiary(interior, ended_on=AT.date(), by=OTHER, at=later(days=1))
    with pytest.raises(payouts.PayoutStale):
        approved(payout, at=later(days=1))


def connection_rows(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def test_money_that_has_not_come_to_the_bank_is_not_paid_out(due):
    earned(5_000, banked=False, at=AT)
    closed(at=later(days=1))
    suggested = payouts.get_suggestion(FROM, at=later(days=1))
    assert suggested.is_short
    assert [(one.institution, one.amount, one.payable) for one in suggested.due] == [
        ("health", Money(4_000), Money(2_947)),
        ("interior", Money(15_000), Money(11_052)),
    ]
    first = approved(proposed(at=later(days=1)), at=later(days=1))
    assert first.total == Money(13_999)
    moved("bank:collection-ils", "provider:card", 5_000, at=later(days=1))
    assert proposed(at=later(days=1)).total == Money(5_001)


def test_what_providers_keep_does_not_hold_up_the_rest(due):
    """A fee of 1.00 that never comes to the bank stays due, and everything else is paid."""
    moved("provider_fees:card", "bank:collection-ils", 100, at=AT)
    payout = approved(proposed())
    assert payout.total.amount_minor in (13_899, 13_900)
    assert payouts.get_suggestion(FROM, at=AT).due != ()


def test_money_of_nobody_and_of_citizens_is_not_paid_to_institutions(due):
    moved("bank:collection-ils", "suspense", 50_000, at=AT)
    moved("bank:collection-ils", "refunds_payable", 20_000, at=AT)
    assert payouts.get_suggestion(FROM, at=AT).available == Money(14_000)


def test_a_bank_that_lost_money_since_the_proposal_is_not_overdrawn(due):
    payout = proposed()
    moved("suspense", "bank:collection-ils", 1, at=AT)
    with pytest.raises(payouts.PayoutExceedsBank) as refused:
        approved(payout)
    assert refused.value.available == Money(13_999)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(-10, 10**9)), st.integers(-10, 10**9))
def test_shares_are_never_more_than_is_due_or_there(owed, available):
    given_ = rules.shares(owed, available)
    whole = sum(minor for minor in owed.values() if minor > 0)
    assert all(0 < given_[name] <= owed[name] for name in given_)
    assert sum(given_.values()) <= max(0, min(whole, available))
    assert sum(given_.values()) > min(whole, max(0, available)) - max(1, len(owed))
    if whole <= available:
        assert given_ == {name: minor for name, minor in owed.items() if minor > 0}


def test_what_goes_back_to_a_citizen_is_not_due_any_more(due):
    payout = proposed()
    moved("revenue:interior:certificates", "refunds_payable", 1, at=AT)
    with pytest.raises(payouts.PayoutStale) as refused:
        approved(payout)
    assert refused.value.institution == "interior"
    payouts.reject_payout(payout.reference, words="a refund came between", by=OTHER, at=AT)
    closed(at=later(days=2))
    assert proposed(at=later(days=2)).total == Money(13_999)


def test_what_is_not_certified_yet_is_not_due(due):
    approved()
    earned(900, at=AT)
    with pytest.raises(payouts.NothingToPayOut):
        proposed(at=later(hours=1))


def test_one_order_of_a_currency_waits_at_a_time(due):
    payout = proposed()
    with pytest.raises(payouts.PayoutAlreadyWaits) as refused:
        proposed(by=OTHER)
    assert refused.value.payout == payout.reference


def test_it_is_decided_once(due):
    payout = approved()
    with pytest.raises(payouts.PayoutDecided):
        approved(payout)
    with pytest.raises(payouts.PayoutDecided):
        payouts.reject_payout(payout.reference, words="no", by=OTHER, at=AT)


def test_a_silent_bank_gets_the_order_later_and_once(due, bank):
    payout = approved()
    bank.silent = 1
    assert payouts.send_payout(payout.reference, at=AT) is False
    assert payouts.list_unsent() == [payout.reference]
    assert payouts.send_payout(payout.reference, at=later(minutes=1)) is True
    assert payouts.send_payout(payout.reference, at=later(minutes=2)) is True
    assert list(bank.orders) == [payout.reference]
    assert payouts.get_payout(payout.reference).sent_at == later(minutes=1)


def test_a_line_that_the_bank_refuses_is_due_again(due, bank):
    payout = approved()
    health, interior = payout.lines
    word = status(payout.reference, whole="PART", lines=[(health.reference, "RJCT"), (interior.reference, "ACSC")])
    for _twice in range(2):
        told = payouts.take_status(word, at=later(hours=1))
    assert [(line.state, line.reason) for line in told.lines] == [("refused", "AC04"), ("ordered", "")]
    assert (balance("remitted:health"), balance("payout_in_transit:collection-ils")) == (0, -10_000)
    assert told.accepted_at == later(hours=1)
    again = proposed(at=later(hours=2))
    assert [(line.institution, line.amount) for line in again.lines] == [("health", Money(4_000))]
    assert payouts.check() == []


def test_an_order_that_is_refused_whole_is_due_again_whole(due):
    payout = approved()
    told = payouts.take_status(status(payout.reference, whole="RJCT"), at=AT)
    assert {line.state for line in told.lines} == {"refused"}
    assert told.state == "ended"
    assert balance("remitted:interior") == balance("payout_in_transit:collection-ils") == 0


def test_a_status_about_nothing_of_ours_changes_nothing(due):
    payout = proposed()
    assert payouts.take_status(status("BO-2026-ZZZZZZZZ", whole="RJCT"), at=AT) is None
    assert payouts.take_status(status(payout.reference, whole="RJCT"), at=AT) is None
    assert payouts.get_payout(payout.reference).state == "proposed"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a/>",
        b"not xml",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">&x;</Document>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt/></Document>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>',
    ],
)
def test_what_is_no_status_is_refused(body):
    with pytest.raises(payouts.StatusMalformed):
        payouts.take_status(body, at=AT)


@pytest.mark.parametrize(
    ("verb", "refusal"),
    [
        (lambda: proposed(by=Actor(ActorKind.STAFF, "S-2026-CCCCCCCC", roles=frozenset({"cashier"}))), payouts.PayoutsTreasurerOnly),
        (lambda: proposed(by=Actor(ActorKind.CITIZEN, "P-2026-CCCCCCCC", roles=frozenset({"treasurer"}))), payouts.PayoutsTreasurerOnly),
        (lambda: payouts.approve_payout("BO-2026-ZZZZZZZZ", FROM, by=OTHER, at=AT), payouts.PayoutNotFound),
        (lambda: payouts.reject_payout("'; DROP", words="x", by=OTHER, at=AT), payouts.PayoutNotFound),
        (lambda: payouts.reject_payout(proposed().reference, words=" ", by=OTHER, at=AT), payouts.PayoutWordsMissing),
        (lambda: payouts.get_order("BO-2026-ZZZZZZZZ"), payouts.PayoutNotFound),
    ],
)  # fmt: skip
def test_who_may_not_and_what_is_not_there(due, verb, refusal):
    with pytest.raises(refusal):
        verb()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM payouts_payout",
        "DELETE FROM payouts_payoutline",
        "UPDATE payouts_payoutline SET amount_minor = amount_minor + 1",
        "UPDATE payouts_payoutline SET beneficiary_id = beneficiary_id + 1",
        "UPDATE payouts_payout SET total_minor = 1",
        "UPDATE payouts_payout SET \"order\" = 'x'",
        "UPDATE payouts_payout SET decision = 'approved', decided_by = proposed_by, decided_at = now(), \"order\" = 'x'",
        "UPDATE payouts_payoutline SET state = 'paid'",
    ],
)
def test_the_database_refuses_what_the_verbs_would_not_do(due, statement):
    approved() if "\"order\" = 'x'" in statement and "decision" not in statement else proposed()
    with (
        pytest.raises((DatabaseError, IntegrityError), match="payout"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@bounds(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["interior", "health"]), st.integers(1, 5_000)), min_size=1, max_size=4),
    st.lists(st.sampled_from(["refuse", "pay", "bring back", "give back"]), max_size=6),
)
def test_whatever_happens_nobody_gets_more_than_was_earned(db, fees, happenings):
    with suppress(UndoneError), transaction.atomic():
        for institution, minor in fees:
            earned(minor, institution=institution)
        closed()
        registered()
        registered("health")
        for turn, what in enumerate(happenings):
            _happens(what, at=later(hours=turn))
            for institution in ("interior", "health"):
                revenue = -balance(f"revenue:{institution}:certificates")
                assert 0 <= balance(f"remitted:{institution}") <= max(revenue, balance(f"remitted:{institution}"))
                assert payouts.get_suggestion(FROM, at=later(hours=turn)).available.amount_minor >= 0
            assert payouts.check() == []
        assert sum(one.amount_minor for one in ledger.list_balances().values()) == 0
        raise UndoneError


def _happens(what, *, at):
    if what == "give back":
        held = -balance("revenue:interior:certificates") - balance("remitted:interior")
        if held > 0:
            moved("revenue:interior:certificates", "refunds_payable", 1, at=at)
        return
    try:
        payout = approved(proposed(at=at), at=at)
    except (payouts.NothingToPayOut, payouts.PayoutExceedsBank, payouts.PayoutStale):
        return
    for line in payout.lines:
        if what == "refuse":
            payouts.take_status(status(payout.reference, lines=[(line.reference, "RJCT")]), at=at)
            continue
        with transaction.atomic():
            moved("payout_in_transit:collection-ils", "bank:collection-ils", line.amount.amount_minor, at=at)
            payouts.note_booked(line.reference, entry=f"E-{line.reference}", amount=-line.amount, on=at.date(), at=at)
        if what == "bring back":
            with transaction.atomic():
                moved("bank:collection-ils", "payout_in_transit:collection-ils", line.amount.amount_minor, at=at)
                payouts.note_booked(
                    line.reference, entry=f"R-{line.reference}", amount=line.amount, on=at.date(), at=at
                )
