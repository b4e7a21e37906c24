"""Background work of identity."""

from __future__ import annotations

from django.utils.timezone import now

from hukumati.domain.identity import allowances, codes
from hukumati.infra.jobs import every


@every("17 * * * *")
def forget_what_is_over(timestamp: int) -> None:  # noqa: ARG001 (the clock tells every job its second)
    """Windows of limits and dead one-time codes."""
    at = now()
    allowances.forget_old(at=at)
    codes.forget_old(at=at)
