"""The door: take a turn, and see how long the line is.

The rule is that of virtual scheduling (ITU-T I.371, the generic cell rate algorithm): each turn is due one interval after the one before, or at
once when the room has been idle, with a burst let through while little is going on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db import connection

from hukumati.infra.turns.models import Room

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Pace", "length", "place", "take_turn"]

TAKE = """
    INSERT INTO turns_room AS room (name, due_at) VALUES (%(name)s, %(idle)s)
    ON CONFLICT (name) DO UPDATE SET due_at = greatest(room.due_at + %(interval)s, %(idle)s)
    RETURNING due_at
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many turns a second the room gives, and how many of them may come at once after a quiet while."""

    turns_a_second: float
    burst: int = 1

    @property
    def interval(self) -> timedelta:
        return timedelta(seconds=1 / self.turns_a_second)


def take_turn(room: str, *, pace: Pace, at: datetime) -> datetime:
    """The moment from which the turn may be used: `at` or earlier when nobody waits. One statement, exact across processes."""
    idle = at - pace.interval * (pace.burst - 1)
    values: dict[str, Any] = {"name": room, "interval": pace.interval, "idle": idle}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        due_at: datetime = cursor.fetchone()[0]
    return due_at


def length(room: str, *, pace: Pace, at: datetime) -> int:
    """How many wait now."""
    due_at = Room.objects.filter(name=room).values_list("due_at", flat=True).first()
    return place(due_at, pace=pace, at=at) if due_at else 0


def place(due_at: datetime, *, pace: Pace, at: datetime) -> int:
    """How many turns come before one that is due then, itself included; 0 when it is due."""
    return max(0, ceil((due_at - at) / pace.interval))
