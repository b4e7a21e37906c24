"""What the clock starts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hukumati.domain.payments import api as payments
from hukumati.domain.payments import jobs, queries
from hukumati.domain.payments.facts import NoticeOutcome
from hukumati.domain.payments.models import Attempt, Notice, Receipt
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import a_charge, start

pytestmark = pytest.mark.django_db


def test_one_round_goes_on_until_nothing_is_due_however_long_a_page_is(provider, monkeypatch):
    monkeypatch.setattr(queries, "LISTED_MAX", 2)
    references = [start(a_charge()).attempt_reference for _ in range(5)]
    for reference in references:
        provider.says(reference, Told.PAID)
    jobs.look_up_open_attempts(0)
    assert Receipt.objects.count() == 5


def test_a_round_asks_each_once_even_when_it_stays_due(monkeypatch, provider):
    reference = start(a_charge()).attempt_reference
    asked = []

    def note(reference, **_more):
        asked.append(reference)

    monkeypatch.setattr(jobs.attempts, "look_up", note)
    jobs.look_up_open_attempts(0)
    assert asked == [reference]
    assert Attempt.objects.get().state == payments.AttemptState.OPEN


def test_one_that_cannot_be_asked_holds_off_no_other_and_is_told(monkeypatch, provider):
    references = [start(a_charge()).attempt_reference for _ in range(3)]
    look_up = jobs.attempts.look_up

    def ask(reference, **more):
        if reference == references[0]:
            raise RuntimeError("a fault of ours")
        return look_up(reference, **more)

    for reference in references:
        provider.says(reference, Told.PAID)
    monkeypatch.setattr(jobs.attempts, "look_up", ask)
    with pytest.raises(RuntimeError):
        jobs.look_up_open_attempts(0)
    assert Receipt.objects.count() == 2


def test_a_provider_that_lost_its_address_holds_off_no_other(provider, settings):
    found = start(a_charge()).attempt_reference
    settings.PORTS = {
        **settings.PORTS,
        "payments.gone": {
            "adapter": "hukumati.adapters.payment_gateway.HostedCard",
            "options": {"base_url": "", "api_key": "", "notice_key": "", "merchant": "m", "notice_url": ""},
        },
    }
    settings.PAYMENT_PROVIDERS = {"card": "gone"}
    with pytest.raises(payments.ProviderUnavailable):
        start(a_charge())
    provider.says(found, Told.PAID)
    jobs.look_up_open_attempts(0)
    assert Receipt.objects.count() == 1
    with pytest.raises(payments.NoticeForged):
        payments.take_notice("gone", body=b"{}", headers={}, at=timezone.now())


def test_a_notice_about_nothing_of_ours_does_not_stop_those_behind_it(provider):
    """Whoever took it died before deciding; it would have been asked about for ever."""
    at = timezone.now() - timedelta(minutes=5)
    for number, about in enumerate(["T-2026-NOT2URS2", start(a_charge()).attempt_reference]):
        Notice.objects.create(
            provider="card", notice_id=f"n-{number}", kind="payment.paid", about=about, body=b"{}", headers={},
            verified=True, received_at=at, outcome=NoticeOutcome.WAITING,
        )  # fmt: skip
    provider.says(Attempt.objects.get().reference, Told.PAID)
    jobs.notices.answer_waiting(at=timezone.now())
    assert [row.outcome for row in Notice.objects.order_by("pk")] == ["unknown_reference", "applied"]
