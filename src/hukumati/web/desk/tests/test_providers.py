"""Whoever is on call sees how a provider stands, and asks it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import a_charge, start
from hukumati.domain.payments.tests.conftest import provider  # noqa: F401

pytestmark = pytest.mark.django_db
PROVIDERS = "/en/desk/providers/"


@pytest.fixture
def operator():
    return sign_in(Client(), a_staff(role=Role.OPERATOR, institution="telecom", office=""))


def page_of(response):
    return response.content.decode()


def test_what_came_in_and_what_waits_is_told(operator, provider):  # noqa: F811
    now = timezone.now()
    paid, waits = (start(a_charge(at=now), at=now).attempt_reference for _turn in range(2))
    provider.says(paid, Told.PAID)
    payments.look_up(paid, at=now)
    watched = payments.watch("card", at=timezone.now())
    assert (watched.paid_in_hour.count, watched.undecided.count, watched.left_open.count) == (1, 1, 0)
    assert watched.undecided.oldest == now
    assert watched.ways == (payments.Way.CARD,)
    listed = page_of(operator.get(PROVIDERS))
    assert "Bank card" in listed
    assert "Card at the counter" in listed
    shown = page_of(operator.get(f"{PROVIDERS}card/"))
    assert "Nothing differs." in shown
    assert waits not in shown


def test_forged_notices_are_counted_and_listed_without_their_bytes(operator, provider):  # noqa: F811
    for _turn in range(3):
        with pytest.raises(payments.NoticeForged):
            payments.take_notice("card", body=b"secret-looking", headers={}, at=timezone.now())
    shown = page_of(operator.get(f"{PROVIDERS}card/"))
    assert "The signature does not hold" in shown
    assert "secret-looking" not in shown
    assert payments.watch("card", at=timezone.now()).forged_in_day.count == 3


def test_it_is_asked_and_says_how_it_answers(operator, provider):  # noqa: F811
    assert "It answered in" in page_of(operator.post(f"{PROVIDERS}card/ask/", follow=True))
    provider.down = True
    assert "It does not answer: down" in page_of(operator.post(f"{PROVIDERS}card/ask/", follow=True))


def test_a_provider_that_is_none_is_not_found(operator):
    assert operator.get(f"{PROVIDERS}nobody/").status_code == 404
    assert operator.post(f"{PROVIDERS}nobody/ask/").status_code == 404
