"""Fee lines as people read them: what, how many, how much, and by which article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hukumati.domain.catalogue import api as catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hukumati.domain.catalogue.facts import ChargeLine
    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


@dataclass(frozen=True, slots=True)
class ShownFee:
    """For the macro `fee_table`."""

    name: Text
    quantity: int
    unit: Money
    amount: Money
    basis: Text


def shown_fees(lines: Iterable[ChargeLine]) -> list[ShownFee]:
    """Each line with its legal basis in words."""
    return [
        ShownFee(line.name, line.quantity, line.unit, line.amount, catalogue.basis_words(line.instrument, line.article))
        for line in lines
    ]
