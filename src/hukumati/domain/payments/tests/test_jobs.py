"""What the clock starts."""

from __future__ import annotations

import pytest

from hukumati.domain.payments import api as payments
from hukumati.domain.payments import jobs, queries
from hukumati.domain.payments.models import Attempt, Receipt
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
