"""When more people come than can be served: a fair line, an honest place in it, and no place lost by reloading.

A visitor's turn is a signed ticket in the browser, good for its room alone: whoever waits costs the database nothing. A ticket not used in time is over; a
forged one was never there. Nobody keeps a list of tickets, so one that is due can be used again until its few minutes are over: what it opens has limits
of its own, by address and by account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.utils.timezone import now

from hukumati.infra.turns import api as turns

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE: Final = "hukumati_turn_"
SALT: Final = "hukumati.waiting_room"
GRACE: Final = timedelta(minutes=5)
"""How long a turn waits for its holder once it is due."""
LOOK_AGAIN_SECONDS_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Room:
    """`holder` binds tickets to whoever took them, when that is known: an account's public reference, else nothing."""

    name: str
    pace: turns.Pace
    holder: str = ""

    @property
    def cookie(self) -> str:
        return COOKIE + self.name.replace(".", "_")


@dataclass(frozen=True, slots=True)
class Turn:
    """When it is this visitor's turn, and how many are served before."""

    due_at: datetime
    place: int

    @property
    def is_due(self) -> bool:
        return self.place == 0

    @property
    def look_again_seconds(self) -> int:
        """Who is far from the counter looks seldom; nobody comes later than a few seconds after the turn."""
        left = (self.due_at - now()).total_seconds()
        return max(2, min(LOOK_AGAIN_SECONDS_MAX, int(left) + 1))


def find_turn(request: HttpRequest, room: Room) -> Turn | None:
    """The turn that this browser holds in the room, waiting or due. No statement to the database."""
    at = now()
    try:
        told = signing.loads(request.COOKIES.get(room.cookie, ""), salt=SALT)
        due_at = datetime.fromtimestamp(told["due"], UTC)
    except (signing.BadSignature, KeyError, TypeError, ValueError, OverflowError):
        return None
    if told.get("room") != room.name or told.get("holder") != room.holder or at > due_at + GRACE:
        return None
    return Turn(due_at, turns.place(due_at, pace=room.pace, at=at))


def take_turn(room: Room) -> Turn:
    """A new turn at the end of the line; due at once while nobody waits."""
    at = now()
    due_at = turns.take_turn(room.name, pace=room.pace, at=at)
    return Turn(due_at, turns.place(due_at, pace=room.pace, at=at))


def is_crowded(room: Room) -> bool:
    """Whether somebody waits in the room now."""
    return turns.length(room.name, pace=room.pace, at=now()) > 0


def hand_out(response: HttpResponse, room: Room, turn: Turn, *, secure: bool) -> None:
    """Give the browser its ticket."""
    told: dict[str, Any] = {"room": room.name, "due": turn.due_at.timestamp(), "holder": room.holder}
    lasts = turn.due_at - now() + GRACE
    response.set_cookie(
        room.cookie,
        signing.dumps(told, salt=SALT),
        max_age=max(1, int(lasts.total_seconds())),
        httponly=True,
        secure=secure,
        samesite="Lax",
    )


def take_back(response: HttpResponse, room: Room) -> None:
    """The turn was used."""
    response.delete_cookie(room.cookie, samesite="Lax")
