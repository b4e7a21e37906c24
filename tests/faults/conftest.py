"""Who walks while things break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.walker import Walker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.people import People
    from tests.state import State


@pytest.fixture
def a_walker(state: State, people: People) -> Iterator[Callable[..., Walker]]:
    walkers: list[Walker] = []

    def made(**more: Any) -> Walker:
        walkers.append(Walker(state, people, **more))
        return walkers[-1]

    yield made
    for walker in walkers:
        walker.close()
