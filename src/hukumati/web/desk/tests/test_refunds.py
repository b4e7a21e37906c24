"""Two treasurers and a fee that goes back: from the charge's page to the second person's decision."""

from __future__ import annotations

import pytest
from django.test import Client

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.tests.builders import a_charge, pay_cash
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
DESK = "/en/desk/"


def treasurer():
    return sign_in(Client(), a_staff(role=Role.TREASURER, institution="finance", office=""))


def propose(client, charge, **more):
    typed = {"amount": "10.00", "why": "charged_wrongly", "words": "the wrong child"} | more
    return client.post(f"{DESK}books/charges/{charge}/propose/", typed, follow=True)


def test_one_proposes_another_approves_and_the_citizen_is_promised_it():
    first, second = treasurer(), treasurer()
    charge = pay_cash(a_charge()).charge_reference
    assert "Give it back" in first.get(f"{DESK}books/charges/{charge}/").content.decode()
    page = propose(first, charge).content.decode()
    assert "Another treasurer decides." in page
    assert "Approve:" not in page
    (one,) = payments.list_refund_proposals()
    where = f"{DESK}refunds/{one.reference}/"
    assert "Nobody decides what they proposed" in first.post(f"{where}approve/", follow=True).content.decode()
    assert one.reference in second.get(f"{DESK}refunds/").content.decode()
    assert "the wrong child" in second.get(where).content.decode()
    assert "The refund is promised now" in second.post(f"{where}approve/", follow=True).content.decode()
    assert "already" in second.post(f"{where}approve/", follow=True).content.decode()
    (promised,) = payments.list_refunds(charge)
    assert promised.amount == Money(1000)


def test_a_rejection_needs_its_reason():
    first, second = treasurer(), treasurer()
    propose(first, pay_cash(a_charge()).charge_reference)
    (one,) = payments.list_refund_proposals()
    where = f"{DESK}refunds/{one.reference}/"
    assert second.post(f"{where}reject/", {"words": ""}).status_code == 422
    assert (
        "Nothing goes back" in second.post(f"{where}reject/", {"words": "it was right"}, follow=True).content.decode()
    )
    assert payments.list_refunds(one.charge_reference) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"amount": "25.01"}, "25.00"),
        ({"amount": "ten"}, "Enter the amount in shekels"),
        ({"amount": ""}, "Enter the amount"),
        ({"why": "because"}, "Choose a reason"),
        ({"words": ""}, "f-words-error"),
        ({"amount": "9" * 400}, "Enter the amount in shekels"),
    ],
)
def test_what_cannot_be_proposed_is_said_beside_what_was_typed(typed, words):
    answer = propose(treasurer(), pay_cash(a_charge()).charge_reference, **typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert payments.list_refund_proposals() == []
