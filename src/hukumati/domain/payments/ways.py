"""What sets one way to pay apart from another. The rest of payments asks this table, never a way by its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hukumati.domain.payments.facts import Way

if TYPE_CHECKING:
    from collections.abc import Callable


class Word(StrEnum):
    """Whose word makes a payment of a way true."""

    PROVIDER = "provider"
    COUNTER = "counter"
    BANK = "bank"
    TERMINAL = "terminal"


class GoesOn(StrEnum):
    """Where the payer goes on once a payment is begun."""

    PAGE = "page"
    PHONE = "phone"
    CODE = "code"
    COUNTER = "counter"
    """The payer begins nothing: the cashier takes it, by the code of the payment in cash."""


@dataclass(frozen=True, slots=True)
class Traits:
    """`back`: who gives it back."""

    word: Word
    back: Word
    goes_on: GoesOn


TRAITS: Final = {
    Way.CARD: Traits(Word.PROVIDER, Word.PROVIDER, GoesOn.PAGE),
    Way.WALLET: Traits(Word.PROVIDER, Word.PROVIDER, GoesOn.PHONE),
    # A bank names the payer of a transfer as it likes; until an order to pay can be sent there, the payer fetches it with a code.
    Way.TRANSFER: Traits(Word.BANK, Word.COUNTER, GoesOn.CODE),
    Way.CASH: Traits(Word.COUNTER, Word.COUNTER, GoesOn.CODE),
    # What came from a card goes back to a card.
    Way.TERMINAL: Traits(Word.COUNTER, Word.TERMINAL, GoesOn.COUNTER),
}


def at_provider(way: str) -> bool:
    """Whether a provider is asked how a payment went, and asked to give it back."""
    return TRAITS[Way(way)].word == Word.PROVIDER


def back_in_cash(way: str) -> bool:
    """Whether what was paid this way is handed back at a counter, against the payer's code."""
    return TRAITS[Way(way)].back == Word.COUNTER


def back_at_counter(way: str) -> bool:
    """Whether the payer comes to a counter with a code to get it back."""
    return TRAITS[Way(way)].back in (Word.COUNTER, Word.TERMINAL)


def is_begun_by_payer(way: str) -> bool:
    """Whether the payer chooses it; else a cashier does, at the counter."""
    return TRAITS[Way(way)].goes_on != GoesOn.COUNTER


def is_coded(way: str) -> bool:
    """Whether the payer gets a code to take elsewhere."""
    return TRAITS[Way(way)].goes_on == GoesOn.CODE


def is_pushed(way: str) -> bool:
    """Whether the provider asks the payer's telephone."""
    return TRAITS[Way(way)].goes_on == GoesOn.PHONE


def those(trait: Callable[[str], bool]) -> list[str]:
    """The ways that have a trait, as the database writes them: `those(at_provider)`."""
    return [way.value for way in Way if trait(way)]
