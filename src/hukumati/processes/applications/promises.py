"""The promised date: the State's working calendar applied to a service's working days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.official_calendar import working_calendar

if TYPE_CHECKING:
    from datetime import datetime


def promised_at(asked_at: datetime, *, working_days: int) -> datetime:
    """When the answer is due, as an aware UTC moment: the close of the office on the promised day. 0 days: at once."""
    if working_days == 0:
        return asked_at
    return working_calendar(asked_at.astimezone(HEBRON).year).promised_at(asked_at, working_days)
