"""Which ways a charge can be paid by here, and with whom a payment stays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import a_charge, later, start

pytestmark = pytest.mark.django_db


def test_a_way_that_the_service_does_not_offer_is_refused_and_begins_nothing(provider):
    charge = a_charge(ways=("cash",))
    with pytest.raises(payments.WayNotOffered):
        start(charge)
    assert not provider.asked
    assert not Attempt.objects.exists()


def test_a_way_behind_which_nobody_stands_here_is_refused(provider, settings):
    settings.PAYMENT_PROVIDERS = {}
    assert not payments.is_open("card")
    with pytest.raises(payments.WayNotOffered):
        start(a_charge())


@pytest.mark.parametrize("ways", [[], ["gold"], ["card", "gold"]])
def test_a_charge_that_nobody_could_pay_is_not_kept(ways):
    with pytest.raises(IntegrityError, match="charge_can_be_paid_somehow"), transaction.atomic():
        a_charge(ways=ways)


def test_a_payment_stays_with_whom_it_began_when_new_ones_go_elsewhere(provider, settings):
    charge = a_charge()
    handoff = start(charge)
    settings.PAYMENT_PROVIDERS = {"card": "another"}
    provider.says(handoff.attempt_reference, Told.PAID)
    payments.look_up(handoff.attempt_reference, at=later(minutes=1))
    assert payments.get_charge(charge.reference).state == payments.ChargeState.PAID
    assert [attempt.provider for attempt in payments.list_attempts(charge.reference)] == ["card"]


def test_a_payment_that_was_found_by_asking_still_leads_to_its_page(provider):
    """Its start was lost, and what is told of it when asked has no page: the payer must not stand before nothing."""
    charge = a_charge()
    provider.lose_answers = True
    with pytest.raises(payments.ProviderUnavailable):
        start(charge)
    provider.lose_answers = False
    attempt = Attempt.objects.get()
    payments.look_up(attempt.reference, at=later(minutes=1))
    attempt.refresh_from_db()
    assert (bool(attempt.provider_payment_id), attempt.redirect_url) == (True, "")
    assert start(charge, at=later(minutes=2)).redirect_url.startswith("http://bank/")
    assert len(provider.payments) == 1
