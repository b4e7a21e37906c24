"""What a provider leaves undecided has an owner and a day, and is still asked about."""

from __future__ import annotations

import pytest

from hukumati.domain.payments import api as payments
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.queries import list_attempts_due
from hukumati.domain.payments.tests.builders import NOON, a_charge, later, start
from hukumati.domain.payments.tests.conftest import provider  # noqa: F401
from hukumati.domain.treasury import api as treasury
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
Kind = treasury.DifferenceKind


def opened(*, at):
    treasury.match(at=at)
    return [
        (one.kind, one.about)
        for one in treasury.list_differences()
        if one.kind in (Kind.UNDECIDED_PAYMENT, Kind.UNDECIDED_REFUND)
    ]


@pytest.fixture
def undecided(provider):  # noqa: F811
    """A payment that its provider has left waiting for four days."""
    attempt = start(a_charge(expires_at=later(days=30))).attempt_reference
    payments.look_up(attempt, at=later(days=2))
    payments.look_up(attempt, at=later(days=4))
    return attempt


def test_a_payment_that_its_provider_leaves_open_is_somebodys_to_answer(undecided):
    assert opened(at=later(days=2)) == []
    assert opened(at=later(days=4)) == [(Kind.UNDECIDED_PAYMENT, f"payment:{undecided}")]
    [one] = treasury.list_differences()
    assert (one.expected, one.found) == (Money(2500), Money(0))


def test_it_is_asked_about_each_day_and_answered_by_the_providers_word(undecided, provider):  # noqa: F811
    opened(at=later(days=4))
    assert undecided not in list_attempts_due(at=later(days=4, hours=23))
    assert undecided in list_attempts_due(at=later(days=5, minutes=1))
    provider.says(undecided, Told.PAID)
    payments.look_up(undecided, at=later(days=5, minutes=1))
    assert opened(at=later(days=5, hours=1)) == []
    [answered] = treasury.list_answered()
    assert answered.resolution == "explained_later"


def test_a_silent_provider_is_asked_again_tomorrow_and_not_each_minute(undecided, provider):  # noqa: F811
    provider.down = True
    payments.look_up(undecided, at=later(days=5, minutes=1))
    assert undecided not in list_attempts_due(at=later(days=5, minutes=5))
    assert undecided in list_attempts_due(at=later(days=7))


def test_asking_ends_after_sixty_days_and_the_difference_stays(undecided):
    payments.look_up(undecided, at=later(days=61))
    assert undecided not in list_attempts_due(at=later(days=400))
    assert opened(at=later(days=61)) == [(Kind.UNDECIDED_PAYMENT, f"payment:{undecided}")]


def test_a_refund_that_its_provider_leaves_open_is_somebodys_to_answer(provider):  # noqa: F811
    charge = a_charge()
    attempt = start(charge).attempt_reference
    provider.says(attempt, Told.PAID)
    payments.look_up(attempt, at=later(minutes=1))
    refund = payments.refund(charge.reference, amount=Money(2500), reason="r", by=system("t"), at=NOON)
    assert opened(at=later(days=5, minutes=-1)) == []
    assert opened(at=later(days=5, minutes=1)) == [(Kind.UNDECIDED_REFUND, f"refund:{refund.reference}")]
