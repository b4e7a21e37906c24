"""Money: an integer of minor units and a currency. Never float, never mixed currencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MINOR_DIGITS: Final = {"ILS": 2, "JOD": 3, "USD": 2}


class CurrencyMismatchError(TypeError):
    """Two currencies met in one sum: a programmer's fault, never a citizen's."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (agorot, fils, cents). Source of digits: ISO 4217."""

    amount_minor: int
    currency: str = "ILS"

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"amount_minor is an integer of minor units, not {self.amount_minor!r}")
        if self.currency not in MINOR_DIGITS:
            raise ValueError(f"unknown currency {self.currency!r}")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other), self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.amount_minor * count, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount_minor <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def __str__(self) -> str:
        """`1,234.50`: grouped, with the currency's own digits and no symbol."""
        digits = MINOR_DIGITS[self.currency]
        sign = "-" if self.amount_minor < 0 else ""
        major, minor = divmod(abs(self.amount_minor), 10**digits)
        return f"{sign}{major:,}.{minor:0{digits}d}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} in one sum")
        return other.amount_minor


def total(amounts: list[Money] | tuple[Money, ...], *, currency: str = "ILS") -> Money:
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result
