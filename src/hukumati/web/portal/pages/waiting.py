"""The waiting room's pages: an honest place, and the door when it is one's turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hukumati.domain.identity import api as identity
from hukumati.infra.turns.api import Pace
from hukumati.web.ui import signing_in, waiting_room
from hukumati.web.ui.access import public, safe_next
from hukumati.web.ui.waiting_room import Room

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.waiting_room import Turn

SIGN_IN_ROOM = Room("sign_in", Pace(settings.SIGN_INS_A_SECOND, settings.SIGN_INS_AT_ONCE))
# Turns cost nothing, so each address takes a bounded number: a script must not push everybody else to the end of the line.
TAKEN_BY_ADDRESS = identity.Allowance(120, 10 * 60)


@public
@require_http_methods(["GET", "POST"])
def to_sign_in(request: Any) -> HttpResponse:
    """Before signing in, when many do at once: what is typed is asked only when it will be looked at."""
    onward = safe_next(request, otherwise="")
    here = _with_next(reverse("portal:waiting_to_sign_in"), onward)
    turn = waiting_room.find_turn(request, SIGN_IN_ROOM)
    if request.method == "POST" and turn is None:
        identity.spend("turns", signing_in.client_address(request), allowance=TAKEN_BY_ADDRESS, at=waiting_room.now())
        turn = waiting_room.take_turn(SIGN_IN_ROOM)
        answer: HttpResponse = HttpResponseRedirect(here)
        return keep(answer, SIGN_IN_ROOM, turn)
    if turn is not None and turn.is_due:
        return HttpResponseRedirect(_with_next(reverse("portal:sign_in"), onward))
    context = {"turn": turn, "here": here, "next": onward, "section": "sign_in"}
    return render(request, "portal/waiting.html", context)


def wait_before_signing_in(request: Any) -> HttpResponse | None:
    """The way to the waiting room, for whoever would type in vain; None while nobody waits, or when it is one's turn."""
    turn = waiting_room.find_turn(request, SIGN_IN_ROOM)
    if turn.is_due if turn else not waiting_room.is_crowded(SIGN_IN_ROOM):
        return None
    return HttpResponseRedirect(_with_next(reverse("portal:waiting_to_sign_in"), safe_next(request, otherwise="")))


def wait_with_what_was_typed(request: Any) -> HttpResponse | None:
    """The same for a form that was sent: the turn that it took is kept. None when the password may be looked at now."""
    turn = waiting_room.find_turn(request, SIGN_IN_ROOM) or waiting_room.take_turn(SIGN_IN_ROOM)
    if turn.is_due:
        return None
    onward = _with_next(reverse("portal:waiting_to_sign_in"), safe_next(request, otherwise=""))
    return keep(HttpResponseRedirect(onward), SIGN_IN_ROOM, turn)


def keep(response: HttpResponse, room: Room, turn: Turn) -> HttpResponse:
    waiting_room.hand_out(response, room, turn, secure=settings.SESSION_COOKIE_SECURE)
    return response


def _with_next(address: str, onward: str) -> str:
    return f"{address}?{urlencode({'next': onward})}" if onward else address
