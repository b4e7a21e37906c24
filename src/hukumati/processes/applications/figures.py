"""How an institution keeps what its services promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q

from hukumati.processes.applications.models import Application

if TYPE_CHECKING:
    from datetime import datetime

LOOKED_BACK: Final = timedelta(days=90)
AT_ONCE: Final = timedelta(minutes=15)
"""A promise of no days is kept by an answer within these."""


@dataclass(frozen=True, slots=True)
class PromisesKept:
    """Of the cases that were answered of late, those by the promised day; and those that wait beyond it now."""

    answered: int
    in_time: int
    late_now: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means every one. None when nothing was answered."""
        return self.in_time * 100 // self.answered if self.answered else None


def promises_kept(institution: str, *, at: datetime) -> PromisesKept:
    """Of the last 90 days. Cases that their citizens withdrew or let lie count in neither."""
    answered = Q(answered_at__gt=at - LOOKED_BACK, answered_at__lte=at)
    late = Q(answered_at__isnull=True, closed_at__isnull=True, promised_at__lt=at - AT_ONCE)
    counted = Application.objects.filter(answered | late, institution=institution).aggregate(
        answered=Count("pk", filter=answered),
        in_time=Count("pk", filter=answered & Q(answered_at__lte=F("promised_at") + AT_ONCE)),
        late_now=Count("pk", filter=late),
    )
    return PromisesKept(**counted)
