"""The waiting room's pages: an honest place, and the door when it is one's turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity import api as identity
from hukumati.infra.turns.api import Pace
from hukumati.processes.applications import api as applications
from hukumati.web.ui import kept_forms, signing_in, waiting_room
from hukumati.web.ui.access import citizens_only, public, safe_next
from hukumati.web.ui.waiting_room import Room

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.web.ui.requests import CitizenRequest
    from hukumati.web.ui.waiting_room import Turn

SIGN_IN_ROOM = Room("sign_in", Pace(settings.SIGN_INS_A_SECOND, settings.SIGN_INS_AT_ONCE))
# Turns cost nothing, so each address takes a bounded number: a script must not push everybody else to the end of the line.
TAKEN_BY_ADDRESS = identity.Allowance(120, 10 * 60)
TAKEN_BY_CITIZEN = identity.Allowance(30, 10 * 60)


@public
@require_http_methods(["GET", "POST"])
def to_sign_in(request: Any) -> HttpResponse:
    """Before signing in, when many do at once: what is typed is asked only when it will be looked at."""
    onward = safe_next(request, otherwise="")
    here = _with_next(reverse("portal:waiting_to_sign_in"), onward)
    turn = waiting_room.find_turn(request, SIGN_IN_ROOM)
    if request.method == "POST" and turn is None:
        turn = _take_to_sign_in(request)
        answer: HttpResponse = HttpResponseRedirect(here)
        return keep(answer, SIGN_IN_ROOM, turn)
    if turn is not None and turn.is_due:
        return HttpResponseRedirect(_with_next(reverse("portal:sign_in"), onward))
    context = {"turn": turn, "here": here, "next": onward, "section": "sign_in"}
    return render(request, "portal/waiting.html", context)


@citizens_only
@require_GET
def to_ask(request: CitizenRequest, service_id: str) -> HttpResponse:
    """The line before a service whose register can only answer so many a second."""
    service = catalogue.get_published(service_id)
    room = room_of(request, service)
    turn = waiting_room.find_turn(request, room) if room else None
    if turn is None or (turn.is_due and applications.asks_first(service)):
        return HttpResponseRedirect(_start_of(service))
    context = {"turn": turn, "here": request.path, "service": service, "section": "services"}
    return render(request, "portal/waiting.html", context)


def wait_before_asking(request: CitizenRequest, service: ServiceVersion) -> HttpResponse | None:
    """To the line, with a place in it, before anything is typed. None when the questions may be shown."""
    room = room_of(request, service)
    if room is None:
        return None
    turn = waiting_room.find_turn(request, room)
    if turn.is_due if turn else not waiting_room.is_crowded(room):
        return None
    return _to_the_line(request, service, room, turn)


def wait_with_what_was_asked(request: CitizenRequest, service: ServiceVersion) -> HttpResponse | None:
    """The same for a question that was sent: the turn that it took is kept, and so is what was typed."""
    room = room_of(request, service)
    if room is None:
        return None
    turn = waiting_room.find_turn(request, room) or _take(request, room)
    if turn.is_due:
        return None
    kept_forms.keep(request, account_id=request.citizen.account_id)
    return _to_the_line(request, service, room, turn)


def leave(response: HttpResponse, request: CitizenRequest, service: ServiceVersion) -> HttpResponse:
    """The turn was used: whoever asks again takes another."""
    room = room_of(request, service)
    if room is not None:
        waiting_room.take_back(response, room)
    return response


def room_of(request: CitizenRequest, service: ServiceVersion) -> Room | None:
    """None for a service that says nothing of a surge. A turn belongs to its citizen."""
    if service.answers_a_second is None:
        return None
    pace = Pace(service.answers_a_second, burst=service.answers_a_second)
    return Room(service.id, pace, holder=request.citizen.reference)


def _to_the_line(request: CitizenRequest, service: ServiceVersion, room: Room, turn: Turn | None) -> HttpResponse:
    answer = HttpResponseRedirect(reverse("portal:waiting", args=[service.id]))
    return keep(answer, room, turn or _take(request, room))


def _take(request: CitizenRequest, room: Room) -> Turn:
    identity.spend("turns", request.citizen.reference, allowance=TAKEN_BY_CITIZEN, at=now())
    return waiting_room.take_turn(room)


def _start_of(service: ServiceVersion) -> str:
    name = "portal:ask" if applications.asks_first(service) else "portal:service"
    return reverse(name, args=[service.id])


def wait_before_signing_in(request: Any) -> HttpResponse | None:
    """The way to the waiting room, for whoever would type in vain; None while nobody waits, or when it is one's turn."""
    turn = waiting_room.find_turn(request, SIGN_IN_ROOM)
    if turn.is_due if turn else not waiting_room.is_crowded(SIGN_IN_ROOM):
        return None
    return HttpResponseRedirect(_with_next(reverse("portal:waiting_to_sign_in"), safe_next(request, otherwise="")))


def wait_with_what_was_typed(request: Any) -> HttpResponse | None:
    """The same for a form that was sent: the turn that it took is kept. None when the password may be looked at now."""
    turn = waiting_room.find_turn(request, SIGN_IN_ROOM) or _take_to_sign_in(request)
    if turn.is_due:
        return None
    onward = _with_next(reverse("portal:waiting_to_sign_in"), safe_next(request, otherwise=""))
    return keep(HttpResponseRedirect(onward), SIGN_IN_ROOM, turn)


def _take_to_sign_in(request: Any) -> Turn:
    """Refuses with TooManyTries: whoever takes turns without end would push everybody else to the end of the line."""
    identity.spend("turns", signing_in.client_address(request), allowance=TAKEN_BY_ADDRESS, at=now())
    return waiting_room.take_turn(SIGN_IN_ROOM)


def keep(response: HttpResponse, room: Room, turn: Turn) -> HttpResponse:
    waiting_room.hand_out(response, room, turn, secure=settings.SESSION_COOKIE_SECURE)
    return response


def _with_next(address: str, onward: str) -> str:
    return f"{address}?{urlencode({'next': onward})}" if onward else address
