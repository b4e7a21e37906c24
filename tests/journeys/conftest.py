"""Who takes part in a journey: citizens who were never here, and the employees of the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.citizen import Citizen
from tests.journeys.people import People, Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.state import State


@pytest.fixture(scope="session")
def people(running_state: State) -> People:
    return People(running_state)


@pytest.fixture
def a_citizen(state: State, people: People, open_page: Callable[..., Any]) -> Callable[..., Citizen]:
    """a_citizen(): signed in, unless `signed_in=False` or a person who has done it before is given."""

    def made(*, trait: str = "complete", person: Person | None = None, signed_in: bool = True, language: str = "ar", **window: Any) -> Citizen:
        page = open_page(language=language, **window)
        whoever = person or people.someone(trait)
        if signed_in:
            page.context.add_cookies(people.sign_up(whoever, language=language))
        return Citizen(page, state, language=language, person=whoever)

    return made
