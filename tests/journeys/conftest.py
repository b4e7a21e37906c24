"""Who takes part in a journey: citizens who were never here, and the employees of the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.citizen import Citizen
from tests.journeys.employee import Employee

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import People, Person
    from tests.state import State


@pytest.fixture
def a_citizen(state: State, people: People, open_page: Callable[..., Any]) -> Callable[..., Citizen]:
    """a_citizen(): signed in, unless `signed_in=False` or a person who has done it before is given."""

    def made(
        *,
        trait: str = "complete",
        person: Person | None = None,
        signed_in: bool = True,
        language: str = "ar",
        **window: Any,
    ) -> Citizen:
        page = open_page(language=language, **window)
        whoever = person or people.someone(trait)
        if signed_in:
            page.context.add_cookies(people.sign_up(whoever, language=language))
        return Citizen(page, state, language=language, person=whoever)

    return made


@pytest.fixture(scope="session")
def staff_cookies() -> dict[str, Any]:
    """By login: the employees who have signed in during this run. An authenticator's code is good once only."""
    return {}


@pytest.fixture
def an_employee(state: State, staff_cookies: dict[str, Any], open_page: Callable[..., Any]) -> Callable[..., Employee]:
    """an_employee("clerk"): signed in, through the pages the first time."""

    def made(login: str, *, language: str = "ar", **window: Any) -> Employee:
        page = open_page(language=language, **window)
        employee = Employee(page, state, language=language, login=login)
        if login in staff_cookies:
            page.context.add_cookies(staff_cookies[login])
        else:
            employee.sign_in()
            staff_cookies[login] = [
                cookie for cookie in page.context.cookies() if "staff" in cookie["name"] or "desk" in cookie["name"]
            ]
            assert staff_cookies[login], page.context.cookies()
        return employee

    return made
