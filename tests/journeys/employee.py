"""What employees do at the desk, step by step."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.state import State

CASES_MAX = 8


class Employee(Visitor):
    """A visitor of the desk with a login of the demonstration."""

    def __init__(self, page: Page, state: State, *, language: str, login: str) -> None:
        super().__init__(page, state, language=language)
        self.login = login

    def sign_in(self) -> None:
        """Password, then what the authenticator shows. A code is good once, so one that was used is waited out."""
        self.go("/desk/sign-in/")
        self.fill("Staff code", self.login)
        self.fill("Password", self.state.staff_password)
        self.press("Continue")
        self.reads_heading(self.words("The second proof"))
        self._main().locator("input[autocomplete=one-time-code]").fill(self.state.staff_code(self.login))
        self.press("Sign in")
        expect(
            self.page.get_by_role("complementary").get_by_role("button", name=self.words("Sign out"))
        ).to_be_visible()

    # cashier
    def open_drawer(self, change: str = "100") -> None:
        """Unless one is open already."""
        self.go("/desk/cashier/")
        if self._main().get_by_text(self.words("Open your drawer")).count():
            self.fill("Change in the drawer now", change)
            self.press("Open the drawer")
        expect(self._main().get_by_text(self.words("Take a payment"))).to_be_visible()

    def take_cash(self, code: str, *, owed: str) -> None:
        self.go("/desk/cashier/")
        self._main().locator("input[name=code]").fill(code)
        self.press("Show what it pays for")
        self.reads(owed)
        self._main().locator("form[action*=take] button").click()
        self.reads_heading(self.words("The fee is paid"))

    def close_drawer(self, counted: str) -> None:
        self.go("/desk/cashier/close/")
        self.fill("All the cash in the drawer", counted)
        self.press("Close the drawer")

    # clerk
    def take_next(self, reference: str) -> None:
        """The next case, until it is this one: cases of other tests may have come first."""
        for _ in range(CASES_MAX):
            self.go("/desk/cases/")
            self.press("Take the next case")
            self.page.wait_for_url(re.compile(r"/desk/cases/A-"))
            if reference in self.page.url:
                return
        raise AssertionError(f"{reference} did not come to {self.login}")

    def supply(self, value: str) -> None:
        """What the record lacks, from the paper register."""
        lacking = self._main().locator("form[action*=accept] input.input")
        for number in range(lacking.count()):
            lacking.nth(number).fill(value)

    def accept(self) -> None:
        self.press("Accept")

    def give_reason(self, about: str, *, label: str, reason: str, press: str) -> None:
        self.unfold(about)
        self.fill(label, reason)
        self.press(press)
        self.reads(reason)

    # counter
    def hand_over(self, pick_up: str, *, code: str, name: str) -> None:
        self.go("/desk/hand-over/")
        self._main().get_by_role("link", name=pick_up).click()
        self._main().locator("input[name=code]").fill(code)
        self.press("Check the code")
        self.reads(name)
        self.choose(self.words("I have seen the identity card; photo, name and number agree"))
        self.press("Handed over")
        self.reads(pick_up)
