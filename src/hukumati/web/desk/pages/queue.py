"""The clerk's lists: what is mine, what waits in my office, and "give me the next one"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.facts import Role
from hukumati.processes.applications import api as applications
from hukumati.web.desk.navigation import navigation
from hukumati.web.ui.access import staff_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.requests import StaffRequest

ROWS_A_PAGE = 50
PAGE_MAX = 1000


@staff_only()
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """The first list that the employee's roles open; a plain welcome when this version has no desk for them yet."""
    entries = navigation(request)
    return redirect(entries[0]["href"]) if entries else render(request, "desk/home.html")


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    return _list(request, mine=True)


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_GET
def office(request: StaffRequest) -> HttpResponse:
    return _list(request, mine=False)


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_POST
def take_next(request: StaffRequest) -> HttpResponse:
    """The free case whose promise is nearest."""
    case = applications.take_next(by=request.actor, at=timezone.now())
    if case is None:
        messages.info(request, _("No free case is waiting in your office."))
        return redirect("desk:queue")
    return redirect("desk:application", case.reference)


def _list(request: StaffRequest, *, mine: bool) -> HttpResponse:
    at = timezone.now()
    asked = request.GET.get("page", "1")
    page = min(max(int(asked), 1), PAGE_MAX) if asked.isdecimal() and len(asked) <= len(str(PAGE_MAX)) else 1
    rows = applications.queue(by=request.actor, mine=mine, limit=ROWS_A_PAGE, offset=(page - 1) * ROWS_A_PAGE)
    counts = applications.count_queue(by=request.actor, at=at)
    waiting = counts["mine"] if mine else counts["office"]
    colleagues = {
        colleague.reference: colleague.name for colleague in identity.list_staff(institution=request.actor.institution)
    }
    context = {
        "mine": mine,
        "rows": rows,
        "names": {row.service_id: catalogue.get_published(row.service_id).name for row in rows},
        "colleagues": colleagues,
        "counts": counts,
        "waiting": waiting,
        "at": at,
        "page": page,
        "pages": max(1, -(-waiting // ROWS_A_PAGE)),
    }
    return render(request, "desk/queue.html", context)
