"""Payments that a provider confirmed otherwise than asked: each gets a difference, which has an owner and a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hukumati.domain.payments import api as payments
from hukumati.domain.treasury.actions.differences import open_once
from hukumati.domain.treasury.facts import DifferenceKind, Finding
from hukumati.domain.treasury.models import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

PREFIX: Final = "payment:"


def open_suspended(*, at: datetime) -> None:
    """Open what is not open yet; how often it is called changes nothing."""
    open_once(DifferenceKind.UNASKED_PAYMENT, map(_finding, list_unowned()), at=at)


def list_unowned() -> Iterator[payments.SuspendedFacts]:
    """Those that have never had a difference."""
    kept = Difference.objects.filter(kind=DifferenceKind.UNASKED_PAYMENT).values_list("about", flat=True)
    return payments.list_suspended(without=[one.removeprefix(PREFIX) for one in kept])


def about(attempt: str) -> str:
    return f"{PREFIX}{attempt}"


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
