"""Background entry points: safe to run twice."""

from __future__ import annotations

from django.utils import timezone

from hukumati.domain.payouts.actions import orders
from hukumati.domain.payouts.queries import is_bank_wired, list_unsent
from hukumati.infra.jobs import every, job


@job()
def send_payout(payout: str) -> None:
    """At once after the approval; what the bank did not take is sent again by the clock."""
    if is_bank_wired():
        orders.send_payout(payout, at=timezone.now())


@every("* * * * *")
def send_unsent(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """Orders that the bank does not have yet."""
    for payout in list_unsent() if is_bank_wired() else ():
        orders.send_payout(payout, at=timezone.now())
