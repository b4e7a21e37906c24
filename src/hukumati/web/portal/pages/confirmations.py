"""What others ask me to confirm: the list, and one question with exactly what is asked of me."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.process import ReasonMissing
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.confirmations import shown_rows, state_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.processes.applications.facts import ConfirmationFacts
    from hukumati.web.ui.requests import CitizenRequest


@citizens_only
@require_GET
def list_page(request: CitizenRequest) -> HttpResponse:
    """The open ones first."""
    found = applications.list_confirmations(citizen=request.citizen)
    rows = [(asked, _service_of(asked), state_of(asked)) for asked in found]
    context = {
        "open_rows": [row for row in rows if row[0].state == "asked"],
        "past_rows": [row for row in rows if row[0].state != "asked"],
    }
    return render(request, "portal/confirmations/list.html", context)


@citizens_only
@require_GET
def page(request: CitizenRequest, reference: str) -> HttpResponse:
    """Who asks me what, until when, and the two answers that I can give."""
    return _shown(request, applications.get_confirmation(reference, citizen=request.citizen))


@citizens_only
@require_POST
def confirm(request: CitizenRequest, reference: str) -> HttpResponse:
    """My word on what the page showed me: its hash comes back with the answer."""
    digest = request.POST.get("digest", "")
    applications.confirm(reference, digest=digest, citizen=request.citizen, by=request.actor, at=timezone.now())
    messages.success(request, _("You have confirmed. The applicant has been told."))
    return redirect("portal:confirmation", reference)


@citizens_only
@require_POST
def decline(request: CitizenRequest, reference: str) -> HttpResponse:
    """I do not agree, and say why."""
    reason = request.POST.get("reason", "")
    try:
        applications.decline(reference, reason=reason, citizen=request.citizen, by=request.actor, at=timezone.now())
    except ReasonMissing:
        asked = applications.get_confirmation(reference, citizen=request.citizen)
        return _shown(request, asked, reason_missing=True, status=422)
    messages.success(request, _("You have declined. The applicant has been told, with your reason."))
    return redirect("portal:confirmation", reference)


def _shown(
    request: CitizenRequest, asked: ConfirmationFacts, *, reason_missing: bool = False, status: int = 200
) -> HttpResponse:
    service = _service_of(asked)
    context = {
        "asked": asked,
        "service": service,
        "title": service.texts["party.title"],
        "ask": service.texts["party.ask"],
        "state": state_of(asked),
        "rows": shown_rows(service, asked),
        "reason_missing": reason_missing,
    }
    return render(request, "portal/confirmations/confirmation.html", context, status=status)


def _service_of(asked: ConfirmationFacts) -> ServiceVersion:
    return catalogue.get_published(asked.service_id, version=asked.service_version)
