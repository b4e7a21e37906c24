"""How much of what is due each institution gets. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def shares(due: Mapping[str, int], available: int) -> dict[str, int]:
    """What each gets, in minor units: all that is due; or, when the bank holds less, its part in proportion, rounded down, so that no one waits for another.

    What providers keep of each payment never comes to the bank, so that a little is always due there: it stays visible as due.
    """
    owed = {name: minor for name, minor in due.items() if minor > 0}
    whole = sum(owed.values())
    if whole <= available:
        return owed
    held = max(0, available)
    return {name: minor * held // whole for name, minor in owed.items() if minor * held // whole > 0}
