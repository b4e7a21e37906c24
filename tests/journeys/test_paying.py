"""What can happen on the way from the fee to the receipt."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.citizen import CARDS
from tests.journeys.words import service_said


@pytest.mark.parametrize("card", ["declined", "no_money"])
def test_a_declined_card_costs_nothing_and_another_card_pays(a_citizen, card):
    citizen = a_citizen(language="en")
    reference = citizen.apply()
    before = len(citizen.state.list_sms(CARDS[card][1]))
    citizen.choose_way("Bank card")
    citizen.type_card(card)
    if card == "no_money":
        citizen.confirm_at_bank(card, before=before)
    citizen.page.wait_for_url(re.compile(re.escape(citizen.state.url)))
    citizen.reads_heading(citizen.words("The payment was declined"))
    citizen.reads(citizen.words("Nothing was charged"))

    citizen.follow("Try again or pay another way")
    citizen.pay_by_card()
    citizen.reads_heading(citizen.words("The fee is paid"))
    citizen.go(f"/applications/{reference}/")
    citizen.reads(citizen.words("Fee paid"))


def test_turning_back_at_the_bank_costs_nothing_and_the_application_waits(a_citizen):
    citizen = a_citizen(width=390)
    reference = citizen.apply()
    citizen.choose_way("Bank card")
    citizen.page.wait_for_url(re.compile(re.escape(citizen.state.gateway)))
    citizen.page.locator("form[action*=cancel] button").click()
    citizen.page.wait_for_url(re.compile(re.escape(citizen.state.url)))
    citizen.reads_heading(citizen.words("You turned back without paying"))
    citizen.go(f"/applications/{reference}/")
    citizen.reads(citizen.words("The fee is not paid yet"))
    citizen.follow("Pay")
    citizen.pay_by_card()
    citizen.reads_heading(citizen.words("The fee is paid"))


def test_the_page_with_the_code_moves_on_by_itself_when_the_cashier_has_the_money(a_citizen, an_employee):
    citizen, cashier = a_citizen(width=390), an_employee("cashier")
    citizen.apply()
    citizen.choose_way("Cash at a post office")
    citizen.reads_heading(citizen.words("Your code for paying in cash"))
    cashier.open_drawer()
    code = citizen.page.locator(".code-panel-code").inner_text()
    cashier.take_cash(code, owed=service_said("interior.birth_certificate_copy", "name", cashier.language))
    expect(citizen.page.get_by_role("heading", level=1)).to_have_text(citizen.words("The fee is paid"), timeout=20_000)


def test_a_yes_on_the_telephone_moves_the_page_on_to_the_receipt_and_its_file(a_citizen):
    citizen = a_citizen(width=390)
    citizen.apply()
    citizen.choose_way("Wallet")
    citizen.reads_heading(citizen.words("Pay from a wallet"))
    citizen.ask_wallet("0599700011")
    citizen.reads_heading(citizen.words("Say yes on your telephone"))
    citizen.approve_in_wallet("0599700011")
    expect(citizen.page.get_by_role("heading", level=1)).to_have_text(citizen.words("The fee is paid"), timeout=20_000)
    with citizen.page.expect_download() as taken:
        citizen.page.locator("a[download]").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF-")
