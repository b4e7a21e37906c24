"""Who walks while things break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.walker import Walker
from tests.journeys.people import People

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.state import State


@pytest.fixture(scope="session")
def people_of_faults(running_state: State) -> People:
    return People(running_state)


@pytest.fixture
def a_walker(state: State, people_of_faults: People) -> Iterator[Callable[..., Walker]]:
    walkers: list[Walker] = []

    def made(**more: Any) -> Walker:
        walkers.append(Walker(state, people_of_faults, **more))
        return walkers[-1]

    yield made
    for walker in walkers:
        walker.close()
