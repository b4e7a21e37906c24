"""What must always hold between suspense and those who answer for it. Empty is the only good answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from hukumati.domain.treasury.actions.suspended import list_unowned
from hukumati.domain.treasury.facts import CLEARS, TreasuryFault
from hukumati.domain.treasury.models import Difference
from hukumati.domain.treasury.queries import suspense
from hukumati.kernel.money import MINOR_DIGITS, Money

if TYPE_CHECKING:
    from collections.abc import Iterator


def check() -> list[TreasuryFault]:
    """Every payment that waits has its difference, and suspense holds, to the agora, what open differences are about."""
    return [*_unowned(), *_unexplained()]


def _unowned() -> Iterator[TreasuryFault]:
    for one in list_unowned():
        yield TreasuryFault("treasury.suspended_without_owner", one.attempt_reference, str(one.held))


def _unexplained() -> Iterator[TreasuryFault]:
    for currency in MINOR_DIGITS:
        waiting = Difference.objects.filter(kind__in=CLEARS, currency=currency, resolved_at__isnull=True)
        explained = Money(waiting.aggregate(sum=Sum("found_minor"))["sum"] or 0, currency)
        if suspense(currency) != explained:
            yield TreasuryFault("treasury.suspense_differs", currency, f"{suspense(currency)}, not {explained}")
