"""A provider confirms another payment than it was asked for: it has an owner at once, and goes back when two people say so, once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, actor_of
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Refund
from hukumati.domain.payments.ports import RefundTold, Told
from hukumati.domain.payments.tests.builders import NOON, TREASURER, a_charge, later, start
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury import jobs
from hukumati.domain.treasury.facts import DifferenceKind
from hukumati.domain.treasury.tests.banks import entry, statement
from hukumati.infra.outbox.models import Event
from hukumati.kernel.money import Money

A_DAY_LATER = later(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_agree():
    yield
    assert [*ledger.check(), *payments.check(), *treasury.check()] == []


def paid_otherwise(provider, **said):
    """25.00 were asked for; the provider says it took something else."""
    charge = a_charge()
    attempt = start(charge).attempt_reference
    provider.says(attempt, Told.PAID, **said)
    payments.look_up(attempt, at=NOON)
    return charge, attempt


def the_difference(at=A_DAY_LATER):
    treasury.match(at=at)
    (found,) = treasury.list_differences(kind=DifferenceKind.UNASKED_PAYMENT)
    return found


def another_treasurer():
    return actor_of(a_staff(role=Role.TREASURER, institution="finance", office=""))


def propose(found, target, *, kind=treasury.ClearingKind.GIVEN_BACK, by=TREASURER):
    return treasury.propose_clearing(
        found.reference, kind=kind, target=target, words="the provider says so too", by=by, at=A_DAY_LATER
    )


def give_back(found, attempt):
    propose(found, attempt)
    treasury.approve_clearing(found.reference, by=another_treasurer(), at=A_DAY_LATER)


@pytest.mark.parametrize(("said", "expected"), [({"amount_minor": 2400}, Money(2500)), ({"currency": "USD"}, None)])
def test_it_has_an_owner_and_a_day_as_soon_as_its_event_is_heard(provider, said, expected):
    charge, attempt = paid_otherwise(provider, **said)
    assert {fault.code for fault in treasury.check()} == {
        "treasury.suspended_without_owner",
        "treasury.suspense_differs",
    }
    (event,) = Event.objects.filter(name="payments.attempt_suspended")
    for _ in range(2):
        jobs.on_attempt_suspended(about=event.about, **event.facts)
    found = the_difference()
    held = Money(said.get("amount_minor", 2500), said.get("currency", "ILS"))
    assert (found.about, found.where, found.expected, found.found) == (f"payment:{attempt}", "card", expected, held)
    assert found.evidence["charge"] == charge.reference
    assert found.due_on > date(2026, 11, 23)


def test_no_comparison_and_no_words_answer_it(provider):
    paid_otherwise(provider, amount_minor=2400)
    found = the_difference()
    assert the_difference(at=later(days=400)).reference == found.reference
    with pytest.raises(treasury.StillInSuspense):
        treasury.resolve(found.reference, reason="it is all right", by=TREASURER, at=A_DAY_LATER)


def test_it_goes_back_to_the_payer_when_two_say_so(provider):
    charge, attempt = paid_otherwise(provider, amount_minor=9900)
    found = the_difference()
    propose(found, attempt)
    with pytest.raises(treasury.ClearsOwnProposal):
        treasury.approve_clearing(found.reference, by=TREASURER, at=A_DAY_LATER)
    assert payments.list_refunds(charge.reference) == []
    treasury.approve_clearing(found.reference, by=another_treasurer(), at=A_DAY_LATER)
    (back,) = payments.list_refunds(charge.reference)
    assert (back.amount, back.cause) == (Money(9900), payments.RefundCause.UNASKED)
    assert (treasury.suspense(), ledger.balance("refunds_payable")) == (Money(0), Money(-9900))
    assert treasury.list_differences() == []

    payments.send_refund(back.reference, at=A_DAY_LATER)
    provider.refund_says(back.reference, RefundTold.CONFIRMED)
    payments.send_refund(back.reference, at=later(days=2))
    assert payments.get_refund(back.reference).state == payments.RefundState.CONFIRMED
    assert (ledger.balance("provider:card"), ledger.balance("refunds_payable")) == (Money(0), Money(0))
    assert payments.get_charge(charge.reference).state == payments.ChargeState.OPEN


def test_it_goes_back_once(provider):
    charge, attempt = paid_otherwise(provider, amount_minor=2400)
    give_back(the_difference(), attempt)
    again = payments.give_back_unasked(attempt, by=TREASURER, at=A_DAY_LATER)
    assert [one.reference for one in payments.list_refunds(charge.reference)] == [again.reference]
    row = Refund.objects.get()
    row.pk, row.reference = None, "F-2026-23456789"
    with pytest.raises(IntegrityError, match="refund_automatic_once_per_attempt"), transaction.atomic():
        row.save(force_insert=True)
    treasury.match(at=later(days=2))
    assert treasury.list_differences(kind=DifferenceKind.UNASKED_PAYMENT) == []


def test_only_this_payment_goes_back_and_it_is_nothing_else(provider):
    _charge, attempt = paid_otherwise(provider, amount_minor=2400)
    _charge, other = paid_otherwise(provider, amount_minor=2300)
    treasury.match(at=A_DAY_LATER)
    (found,) = [one for one in treasury.list_differences() if one.about.endswith(attempt)]
    for kind, target in (("given_back", other), ("given_back", ""), ("settlement", "card:2026-11-23")):
        with pytest.raises(treasury.TargetUnknown):
            propose(found, target, kind=treasury.ClearingKind(kind))


def test_money_of_the_bank_is_not_given_back_through_a_provider(provider):
    _charge, attempt = paid_otherwise(provider, amount_minor=2400)
    body = statement(entry("E-9", "24.00", remittance=attempt))
    treasury.take_file(body, name="a.xml", by=TREASURER, at=A_DAY_LATER)
    treasury.match(at=A_DAY_LATER)
    (found,) = treasury.list_differences(kind=DifferenceKind.UNKNOWN_ENTRY)
    with pytest.raises(treasury.TargetUnknown):
        propose(found, attempt)


def test_a_currency_that_we_do_not_keep_is_answered_in_words_for_there_is_no_money(provider):
    _charge, attempt = paid_otherwise(provider, currency="XTS")
    found = the_difference()
    assert found.found == Money(0)
    with pytest.raises(treasury.NothingToClear):
        propose(found, attempt)
    with pytest.raises(payments.NotPaid):
        payments.give_back_unasked(attempt, by=TREASURER, at=A_DAY_LATER)
    treasury.resolve(found.reference, reason="a test of the provider's", by=TREASURER, at=A_DAY_LATER)
    treasury.match(at=later(days=2))
    assert treasury.list_differences() == []


def test_what_was_paid_as_asked_cannot_be_taken_for_something_else(provider):
    charge = a_charge()
    attempt = start(charge).attempt_reference
    provider.says(attempt, Told.PAID)
    payments.look_up(attempt, at=NOON)
    with pytest.raises(payments.NotPaid):
        payments.give_back_unasked(attempt, by=TREASURER, at=A_DAY_LATER)
