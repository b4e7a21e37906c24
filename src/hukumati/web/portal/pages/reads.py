"""Who read my data: every question that was asked about me, with its purpose and its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.views.decorators.http import require_GET

from hukumati.domain.exchange import api as exchange
from hukumati.web.portal.pages.inbox import moment_in
from hukumati.web.ui.access import citizens_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.requests import CitizenRequest

PAGE: Final = 20


@citizens_only
@require_GET
def reads(request: CitizenRequest) -> HttpResponse:
    """The newest first."""
    before = moment_in(request)
    found = exchange.list_reads_about(request.citizen.national_id, limit=PAGE + 1, before=before)
    context = {
        "reads": found[:PAGE],
        "older": found[PAGE - 1].at.isoformat() if len(found) > PAGE else "",
        "is_first": before is None,
        "section": "account",
    }
    return render(request, "portal/account/reads.html", context)
