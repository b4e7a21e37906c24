"""The working calendar: which days count when the State promises an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

HEBRON = ZoneInfo("Asia/Hebron")
MONTHS: Final = {
    "ar": (
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
FRIDAY, SATURDAY = 4, 5
SEARCH_DAYS_MAX = 3660


@dataclass(frozen=True)
class WorkingCalendar:
    """Official working days Sunday to Thursday, less public holidays. `opens`/`closes` are local office hours."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    days_off: frozenset[int] = frozenset({FRIDAY, SATURDAY})
    opens: time = time(8)
    closes: time = time(14, 30)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.days_off and day not in self.holidays

    def days_after(self, day: date, working_days: int) -> date:
        """The date by which `working_days` full working days after `day` have passed; 0 on a day off gives the next working day."""
        for _ in range(SEARCH_DAYS_MAX):
            if self.is_working_day(day) and working_days == 0:
                return day
            day += timedelta(days=1)
            if working_days and self.is_working_day(day):
                working_days -= 1
        raise ValueError("no working day within ten years: the calendar is wrong")

    def promised_at(self, asked_at: datetime, working_days: int) -> datetime:
        """The end of the office day that is promised. Asked after closing time counts as asked on the next working day."""
        local = asked_at.astimezone(HEBRON)
        day = local.date()
        if local.time() >= self.closes or not self.is_working_day(day):
            day = self.days_after(day + timedelta(days=1), 0)
        return datetime.combine(self.days_after(day, working_days), self.closes, HEBRON).astimezone(UTC)
