"""Background entry points: ids in, one action each, safe to run twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.utils import timezone

from hukumati.domain.payments.actions import attempts, charges, notices, refunds
from hukumati.domain.payments.queries import list_attempts_due, list_refunds_due
from hukumati.infra.jobs import every, job
from hukumati.kernel.actor import system

if TYPE_CHECKING:
    from collections.abc import Callable

ROUND_SECONDS_MAX = 45


@every("* * * * *")
def look_up_open_attempts(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """Find what lost notices would have told."""
    _one_after_another(list_attempts_due, attempts.look_up)
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
    _one_after_another(list_refunds_due, refunds.send_refund)


def _one_after_another(list_due: Callable[..., list[str]], act: Callable[..., object]) -> None:
    """Page after page for most of a minute: after an hour without notices thousands are due, and one page a minute would take hours.

    What stays due after its turn waits for the next round, so that nothing is asked for ever.
    """
    ends_at, done = time.monotonic() + ROUND_SECONDS_MAX, set[str]()
    while due := [reference for reference in list_due(at=timezone.now()) if reference not in done]:
        for reference in due:
            if time.monotonic() > ends_at:
                return
            done.add(reference)
            act(reference, at=timezone.now())
