"""Invented people of the sandbox who were never here, each for one test; and accounts for those whose journey is not about signing up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.state import State

PASSWORD = "zaytoun-hajar-asal-77"
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# The first ones are for whoever else asks the sandbox for people in the same run.
FIRST, RARE = 700, 60
COMMON = frozenset({"complete", "licence", "no_licence", "parent_of_minor"})


@dataclass(frozen=True)
class Person:
    """What stands on the identity card, and the telephone that the registry knows."""

    national_id: str
    birth_date: date
    card_issued_on: date
    mobile: str
    name: str


class People:
    """Nobody is given out twice in one run: there is one of these for all tests of the running whole."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.given: dict[str, int] = {}
        self.known: set[str] = set()

    def someone(self, trait: str = "complete") -> Person:
        while True:
            offset = self.given.get(trait, FIRST if trait in COMMON else RARE)
            self.given[trait] = offset + 1
            row = self._row(trait, offset)
            if row["national_id"] not in self.known:
                self.known.add(row["national_id"])
                return _person(row)

    def _row(self, trait: str, offset: int) -> dict[str, Any]:
        asked = {"trait": trait, "limit": 1, "offset": offset}
        answer = httpx.get(f"{self.state.registries}/control/people", params=asked, timeout=10, trust_env=False)
        answer.raise_for_status()
        row: dict[str, Any] = answer.json()["people"][0]
        return row

    def sign_up(self, person: Person, *, language: str = "ar") -> list[dict[str, str]]:
        """Open an account through the same pages as everybody; what the browser would keep of it."""
        root = f"{self.state.url}/en" if language == "en" else self.state.url
        with httpx.Client(timeout=30, trust_env=False, follow_redirects=True) as client:
            page = client.get(f"{root}/sign-up/")
            before = len(self.state.list_sms(person.mobile))
            page = _send(
                client,
                page,
                {
                    "national_id": person.national_id,
                    **_date("birth_date", person.birth_date),
                    **_date("card_issued_on", person.card_issued_on),
                },
            )
            page = _send(client, page, {"code": self.state.sms_code(person.mobile, after=before)})
            page = _send(client, page, {"password": PASSWORD, "language": language})
            assert page.status_code == 200, page.text
            return [
                {"name": cookie.name, "value": cookie.value or "", "url": self.state.url}
                for cookie in client.cookies.jar
            ]


def _send(client: httpx.Client, page: httpx.Response, typed: dict[str, str]) -> httpx.Response:
    found = CSRF.search(page.text)
    assert found, page.text
    answer = client.post(page.url, data={"csrfmiddlewaretoken": found.group(1), **typed})
    assert answer.status_code == 200, answer.text
    return answer


def _date(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def _person(row: dict[str, Any]) -> Person:
    return Person(
        national_id=row["national_id"],
        birth_date=date.fromisoformat(row["birth_date"]),
        card_issued_on=date.fromisoformat(row["card_issued_on"]),
        mobile=row["mobile"],
        name=row["name_ar"],
    )


@pytest.fixture(scope="session")
def people(running_state: State) -> People:
    return People(running_state)
