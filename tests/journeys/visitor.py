"""Somebody before a browser: presses what it says, types into what it asks, and looks whether it says what it should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.words import said, service_said

if TYPE_CHECKING:
    from datetime import date

    from playwright.sync_api import Locator, Page

    from tests.state import State

CERTIFICATE = "interior.birth_certificate_copy"
LICENCE = "transport.driving_licence_status"


class Visitor:
    """One browser window, in one language."""

    def __init__(self, page: Page, state: State, *, language: str) -> None:
        self.page = page
        self.state = state
        self.language = language
        self.root = f"{state.url}/en" if language == "en" else state.url

    def words(self, text: str, **facts: str) -> str:
        found = said(text, self.language)
        return found % facts if facts else found

    def service_words(self, path: str, service: str = CERTIFICATE) -> str:
        return service_said(service, path, self.language)

    # going
    def go(self, path: str) -> int:
        """Open an address of the portal or the desk; the answer's status."""
        answer = self.page.goto(f"{self.root}{path}")
        assert answer is not None
        return answer.status

    def press(self, text: str, *, within: Locator | None = None) -> None:
        with self.page.expect_navigation():
            self._main(within).get_by_role("button", name=self.words(text), exact=True).click()

    def follow(self, text: str, *, within: Locator | None = None) -> None:
        with self.page.expect_navigation():
            self._main(within).get_by_role("link", name=self.words(text)).first.click()

    def unfold(self, text: str) -> None:
        self._main().locator("summary", has_text=self.words(text)).click()

    # typing
    def fill(self, label: str, value: str) -> None:
        self._main().get_by_label(self.words(label)).fill(value)

    def fill_date(self, label: str, day: date) -> None:
        group = self._main().get_by_role("group", name=self.words(label))
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(self.words(part)).fill(str(value))

    def choose(self, label: str) -> None:
        """A radio button or a box, by the words beside it."""
        self._main().locator("label", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")).click()

    # looking
    def reads_heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def reads(self, text: str) -> None:
        expect(self._main().get_by_text(text).first).to_be_visible()

    def reads_not(self, text: str) -> None:
        expect(self._main().get_by_text(text)).to_have_count(0)

    def wait_until_reads(self, text: str, *, seconds: int = 20) -> None:
        """As a person does who looks at a page again now and then."""

        def looked() -> bool:
            found: bool = self._main().get_by_text(text).first.is_visible()
            if not found:
                self.page.wait_for_timeout(400)
                self.page.reload()
            return found

        self.state.wait_for(looked, repr(text), seconds=seconds)

    def _main(self, within: Locator | None = None) -> Locator:
        return within or self.page.get_by_role("main")
