"""Background entry points: safe to run twice."""

from __future__ import annotations

from django.utils import timezone

from hukumati.domain.treasury.actions import matching, settlements
from hukumati.infra.jobs import every


@every("10 * * * *")
def compare(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """Ask providers what they settled, then compare everything in view."""
    settlements.take_lists(at=timezone.now())
    matching.match(at=timezone.now())
