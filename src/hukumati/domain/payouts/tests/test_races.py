"""Two who approve at once. The race is first shown with the lock taken away: then only the database's own rule stands."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet

from hukumati.domain.payments.tests.test_races import at_once, meeting
from hukumati.domain.payouts import api as payouts
from hukumati.domain.payouts.actions import accounts as actions
from hukumati.domain.payouts.models import BeneficiaryAccount
from hukumati.domain.payouts.tests.test_beneficiaries import AT, OTHER, propose
from hukumati.kernel.actor import Actor, ActorKind

pytestmark = pytest.mark.django_db(transaction=True)
THIRD = Actor(ActorKind.STAFF, "S-2026-DDDDDDDD", roles=frozenset({"treasurer"}))


def approve_twice(monkeypatch):
    account = propose().reference
    with meeting(monkeypatch, actions.identity, "is_same_person"):
        return at_once(
            lambda: payouts.approve_beneficiary(account, by=OTHER, at=AT),
            lambda: payouts.approve_beneficiary(account, by=THIRD, at=AT),
        )


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_without_the_lock_two_come_to_approve_and_the_database_takes_one(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    answers = approve_twice(monkeypatch)
    (fault,) = (answer for answer in answers if isinstance(answer, DatabaseError))
    assert "Cannot update" in str(fault)
    (kept,) = (answer for answer in answers if isinstance(answer, payouts.BeneficiaryFacts))
    assert BeneficiaryAccount.objects.get().approved_by == kept.approved_by


def test_with_the_lock_the_second_is_told_that_it_is_decided(monkeypatch):
    answers = approve_twice(monkeypatch)
    assert kinds(answers) == ["BeneficiaryDecided", "BeneficiaryFacts"]
