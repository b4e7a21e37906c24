"""Background work of identity."""

from __future__ import annotations

from django.utils.timezone import now

from hukumati.domain.identity import allowances, codes
from hukumati.domain.identity.actions import forget_ended_sessions
from hukumati.infra.jobs import every


@every("17 * * * *")
def forget_what_is_over(timestamp: int) -> None:  # noqa: ARG001 (the clock tells every job its second)
    """Windows of limits, dead one-time codes, and sessions that ended."""
    at = now()
    allowances.forget_old(at=at)
    codes.forget_old(at=at)
    forget_ended_sessions(at=at)
