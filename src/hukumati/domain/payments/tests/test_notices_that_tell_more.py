"""Notices that are the only word: what a payment is called for a refund, and how a refund ended that nobody can ask about."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt, Notice, Refund
from hukumati.domain.payments.ports import ProviderUnreachableError, Told
from hukumati.domain.payments.tests.builders import NOON, TREASURER, a_charge, later, start
from hukumati.infra.audit.models import Entry
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_agree():
    yield
    assert ledger.check() == []
    assert payments.check() == []


@pytest.fixture
def silent_about_refunds(provider, monkeypatch):
    """A provider that takes refunds and cannot be asked about them."""

    def nothing(_refund_id):
        raise ProviderUnreachableError("cannot be asked")

    monkeypatch.setattr(provider, "look_up_refund", nothing)
    return provider


def tell(provider, reference, *, at=NOON, **said):
    payments.take_notice("card", **provider.notice(reference, **said), at=at)


def a_paid_charge(provider, **said):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    tell(provider, reference, **said)
    return charge, reference


def capture_of(reference):
    return Attempt.objects.get(reference=reference).provider_capture_id


def outcomes():
    return sorted(Notice.objects.values_list("outcome", flat=True))


def a_refund(charge):
    return payments.refund(charge.reference, amount=Money(1000), reason="once", by=TREASURER, at=NOON).reference


def test_a_refund_names_what_the_notice_called_the_payment(provider):
    charge, reference = a_paid_charge(provider, capture_id="psp_1")
    payments.send_refund(a_refund(charge), at=NOON)
    assert [attempt.capture_id for attempt in provider.gave_back_from] == [capture_of(reference)] == ["psp_1"]


def test_a_name_is_kept_although_the_provider_cannot_be_asked_just_then(provider):
    reference = start(a_charge()).attempt_reference
    provider.says(reference, Told.PAID)
    provider.down = True
    tell(provider, reference, capture_id="psp_1")
    provider.down = False
    payments.look_up(reference, at=later(minutes=1))
    assert (capture_of(reference), outcomes()) == ("psp_1", ["applied"])


def test_a_name_that_comes_after_the_payment_was_found_by_asking_is_kept(provider):
    reference = start(a_charge()).attempt_reference
    provider.says(reference, Told.PAID)
    payments.look_up(reference, at=later(minutes=1))
    tell(provider, reference, capture_id="psp_1", at=later(minutes=2))
    assert capture_of(reference) == "psp_1"


def test_a_notice_over_other_figures_names_nothing(provider):
    _, reference = a_paid_charge(provider, capture_id="psp_1", amount_minor=1)
    assert (capture_of(reference), outcomes()) == ("", ["mismatched"])


def test_a_second_name_for_one_payment_is_recorded_and_the_first_stays(provider):
    _, reference = a_paid_charge(provider, capture_id="psp_1")
    tell(provider, reference, capture_id="psp_2")
    assert (capture_of(reference), outcomes()) == ("psp_1", ["applied", "mismatched"])
    assert Entry.objects.filter(code="payments.notice_mismatched").count() == 1


def test_one_name_pays_one_attempt(provider):
    a_paid_charge(provider, capture_id="psp_1")
    _, other = a_paid_charge(provider, capture_id="psp_1")
    assert (capture_of(other), outcomes()) == ("", ["applied", "mismatched"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(reference=other).update(provider_capture_id="psp_1")


@pytest.mark.parametrize("told", ["confirmed", "failed"])
@pytest.mark.parametrize("answer_was_lost", [True, False])
def test_the_signed_word_ends_a_refund_that_nobody_can_ask_about(silent_about_refunds, told, answer_was_lost):
    provider = silent_about_refunds
    charge, reference = a_paid_charge(provider)
    refund = a_refund(charge)
    provider.lose_answers = answer_was_lost
    payments.send_refund(refund, at=NOON)
    provider.lose_answers = False
    for _ in range(2):
        tell(provider, reference, notice_id="n", refund_reference=refund, refund_told=told, amount_minor=1000)
    assert Refund.objects.get(reference=refund).state == told
    assert ledger.balance("provider:card") == Money(1500 if told == "confirmed" else 2500)
    assert outcomes() == ["applied", "applied"]


def test_a_refunds_notice_over_other_figures_is_not_believed(silent_about_refunds):
    charge, reference = a_paid_charge(silent_about_refunds)
    refund = a_refund(charge)
    payments.send_refund(refund, at=NOON)
    tell(silent_about_refunds, reference, refund_reference=refund, refund_told="confirmed", amount_minor=999)
    assert (Refund.objects.get(reference=refund).state, outcomes()) == ("sent", ["applied", "mismatched"])


def test_a_refund_that_failed_after_all_is_recorded_for_a_person(silent_about_refunds):
    provider = silent_about_refunds
    charge, reference = a_paid_charge(provider)
    refund = a_refund(charge)
    payments.send_refund(refund, at=NOON)
    for told in ("confirmed", "failed"):
        tell(provider, reference, refund_reference=refund, refund_told=told, amount_minor=1000)
    assert (Refund.objects.get(reference=refund).state, outcomes()) == (
        "confirmed",
        ["applied", "applied", "mismatched"],
    )
