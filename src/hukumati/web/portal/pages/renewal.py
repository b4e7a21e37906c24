"""The service changed since the draft was begun: what changed, what was kept, what is asked now; then the draft goes on."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.questions import answer_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from hukumati.web.ui.requests import CitizenRequest

VERSION_DIGITS_MAX = 6


def of_present_version(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Before anything else of a draft is shown or kept, its citizen sees what a newer version changes."""

    @functools.wraps(view)
    def opened(request: CitizenRequest, reference: str, **names: Any) -> HttpResponse:
        if applications.is_outdated(applications.get_own(reference, citizen=request.citizen)):
            return redirect("portal:renew", reference)
        return view(request, reference, **names)

    return opened


@citizens_only
@require_http_methods(["GET", "POST"])
def renew(request: CitizenRequest, reference: str) -> HttpResponse:
    """The difference, in the citizen's words; sent back with its version, so that nobody accepts what they did not see."""
    application = applications.get_own(reference, citizen=request.citizen)
    if not applications.is_outdated(application):
        return redirect("portal:resume", reference)
    service, planned = applications.plan_renewal(application, citizen=request.citizen)
    if request.method == "POST":
        typed = request.POST.get("version", "")
        version = int(typed) if typed.isdecimal() and len(typed) <= VERSION_DIGITS_MAX else 0
        applications.renew(application, version=version, citizen=request.citizen, by=request.actor, at=timezone.now())
        messages.success(request, _("Your draft goes on with the new version. What still fits was kept."))
        return redirect("portal:resume", reference)
    shown = {label: value for _page, label, value in answer_rows(applications.service_of(application), application)}
    before = applications.service_of(application)
    context = {
        "service": service,
        "application": application,
        "planned": planned,
        "shown": shown,
        "changes": [
            catalogue.sentence(change)
            for change in catalogue.diff(before, service)
            if change.part == catalogue.Part.FEES or change.code in TOLD
        ],
    }
    return render(request, "portal/applying/renew.html", context)


TOLD = frozenset(
    {
        "paper_added", "paper_removed", "promised_days", "way_to_pay_added", "way_to_pay_removed",
        "way_to_receive_added", "way_to_receive_removed", "document_validity",
    }
)  # fmt: skip
"""Of all changes those that a citizen decides by; questions stand under what is kept, lost and asked."""
