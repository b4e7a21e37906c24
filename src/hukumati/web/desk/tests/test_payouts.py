"""Two treasurers pay fees out: an account registered, an order proposed and approved, and what the bank said of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts import api as payouts
from hukumati.domain.payouts.tests.orders import IBANS, earned, status
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.tests.banks import entry, notice
from hukumati.kernel.actor import system

pytestmark = pytest.mark.django_db
PAYOUTS = "/en/desk/payouts/"


def treasurer():
    return sign_in(Client(), a_staff(role=Role.TREASURER, institution="finance", office=""))


def page_of(response):
    return response.content.decode()


def account(**more):
    today = timezone.localdate()
    typed = {"valid_from_day": today.day, "valid_from_month": today.month, "valid_from_year": today.year}
    said = {"institution": "interior", "iban": IBANS["interior"], "currency": "ILS"}
    return typed | said | {"instrument": "demo-revenue", "article": "4"} | more


@pytest.fixture
def due():
    """100.00 of interior's fees, in the bank, on a certified day."""
    earned(10_000, at=timezone.now() - timedelta(days=2))
    ledger.close_days(by=system("test"), at=timezone.now())


def register(first, second):
    first.post(f"{PAYOUTS}accounts/new/", account())
    [waiting] = payouts.list_waiting_beneficiaries()
    where = f"{PAYOUTS}accounts/{waiting.reference}/"
    assert "Another treasurer decides." in page_of(first.get(where))
    assert page_of(first.post(f"{where}approve/", follow=True)).count("Waits for a second person")
    assert "Approved. Fees of this institution" in page_of(second.post(f"{where}approve/", follow=True))
    return waiting


def test_from_an_account_to_the_banks_word(due):
    first, second = treasurer(), treasurer()
    assert "No account is registered" in page_of(first.get(PAYOUTS))
    register(first, second)
    assert "Propose to pay out" in page_of(first.get(PAYOUTS))
    page = page_of(first.post(f"{PAYOUTS}propose/", {"account": "collection-ils"}, follow=True))
    assert "nothing is ordered until then" in page
    assert "Approve: " not in page
    [payout] = payouts.list_payouts()
    where = f"{PAYOUTS}{payout.reference}/"
    assert "Nobody approves an order" in page_of(first.post(f"{where}approve/", follow=True))
    assert "The order goes to the bank now" in page_of(second.post(f"{where}approve/", follow=True))
    order = second.get(f"{where}order.xml")
    assert (order["Content-Type"], payout.lines[0].reference in page_of(order)) == ("application/xml", True)
    payouts.take_status(status(payout.reference), at=timezone.now())
    assert "Accepted by the bank" in page_of(first.get(where))
    booked = entry("PO-1", "-100.00", end_to_end=payout.lines[0].reference, booked=timezone.localdate().isoformat())
    treasury.take_file(notice(booked), name="n.xml", by=system("test"), at=timezone.now())
    listed = page_of(first.get(PAYOUTS))
    assert "2.0 days" in listed
    assert "Nothing is due" in listed
    assert "Paid" in page_of(first.get(where))


def test_a_rejection_needs_its_reason(due):
    first, second = treasurer(), treasurer()
    register(first, second)
    first.post(f"{PAYOUTS}propose/", {"account": "collection-ils"})
    where = f"{PAYOUTS}{payouts.list_payouts()[0].reference}/"
    assert second.post(f"{where}reject/", {"words": " "}).status_code == 422
    assert "Nothing is ordered." in page_of(second.post(f"{where}reject/", {"words": "not yet"}, follow=True))


def test_what_is_due_and_not_in_the_bank_is_said():
    first, second = treasurer(), treasurer()
    earned(10_000, at=timezone.now() - timedelta(days=2))
    earned(5_000, banked=False, at=timezone.now() - timedelta(days=2))
    ledger.close_days(by=system("test"), at=timezone.now())
    register(first, second)
    assert "More is due than the bank holds" in page_of(first.get(PAYOUTS))
    first.post(f"{PAYOUTS}propose/", {"account": "collection-ils"})
    assert [one.total.amount_minor for one in payouts.list_payouts()] == [10_000]


@pytest.mark.parametrize(
    "more",
    [
        {"iban": "PS00PALS000000000400900000101"},
        {"iban": "DE89370400440532013000"},
        {"iban": ""},
        {"iban": "x" * 500},
        {"institution": "nobody"},
        {"currency": "EUR"},
        {"article": ""},
        {"valid_from_day": "31", "valid_from_month": "2"},
    ],
)
def test_what_is_no_account_is_said_beside_what_was_typed(more):
    answer = treasurer().post(f"{PAYOUTS}accounts/new/", account(**more))
    assert answer.status_code == 422
    assert f"f-{next(iter(more)).removesuffix('_day')}-error" in page_of(answer)
    assert payouts.list_waiting_beneficiaries() == []


def test_an_account_is_ended_by_one_and_takes_nothing_more(due):
    first, second = treasurer(), treasurer()
    registered = register(first, second)
    where = f"{PAYOUTS}accounts/{registered.reference}/"
    assert "Nothing is paid there any more" in page_of(first.post(f"{where}end/", follow=True))
    assert "No account is registered" in page_of(first.get(PAYOUTS))


def test_lists_show_the_end_of_an_account_number_only(due):
    first, second = treasurer(), treasurer()
    register(first, second)
    listed = page_of(first.get(f"{PAYOUTS}accounts/"))
    assert IBANS["interior"][-4:] in listed
    assert IBANS["interior"][4:20] not in listed.replace(" ", "")


@pytest.mark.parametrize("path", ["BO-2026-ZZZZZZZZ/", "accounts/BA-2026-ZZZZZZZZ/", "BO-2026-ZZZZZZZZ/order.xml"])
def test_what_is_not_there_is_not_found(path):
    assert treasurer().get(f"{PAYOUTS}{path}").status_code == 404
