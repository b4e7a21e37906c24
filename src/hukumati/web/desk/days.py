"""A day within an address: 2026-11-26."""

from __future__ import annotations

from datetime import date


class DayConverter:
    """Takes real days only; anything else is no address of ours."""

    regex = r"20\d\d-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)
