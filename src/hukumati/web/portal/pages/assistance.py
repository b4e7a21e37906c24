"""Help with my draft at a counter: the code to read out, who asks to help, what is being done, the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import citizens_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from hukumati.processes.applications.facts import ApplicationFacts
    from hukumati.web.ui.requests import CitizenRequest

CODES = "help_codes"


@citizens_only
@require_http_methods(["GET", "POST"])
def page(request: CitizenRequest, reference: str) -> HttpResponse:
    """Where the help stands; each button sends one word of the citizen."""
    at = timezone.now()
    case = applications.get_own(reference, citizen=request.citizen)
    service = applications.service_of(case)
    if case.submitted_at is not None or not applications.may_answer(service, case.state):
        return redirect("portal:application", reference)
    word = WORDS.get(request.POST.get("word", "")) if request.method == "POST" else None
    if word is not None:
        word(request, case, at)
        return redirect("portal:help_at_counter", reference)
    help_ = applications.find_help(case, at=at)
    context = {
        "application": case,
        "service": service,
        "help": help_,
        "place": applications.helper_place(help_) if help_ and help_.helper else None,
        "code": request.session.get(CODES, {}).get(help_.reference, "") if help_ else "",
    }
    return render(request, "portal/help_at_counter.html", context)


def _offer(request: CitizenRequest, case: ApplicationFacts, at: datetime) -> None:
    offered = applications.offer_help(case, by=request.actor, at=at)
    request.session[CODES] = {offered.reference: offered.code}  # shown again on this device only


def _allow(request: CitizenRequest, case: ApplicationFacts, at: datetime) -> None:
    applications.allow_help(case, reference=request.POST.get("help", ""), by=request.actor, at=at)


def _decline(request: CitizenRequest, case: ApplicationFacts, at: datetime) -> None:
    applications.decline_help(case, reference=request.POST.get("help", ""), by=request.actor, at=at)
    messages.success(request, _("Nobody was let into your draft."))


def _end(request: CitizenRequest, case: ApplicationFacts, at: datetime) -> None:
    applications.end_help(case, by=request.actor, at=at)
    messages.success(request, _("The help has ended. Your draft is yours alone again."))


WORDS: dict[str, Callable[[CitizenRequest, ApplicationFacts, datetime], None]] = {
    "offer": _offer,
    "allow": _allow,
    "decline": _decline,
    "end": _end,
}
