"""Inquiries: ask, and read the answer with its age and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.facts import written

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from hukumati.domain.catalogue.facts import AnswerRow
    from hukumati.web.ui.requests import CitizenRequest


@citizens_only
@require_POST
def ask(request: CitizenRequest, service_id: str) -> HttpResponse:
    """Ask the registries now. When one does not answer, the error page says so and nothing is lost: ask again."""
    inquiry = applications.ask(service_id, citizen=request.citizen, by=request.actor, at=timezone.now())
    return redirect("portal:inquiry", inquiry.reference)


@citizens_only
@require_GET
def page(request: CitizenRequest, reference: str) -> HttpResponse:
    """The answer as it was given, by whom and when."""
    inquiry = applications.get_own_inquiry(reference, citizen=request.citizen)
    service = catalogue.get_published(inquiry.service_id, version=inquiry.service_version)
    on = timezone.localdate(inquiry.asked_at)
    context = {
        "inquiry": inquiry,
        "service": service,
        "rows": [(row.label, *_shown(row, value)) for row, value in catalogue.answer_rows(service, inquiry.facts)],
        "notices": catalogue.notices_that_hold(service, inquiry.facts, on=on) if inquiry.found else [],
    }
    return render(request, "portal/inquiry.html", context)


def _shown(row: AnswerRow, value: Any) -> tuple[Any, str]:
    """What to write, and the tone of the tag when the value is a word of the registry."""
    if row.format == catalogue.Format.STATE:
        state = row.states.get(str(value))
        return (state or str(value)), row.tone.get(str(value), "neutral")
    return written(value, row.format), ""
