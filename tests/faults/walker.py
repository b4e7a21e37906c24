"""A citizen without a browser: fetches pages, reads their hidden fields, sends their forms. For tests in which things die."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx

from tests.gateway import Gateway

if TYPE_CHECKING:
    from tests.people import People, Person
    from tests.state import State

SERVICE = "interior.birth_certificate_copy"
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|revision)" value="([^"]*)"')
MYSELF = re.compile(r'name="subject" value="(self-[^"]*)"')
CASE = re.compile(r"A-\d{4}-[A-Z0-9]{8}")


def _told(answer: httpx.Response) -> str:
    """What a page says, without its frame: for when it says something else than expected."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return f"{answer.status_code} " + " ".join(re.sub(r"<[^>]*>", " ", main).split())[:600]


class Walker:
    """Somebody signed in. `case` is the application that was begun last."""

    def __init__(self, state: State, people: People, *, person: Person | None = None) -> None:
        self.state, self.person, self.case = state, person or people.someone(), ""
        self.client = httpx.Client(base_url=f"{state.url}/en", timeout=30, trust_env=False)
        self.devices: list[httpx.Client] = []
        for cookie in people.sign_up(self.person, language="en"):
            self.client.cookies.set(cookie["name"], cookie["value"])

    def another_device(self) -> httpx.Client:
        device = httpx.Client(base_url=f"{self.state.url}/en", timeout=30, trust_env=False, cookies=self.client.cookies)
        self.devices.append(device)
        return device

    def close(self) -> None:
        for device in (self.client, *self.devices):
            device.close()

    def send(self, path: str, data: dict[str, Any] | None = None, *, form: str = "") -> httpx.Response:
        """Open the page that holds the form, then send it; redirects are not followed."""
        page = self.client.get(form or path)
        hidden = dict(HIDDEN.findall(page.text))
        return self.client.post(path, data={**hidden, **(data or {})})

    def begin(self) -> str:
        """A draft, not yet about anybody."""
        answer = self.send(f"/start/{SERVICE}/")
        assert answer.status_code == 302, _told(answer)
        [self.case] = CASE.findall(answer.headers["location"])
        return self.case

    def choose_myself(self) -> httpx.Response:
        path = f"/applications/{self.case}/whom/"
        found = MYSELF.search(self.client.get(path).text)
        assert found, "nobody can be chosen"
        return self.send(path, {"subject": found.group(1)})

    def answer(self) -> None:
        """Everything up to the check of the answers."""
        chosen = self.choose_myself()
        assert chosen.status_code == 302, _told(chosen)
        for page, data in (
            ("record", {}),
            ("certificate", {"language": "ar", "copies": "1"}),
            ("receiving", {"pick_up": "download"}),
        ):
            answer = self.send(f"/applications/{self.case}/form/{page}/", data)
            assert answer.status_code == 302, _told(answer)

    def file(self) -> httpx.Response:
        return self.send(f"/applications/{self.case}/send/", form=f"/applications/{self.case}/check/")

    def apply(self) -> str:
        """A filed case; the reference of its charge."""
        self.begin()
        self.answer()
        answer = self.file()
        assert answer.status_code == 302, _told(answer)
        return self.charge()

    def charge(self) -> str:
        [(reference,)] = self.state.query("SELECT reference FROM payments_charge WHERE about = %s", self.case)
        return str(reference)

    def choose_card(self, charge: str) -> httpx.Response:
        return self.send(f"/pay/{charge}/", {"way": "card"})

    def pay_at_bank(self, hosted_url: str) -> httpx.Response:
        return Gateway(self.state.gateway, self.state.phones).pay(hosted_url)

    # what is inside
    def case_state(self) -> str:
        [(state,)] = self.state.query("SELECT state FROM applications_application WHERE reference = %s", self.case)
        return str(state)

    def count(self, table: str, column: str = "about") -> int:
        [(count,)] = self.state.query(f"SELECT count(*) FROM {table} WHERE {column} = %s", self.case)
        return int(count)
