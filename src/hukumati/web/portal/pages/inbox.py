"""The inbox: every message, kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, now
from django.views.decorators.http import require_GET

from hukumati.domain.notifications import api as notifications
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import citizens_only

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from hukumati.web.ui.requests import CitizenRequest

PAGE: Final = 20


def moment_in(request: HttpRequest) -> datetime | None:
    """Where a list goes on: `?before=` with a moment, or the beginning when it says anything else."""
    try:
        moment = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None


@citizens_only
@require_GET
def inbox(request: CitizenRequest) -> HttpResponse:
    """The newest first, the unread marked."""
    found = notifications.list_inbox(request.citizen.account_id, limit=PAGE + 1, before=moment_in(request))
    context = {
        "messages_kept": found[:PAGE],
        "older": found[PAGE - 1].sent_at.isoformat() if len(found) > PAGE else "",
        "is_first": moment_in(request) is None,
        "to_confirm": applications.count_confirmations(citizen=request.citizen),
        "section": "inbox",
    }
    return render(request, "portal/inbox/inbox.html", context)


@citizens_only
@require_GET
def message(request: CitizenRequest, reference: str) -> HttpResponse:
    """One message; opening it is reading it."""
    account_id = request.citizen.account_id
    found = notifications.get_message(account_id, reference)
    notifications.mark_read(account_id, reference, at=now())
    context = {
        "message": found,
        "case": found.about if found.about.startswith("A-") else "",
        "confirmation": found.about if found.about.startswith("Y-") else "",
        "section": "inbox",
    }
    return render(request, "portal/inbox/message.html", context)
