"""Payments that a provider confirmed otherwise than asked: each gets a difference, which has an owner and a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.payments import api as payments
from hukumati.domain.treasury.actions.differences import open_once
from hukumati.domain.treasury.facts import DifferenceKind, Finding

if TYPE_CHECKING:
    from datetime import datetime


def open_suspended(*, at: datetime) -> None:
    """Open what is not open yet; how often it is called changes nothing."""
    open_once(DifferenceKind.UNASKED_PAYMENT, map(_finding, payments.list_suspended()), at=at)


def about(attempt: str) -> str:
    return f"payment:{attempt}"


def _finding(one: payments.SuspendedFacts) -> Finding:
    held = one.held
    return Finding(
        DifferenceKind.UNASKED_PAYMENT,
        about(one.attempt_reference),
        one.provider,
        held.currency if held else one.asked.currency,
        one.asked.amount_minor if held is None or held.currency == one.asked.currency else None,
        held.amount_minor if held else 0,
        {"charge": one.charge_reference, "asked": f"{one.asked} {one.asked.currency}"},
    )
