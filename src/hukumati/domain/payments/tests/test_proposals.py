"""Money goes back by hand only when two people say so; the database refuses one."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, actor_of
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.actions import proposals
from hukumati.domain.payments.models import RefundProposal
from hukumati.domain.payments.tests.builders import NOON, TREASURER, a_cashier, a_charge, later, pay_cash
from hukumati.kernel.money import Money
from hukumati.kernel.national_id import NationalId

pytestmark = pytest.mark.django_db
WHY = payments.RefundWhy.CHARGED_WRONGLY


@pytest.fixture(autouse=True)
def _the_books_agree():
    yield
    assert ledger.check() == []
    assert payments.check() == []


def another(**more):
    return actor_of(a_staff(role=Role.TREASURER, institution="finance", office="", **more))


def proposed(charge=None, *, minor=2500, by=TREASURER):
    charge = charge or pay_cash(a_charge()).charge_reference
    return payments.propose_refund(
        charge, amount=Money(minor), why=WHY, words="paid for the wrong child", by=by, at=NOON
    )


def test_nothing_is_promised_until_another_person_agrees():
    one = proposed(minor=1000)
    assert payments.list_refunds(one.charge_reference) == []
    assert not ledger.balance("refunds_payable")

    approved = payments.approve_refund(one.reference, by=another(), at=later(hours=1))

    (promised,) = payments.list_refunds(one.charge_reference)
    assert (promised.amount, promised.state, promised.reference) == (Money(1000), "promised", approved.refund_reference)
    assert ledger.balance("refunds_payable") == Money(-1000)
    assert payments.get_left_to_give_back(one.charge_reference) == Money(1500)


def test_nobody_decides_what_they_proposed():
    one = proposed()
    for decide in (
        lambda: payments.approve_refund(one.reference, by=TREASURER, at=NOON),
        lambda: payments.reject_refund(one.reference, words="no", by=TREASURER, at=NOON),
    ):
        with pytest.raises(payments.ApprovesOwnProposal):
            decide()
    with pytest.raises(IntegrityError, match="refund_proposal_takes_two"), transaction.atomic():
        RefundProposal.objects.update(
            decision="rejected", decided_by=one.proposed_by, decided_at=NOON, decision_words="x"
        )


def test_two_accounts_of_one_person_are_one_person_and_nobody_gives_to_themselves():
    number = NationalId("900000167")
    first, second = another(national_id=number), another(national_id=number)
    one = proposed(by=first)
    with pytest.raises(payments.ApprovesOwnProposal):
        payments.approve_refund(one.reference, by=second, at=NOON)
    charge = pay_cash(a_charge()).charge_reference
    payer = RefundProposal._meta.get_field("charge").related_model.objects.get(reference=charge).payer.login
    with pytest.raises(payments.ApprovesOwnProposal):
        proposed(charge, by=another(national_id=NationalId(payer)))


@pytest.mark.parametrize("minor", [2501, 0, -1])
def test_no_more_is_proposed_than_is_left(minor):
    with pytest.raises(payments.RefundTooLarge):
        proposed(minor=minor)


def test_what_is_left_is_looked_at_again_when_it_is_approved():
    one = proposed()
    payments.refund(one.charge_reference, amount=Money(1), reason="", by=TREASURER, at=NOON, cause="case_refused")
    with pytest.raises(payments.RefundTooLarge):
        payments.approve_refund(one.reference, by=another(), at=NOON)
    assert payments.get_refund_proposal(one.reference).decision == ""


def test_one_proposal_waits_per_charge_and_a_decided_one_stays_decided():
    one = proposed()
    with pytest.raises(payments.RefundAlreadyProposed):
        proposed(one.charge_reference, minor=1)
    payments.reject_refund(one.reference, words="the fee was right", by=another(), at=NOON)
    for decide in (payments.approve_refund, lambda r, **k: payments.reject_refund(r, words="x", **k)):
        with pytest.raises(payments.RefundProposalDecided):
            decide(one.reference, by=another(), at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        RefundProposal.objects.update(decision_words="another")
    assert proposed(one.charge_reference, minor=1).decision == ""


def test_only_treasurers_and_only_for_what_was_paid():
    with pytest.raises(payments.TreasurerOnly):
        proposed(by=a_cashier())
    with pytest.raises(payments.NotPaid):
        proposed(a_charge().reference)
    with pytest.raises(payments.ChargeNotFound):
        proposed("C-2026-ABCDEFGH")
    with pytest.raises(payments.WordsMissing):
        payments.propose_refund(
            pay_cash(a_charge()).charge_reference, amount=Money(1), why=WHY, words=" ", by=TREASURER, at=NOON
        )


def approvals_at_once(monkeypatch, *, locked):
    """Two treasurers approve one proposal at the same moment; how much was promised."""
    one = proposed(minor=1000)
    people = [another(), another()]
    both_have_looked = threading.Barrier(2, timeout=0.7)
    look = proposals._require_another

    def after_looking(row, *, by):
        look(row, by=by)
        with suppress(threading.BrokenBarrierError):  # the other one waits for the lock, as it should
            both_have_looked.wait()

    monkeypatch.setattr(proposals, "_require_another", after_looking)
    if not locked:
        from hukumati.domain.payments.models import LockingQuerySet

        monkeypatch.setattr(LockingQuerySet, "locked", lambda rows: rows.order_by("pk"))

    def approve(by):
        try:
            payments.approve_refund(one.reference, by=by, at=later(hours=1))
        except (payments.RefundProposalDecided, DatabaseError):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(refund.amount.amount_minor for refund in payments.list_refunds(one.charge_reference))


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_promise_once(monkeypatch):
    assert approvals_at_once(monkeypatch, locked=True) == 1000


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_still_refuses_the_second_approval(monkeypatch):
    assert approvals_at_once(monkeypatch, locked=False) == 1000
