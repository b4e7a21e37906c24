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
    from collections.abc import Callable, Iterator

ROUND_SECONDS_MAX = 45


@every("* * * * *")
def look_up_open_attempts(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """Find what lost notices would have told."""
    try:
        _one_after_another(list_attempts_due, attempts.look_up)
    finally:
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
    """One that cannot be asked holds off no other: the first fault is raised when the round is over."""
    faults = list[Exception]()
    for reference in _due(list_due, ends_at=time.monotonic() + ROUND_SECONDS_MAX):
        try:
            act(reference, at=timezone.now())
        except Exception as fault:  # noqa: BLE001 (raised below, once the others had their turn)
            faults.append(fault)
    if faults:
        raise faults[0]


def _due(list_due: Callable[..., list[str]], *, ends_at: float) -> Iterator[str]:
    """Page after page for most of a minute: after an hour without notices thousands are due, and one page a minute would take hours.

    What stays due after its turn waits for the next round, so that nothing is asked for ever.
    """
    done = set[str]()
    while due := [reference for reference in list_due(at=timezone.now()) if reference not in done]:
        for reference in due:
            if time.monotonic() > ends_at:
                return
            done.add(reference)
            yield reference
