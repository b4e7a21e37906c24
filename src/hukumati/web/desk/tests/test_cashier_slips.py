"""A card on the terminal of the cash desk, from the code to the slip, and back to the card."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from hukumati.domain.identity.tests.builders import a_citizen, a_staff, sign_in
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.tests.builders import a_charge
from hukumati.domain.policies.tests.builders import load
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money
from hukumati.web.desk.pages.cashier_forms import SignedAmountField
from hukumati.web.desk.tests.test_cashier import a_code, html, open_drawer, the_drawer

pytestmark = pytest.mark.django_db
DESK = "/en/desk/cashier/"
SLIP = {"terminal": "70000012", "number": "123456789012", "authorisation": "A1B2C3", "last_four": "0023"}


@pytest.fixture
def cashier(client):
    sign_in(client, a_staff(role="cashier", institution="telecom", office="post-ramallah"))
    open_drawer(client, "0")
    return client


@pytest.fixture
def charge():
    return a_charge(payer=a_citizen(at=timezone.now()).account_id, at=timezone.now())


def take(client, charge, **more):
    typed = {"code": a_code(charge), "drawer": the_drawer()} | SLIP | more
    return client.post(f"{DESK}slip/", typed)


def test_the_slip_is_entered_and_the_receipt_says_how_it_was_paid(cashier, charge):
    shown = html(cashier.get(f"{DESK}charge/", {"code": a_code(charge)}))
    assert "By card on the terminal" in shown
    assert "70000012" in shown
    answer = take(cashier, charge)
    receipt = html(cashier.get(answer.url))
    assert "Card at the counter" in receipt
    drawer = html(cashier.get(DESK))
    assert "Slips of the terminal" in drawer
    assert "70000012-123456789012" in drawer


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"number": "12345"}, "has 12 digits"),
        ({"authorisation": "x"}, "6 letters or digits"),
        ({"last_four": ""}, "last four digits"),
        ({"terminal": "70000011"}, "No such terminal"),
        ({"number": "9" * 500}, "has 12 digits"),
    ],
)
def test_a_mistyped_slip_is_said_beside_what_was_typed(cashier, charge, more, words):
    answer = take(cashier, charge, **more)
    assert answer.status_code == 422
    assert words in html(answer)
    assert payments.get_charge(charge.reference).state == payments.ChargeState.OPEN


def test_a_slip_that_stands_for_another_payment_is_refused(cashier, charge):
    take(cashier, charge)
    other = a_charge(payer=a_citizen(at=timezone.now()).account_id, at=timezone.now())
    assert "stands for another payment" in html(take(cashier, other))


def test_an_office_without_a_terminal_is_asked_for_no_slip(charge):
    client = sign_in(Client(), a_staff(role="cashier", institution="telecom", office="post-jenin"))
    open_drawer(client, "0")
    assert "By card on the terminal" not in html(client.get(f"{DESK}charge/", {"code": a_code(charge)}))


def test_a_policy_without_cash_leaves_the_terminal(cashier, charge):
    code = a_code(charge)
    load("card", "terminal", at=timezone.now())
    shown = html(cashier.get(f"{DESK}charge/", {"code": code}))
    assert "Not in cash: not allowed for this service" in shown
    assert "I have taken" not in shown
    refused = cashier.post(f"{DESK}take/", {"code": code, "drawer": the_drawer()})
    assert "The payment policy does not let this fee" in html(refused)
    assert cashier.post(f"{DESK}slip/", {"code": code, "drawer": the_drawer()} | SLIP).status_code == 302


def test_it_goes_back_to_the_card_once_the_code_was_checked(cashier, charge):
    take(cashier, charge)
    other = sign_in(Client(), a_staff(role="cashier", institution="telecom", office="post-ramallah"))
    promised = payments.refund(charge.reference, amount=Money(2500), reason="r", by=system("tests"), at=timezone.now())
    code = payments.offer_refund_code(promised.reference, at=timezone.now()).code
    other.post(f"{DESK}open/", {"floated": "0"})
    drawer = payments.find_open_drawer(other.get(DESK).wsgi_request.actor.id).reference
    typed = {"refund": promised.reference, "drawer": drawer, "identity": "seen"}
    assert "Check the code" in html(other.get(f"{DESK}refund/", {"reference": promised.reference}))
    wrong = other.post(f"{DESK}pay-out/", typed | {"code": "000000" if code != "000000" else "111111"})
    assert "The code is wrong" in html(wrong)
    right = html(other.post(f"{DESK}pay-out/", typed | {"code": code}))
    assert "back on the terminal now" in right
    assert payments.get_refund(promised.reference).state == payments.RefundState.PROMISED
    mistyped = other.post(f"{DESK}pay-out/", typed | {"code": code} | SLIP | {"number": "1"})
    assert "has 12 digits" in html(mistyped)
    done = other.post(f"{DESK}pay-out/", typed | {"code": code} | SLIP | {"number": "210987654321"}, follow=True)
    assert "is written as given back to the card" in html(done)
    assert payments.get_refund(promised.reference).state == payments.RefundState.CONFIRMED


def test_the_drawer_is_closed_with_the_terminals_own_total(cashier, charge):
    take(cashier, charge)
    drawer = the_drawer()
    assert "own total" in html(cashier.get(f"{DESK}close/"))
    assert cashier.post(f"{DESK}close/", {"counted": "0"}).status_code == 422
    closed = html(cashier.post(f"{DESK}close/", {"counted": "0", "slips_counted": "24"}, follow=True))
    assert "total differs by" in closed
    assert payments.list_slips_of(drawer)


def test_more_may_have_gone_back_than_came():
    assert SignedAmountField().clean("-٥٫٥٠") == Money(-550)
    assert SignedAmountField().clean("5.5") == Money(550)
