"""What we need of the bank: that it takes an order once, and gives what it has for us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class BankUnreachableError(Exception):
    """The bank does not answer, or says nothing that can be believed: whether it took an order is then unknown."""


@dataclass(frozen=True, slots=True)
class BankMail:
    """One file of the bank's: a statement, a notice or a status report. `place` grows; the next ones come after it."""

    place: int
    name: str
    body: bytes


class Bank(Protocol):
    """One bank. An order is known by its message id: sent again, it is the same order."""

    def send_order(self, message_id: str, body: bytes) -> None:
        """Give it a pain.001. Raises BankUnreachableError; returns when the bank has it, which says nothing of its being paid."""

    def fetch(self, *, after: int, limit: int) -> Sequence[BankMail]:
        """What it has for us after a place, in order. Raises BankUnreachableError."""
