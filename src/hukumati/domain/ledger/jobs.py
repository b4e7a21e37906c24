"""Background entry points: safe to run twice."""

from __future__ import annotations

from django.utils import timezone

from hukumati.domain.ledger import closing
from hukumati.infra.jobs import every
from hukumati.kernel.actor import system


@every("35 * * * *")
def close_days(timestamp: int) -> None:  # noqa: ARG001 (the clock says when; we read it once more)
    """Soon after a day ends it is closed and certified; hours with nothing to close cost one query."""
    closing.close_days(by=system("ledger.close_days"), at=timezone.now())
