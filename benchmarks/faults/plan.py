"""What is paid, by whom, in which order: the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hukumati.kernel.reference import ALPHABET, LENGTH

# Of a hundred payments. A new way to pay is a row here and a function of the same name in ways.py.
SHARES = {
    "card": 38,
    "card_silent": 5,
    "card_declined_first": 4,
    "wallet": 10,
    "wallet_rejected_first": 2,
    "wallet_and_cash_at_once": 3,
    "transfer": 5,
    "transfer_twice": 1,
    "cancelled_then_cash": 3,
    "cash": 19,
    "both_at_once": 5,
    "voided_while_paying": 2,
    "refunded_by_two": 2,
    "refund_fails": 1,
}
CURRENCIES = ("ILS",) * 8 + ("JOD", "USD")
ONLY_ILS = ("cancelled_then_cash", "cash", "both_at_once", "wallet_and_cash_at_once", "transfer", "transfer_twice")
# Somebody opens the bank's page and walks away: one for so many who pay.
LEAVERS_EVERY = 40


@dataclass(frozen=True)
class Item:
    """One payment that somebody means to make."""

    number: int
    kind: str
    unit_minor: int
    copies: int
    stamp_minor: int
    currency: str

    @property
    def about(self) -> str:
        digits, left = "", self.number
        for _ in range(LENGTH):
            left, digit = divmod(left, len(ALPHABET))
            digits = ALPHABET[digit] + digits
        return f"A-2026-{digits}"

    @property
    def mobile(self) -> str:
        """Whose wallet pays it: a telephone of its own, for none rings often. It ends with 1, so it has a wallet."""
        return f"+97059{self.number * 10 + 1:07d}"

    @property
    def total_minor(self) -> int:
        return self.unit_minor * self.copies + self.stamp_minor


def make_plan(count: int, seed: int) -> list[Item]:
    """`count` payments, and those who walk away beside them."""
    chance = random.Random(seed)
    kinds = chance.choices(list(SHARES), weights=list(SHARES.values()), k=count)
    for place, kind in enumerate(list(SHARES)[: len(kinds)]):  # each at least once
        kinds[place] = kind
    chance.shuffle(kinds)
    kinds = [one for place, kind in enumerate(kinds) for one in ([kind] if place % LEAVERS_EVERY else [kind, "leaves"])]
    return [_item(number, kind, chance) for number, kind in enumerate(kinds)]


def _item(number: int, kind: str, chance: random.Random) -> Item:
    currency = "ILS" if kind in ONLY_ILS else chance.choice(CURRENCIES)
    return Item(number, kind, chance.randint(100, 9_999), chance.randint(1, 5), chance.randint(1, 700), currency)
