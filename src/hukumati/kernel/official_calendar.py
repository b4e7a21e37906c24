"""The State's working calendar: working days, less the public holidays of Palestine."""

from __future__ import annotations

from functools import cache

import holidays

from hukumati.kernel.calendar import WorkingCalendar


@cache
def working_calendar(year: int) -> WorkingCalendar:
    """The calendar around `year`. Public holidays are the `holidays` library's for PS; lunar ones are its estimates."""
    return WorkingCalendar(holidays=dict(holidays.country_holidays("PS", years=[year, year + 1])))
