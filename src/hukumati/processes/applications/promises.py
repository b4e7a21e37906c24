"""The promised date: the State's working calendar applied to a service's working days."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import holidays

from hukumati.kernel.calendar import HEBRON, WorkingCalendar

if TYPE_CHECKING:
    from datetime import datetime


@cache
def working_calendar(year: int) -> WorkingCalendar:
    """The calendar around `year`. Public holidays are the `holidays` library's for PS; lunar ones are its estimates."""
    return WorkingCalendar(holidays=dict(holidays.country_holidays("PS", years=[year, year + 1])))


def promised_at(asked_at: datetime, *, working_days: int) -> datetime:
    """When the answer is due, as an aware UTC moment: the close of the office on the promised day. 0 days: at once."""
    if working_days == 0:
        return asked_at
    return working_calendar(asked_at.astimezone(HEBRON).year).promised_at(asked_at, working_days)
