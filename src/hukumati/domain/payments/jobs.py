"""Background entry points: ids in, one action each, safe to run twice."""

from __future__ import annotations

import time

from django.utils import timezone

from hukumati.domain.payments.actions import attempts, charges, notices, refunds
from hukumati.domain.payments.queries import list_attempts_due, list_refunds_due
from hukumati.infra.jobs import every, job
from hukumati.kernel.actor import system

ROUND_SECONDS_MAX = 45


@every("* * * * *")
def look_up_open_attempts(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """Find what lost notices would have told."""
    ends_at = time.monotonic() + ROUND_SECONDS_MAX
    for reference in list_attempts_due(at=timezone.now()):
        if time.monotonic() > ends_at:
            return
        attempts.look_up(reference, at=timezone.now())
    notices.answer_waiting(at=timezone.now())


@every("*/5 * * * *")
def expire_charges(timestamp: int) -> None:  # noqa: ARG001
    """End charges that nobody paid in time."""
    charges.expire_charges(by=system("payments.expire_charges"), at=timezone.now())


@job()
def send_refund(refund: str) -> None:
    """Give back, now that the promise is committed."""
    refunds.send_refund(refund, at=timezone.now())


@every("* * * * *")
def ask_after_refunds(timestamp: int) -> None:  # noqa: ARG001
    """Refunds whose answer was lost, or that the provider has not finished."""
    ends_at = time.monotonic() + ROUND_SECONDS_MAX
    for reference in list_refunds_due(at=timezone.now()):
        if time.monotonic() > ends_at:
            return
        refunds.send_refund(reference, at=timezone.now())
