"""What a citizen does on the portal, step by step."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.visitor import CERTIFICATE, Visitor
from tests.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.people import Person
    from tests.state import State

REFERENCE = re.compile(r"[A-Z]-\d{4}-[0-9A-Z]+")
# Who holds the card is nobody's business but the bank's, which sends its code to this telephone.
CARDS = {
    "good": ("9970000000000015", "+970590000001"),
    "declined": ("9970000000000031", "+970590000008"),
    "no_money": ("9970000000000049", "+970590000008"),
}


class Citizen(Visitor):
    """A visitor of the portal who is a certain person."""

    def __init__(self, page: Page, state: State, *, language: str, person: Person) -> None:
        super().__init__(page, state, language=language)
        self.person = person

    # the account
    def sign_up(self) -> None:
        self.go("/sign-up/")
        self.fill("ID number", self.person.national_id)
        self.fill_date("Date of birth", self.person.birth_date)
        self.fill_date("Date of issue of the identity card", self.person.card_issued_on)
        before = len(self.state.list_sms(self.person.mobile))
        self.press("Continue")
        self.reads_heading(self.words("The code on your phone"))
        self.type_code(before=before)
        self.press("Continue")
        self.fill("Choose a password", PASSWORD)
        self.press("Open my account")
        self.page.wait_for_url(re.compile(r"^(?!.*sign-up)"))

    def sign_in(self) -> None:
        self.go("/sign-in/")
        self.fill("ID number", self.person.national_id)
        self.fill("Password", PASSWORD)
        before = len(self.state.list_sms(self.person.mobile))
        self.press("Continue")
        self.reads_heading(self.words("The code on your phone"))
        self.type_code(before=before)
        self.press("Sign in")
        self.page.wait_for_url(re.compile(r"^(?!.*sign-in)"))

    def sign_out(self) -> None:
        self.go("/account/")
        self.press("Sign out")
        expect(self.page.get_by_role("banner").get_by_role("link", name=self.words("Sign in"))).to_be_visible()

    def type_code(self, *, before: int) -> None:
        self._main().locator("input[autocomplete=one-time-code]").fill(
            self.state.sms_code(self.person.mobile, after=before)
        )

    # the application
    def start_certificate(self) -> None:
        self.go(f"/services/{CERTIFICATE}/")
        self.follow("Start now")
        self.press("Start")
        self.reads_heading(self.words("For whom is it?"))

    def choose_whom(self, tie: str = "You") -> None:
        self._main().locator(".option", has=self.page.get_by_text(self.words(tie))).first.locator("label").click()
        self.press("Continue")
        self.reads_heading(self.service_words("page.record.title"))

    def see_record(self) -> None:
        self.press("Save and continue")
        self.reads_heading(self.service_words("page.certificate.title"))

    def answer_certificate(self, *, language: str = "both", copies: int = 2, press: str = "Save and continue") -> None:
        self.choose(self.service_words(f"field.language.option.{language}"))
        self._main().get_by_label(self.service_words("field.copies.label")).fill(str(copies))
        self.press(press)

    def answer_receiving(self, *, office: str = "") -> None:
        self.reads_heading(self.service_words("page.receiving.title"))
        self.choose(self.service_words(f"field.pick_up.option.{'counter' if office else 'download'}"))
        if office:
            self._main().get_by_label(self.service_words("field.office.label")).select_option(office)
        self.press("Save and continue")
        self.reads_heading(self.words("Check your answers"))

    def send(self) -> str:
        """Send it, and come to the payment; its reference."""
        self.press("Send the application and pay")
        self.reads_heading(self.words("Pay the fee"))
        found = REFERENCE.search(self.page.locator(".overline").inner_text())
        assert found
        return found.group()

    def apply(self, *, tie: str = "You", office: str = "", copies: int = 1) -> str:
        """All of it, from the service page to the payment."""
        self.start_certificate()
        self.choose_whom(tie)
        self.see_record()
        self.answer_certificate(copies=copies)
        self.answer_receiving(office=office)
        return self.send()

    # the payment
    def choose_way(self, label: str) -> None:
        self.choose(self.words(label))
        self._main().locator("form.stack button[type=submit]").click()

    def type_card(self, card: str) -> None:
        """On the gateway's own page; whatever comes after it is left to the caller."""
        number, _mobile = CARDS[card]
        self.page.wait_for_url(re.compile(re.escape(self.state.gateway)))
        for name, value in (("number", number), ("expiry", "12/39"), ("cvc", "123"), ("name", "HOLDER")):
            self.page.locator(f"#{name}").fill(value)
        self.page.locator("form .primary").click()

    def confirm_at_bank(self, card: str, *, before: int) -> None:
        """The bank's own question, with the code from the telephone that belongs to the card."""
        self.page.locator("#code").fill(self.state.sms_code(CARDS[card][1], after=before))
        self.page.locator("form .primary").click()

    def pay_by_card(self, card: str = "good") -> None:
        before = len(self.state.list_sms(CARDS[card][1]))
        self.choose_way("Bank card")
        self.type_card(card)
        self.confirm_at_bank(card, before=before)
        self.page.wait_for_url(re.compile(re.escape(self.state.url)))

    def ask_wallet(self, mobile: str) -> None:
        """On our page: whose telephone is asked."""
        self._main().locator("input[name=mobile]").fill(mobile)
        with self.page.expect_navigation():
            self._main().locator("form.stack button[type=submit]").click()

    def approve_in_wallet(self, mobile: str) -> None:
        """On the telephone, which is another window here."""
        telephone = self.page.context.new_page()
        telephone.goto(f"{self.state.gateway}/wallet/+970{mobile.removeprefix('0')}")
        telephone.locator("input[name=pin]").first.fill("1234")
        telephone.locator("button.primary").first.click()
        telephone.close()
