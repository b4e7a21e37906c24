"""Background entry points: safe to run twice."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone

from hukumati.domain.payouts import api as payouts
from hukumati.domain.treasury.actions import fetching, matching, settlements, suspended
from hukumati.infra.jobs import every, job


@every("10 * * * *")
def compare(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """Ask providers what they settled, then compare everything in view."""
    settlements.take_lists(at=timezone.now())
    matching.match(at=timezone.now())


@every("* * * * *")
def fetch(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """What the bank has for us; when it does not answer, the next minute asks again."""
    if payouts.is_bank_wired():
        with suppress(payouts.BankUnreachableError):
            fetching.fetch_mail(at=timezone.now())


@job()
def on_attempt_suspended(about: str, **_facts: object) -> None:  # noqa: ARG001 (whichever it is, all that wait are opened)
    """Money without a due fee has an owner at once, not at the next comparison."""
    suspended.open_suspended(at=timezone.now())
