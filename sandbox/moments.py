"""Reading the clock, and writing moments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Hebron")


def now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


def today() -> date:
    """The date on the wall in Palestine."""
    return datetime.now(LOCAL_ZONE).date()


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """The moment that iso() wrote."""
    return datetime.fromisoformat(text)


def local(text: str) -> str:
    """What a clock in Palestine showed at that moment."""
    return f"{from_iso(text).astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}"
