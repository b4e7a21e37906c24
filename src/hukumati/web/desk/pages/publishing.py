"""The service owner's pages: what waits for a second person, what it would change, and the services as they stand."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.facts import Role
from hukumati.kernel.actor import ActorKind
from hukumati.processes.applications import api as applications
from hukumati.web.desk.pages.tariffs import tariff_test
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import Field, problems_of

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.web.ui.requests import StaffRequest

REASON_CHARACTERS_MAX = 1000
STAGES = {
    catalogue.Stage.LISTED: lambda: _("Listed"),
    catalogue.Stage.AUTOMATED: lambda: _("Automated, not offered yet"),
    catalogue.Stage.PILOT: lambda: _("Pilot"),
    catalogue.Stage.OPEN: lambda: _("Open to everyone"),
    catalogue.Stage.SUSPENDED: lambda: _("Suspended"),
    catalogue.Stage.RETIRED: lambda: _("Retired"),
}


@staff_only(Role.SERVICE_OWNER)
@require_GET
def list_page(request: StaffRequest) -> HttpResponse:
    """Proposals of my institutions, those that wait first; and their published services."""
    mine = institutions_of(request.staff)
    proposals = catalogue.list_proposals(institutions=mine)
    context = {
        "stages": STAGES,
        "waiting": [one for one in proposals if not one.decision],
        "decided": [one for one in proposals if one.decision],
        "services": [service for service in catalogue.list_published() if service.institution in mine],
        "people": people_named([label for one in proposals for label in (one.proposed_by, one.decided_by)]),
    }
    return render(request, "desk/publishing/list.html", context)


@staff_only(Role.SERVICE_OWNER)
@require_GET
def proposal(request: StaffRequest, reference: str) -> HttpResponse:
    """What a proposal changes for citizens, fees, process, reads and running cases; and the decision, for another person."""
    return _show(request, reference)


@staff_only(Role.SERVICE_OWNER)
@require_POST
def approve(request: StaffRequest, reference: str) -> HttpResponse:
    catalogue.get_proposal(reference, institutions=institutions_of(request.staff))
    try:
        service = catalogue.publish(reference, by=request.actor, at=timezone.now())
    except catalogue.SamePerson:
        messages.error(request, _("Nobody publishes what they proposed themselves. Another service owner does."))
        return redirect("desk:proposal", reference)
    messages.success(request, _("Published. It stands in the catalogue now."))
    return redirect("desk:service", service.id)


@staff_only(Role.SERVICE_OWNER)
@require_POST
def reject(request: StaffRequest, reference: str) -> HttpResponse:
    catalogue.get_proposal(reference, institutions=institutions_of(request.staff))
    try:
        catalogue.reject(reference, reason=request.POST.get("reason", ""), by=request.actor, at=timezone.now())
    except catalogue.ReasonNotGiven:
        return _show(request, reference, error=_("Say why the proposal is rejected"))
    messages.success(request, _("Rejected. What is published stays as it is."))
    return redirect("desk:proposal", reference)


@staff_only(Role.SERVICE_OWNER)
@require_GET
def service(request: StaffRequest, service_id: str) -> HttpResponse:
    """A service as it is published: the way of a case as a picture and as a table, its versions and who published them."""
    shown = _own_service(request, service_id)
    proposals = catalogue.list_proposals(institutions=[shown.institution], service_id=shown.id)
    context = {
        "service": shown,
        "picture": Markup(catalogue.draw_process(shown, language=get_language() or "ar")),  # noqa: S704 (ours, every word escaped)
        "steps": shown.process.steps if shown.process else (),
        "proposals": proposals,
        "people": people_named([label for one in proposals for label in (one.proposed_by, one.decided_by)]),
    }
    return render(request, "desk/publishing/service.html", context)


@staff_only(Role.SERVICE_OWNER)
@require_GET
def bpmn(request: StaffRequest, service_id: str) -> HttpResponse:
    """The process for a modeller. A service without a process has nothing to draw."""
    shown = _own_service(request, service_id)
    if shown.process is None:
        raise catalogue.ServiceNotFound(service_id)
    text = catalogue.export_bpmn(shown, language=get_language() or "ar")
    named = {"Content-Disposition": f'attachment; filename="{shown.id}-v{shown.version}.bpmn"'}
    return HttpResponse(text, content_type="application/xml; charset=utf-8", headers=named)


def institutions_of(staff: identity.StaffFacts) -> frozenset[str]:
    """Where this employee owns services: a role for one office owns none."""
    return frozenset(
        scope.institution for scope in staff.scopes if scope.role == Role.SERVICE_OWNER and not scope.office
    )


def people_named(labels: list[str]) -> dict[str, object]:
    """Names of employees by their actor's label; what a demonstration did by itself, and an account that is gone, has none."""
    references = {label: label.partition(":")[2] for label in labels if label.startswith(f"{ActorKind.STAFF}:")}
    named: dict[str, object] = {}
    for label, reference in references.items():
        with suppress(identity.AccountNotFound):
            named[label] = identity.get_staff_by_reference(reference).name
    return named


def _own_service(request: StaffRequest, service_id: str) -> ServiceVersion:
    shown = catalogue.get_published(service_id)
    if shown.institution not in institutions_of(request.staff):
        raise catalogue.ServiceNotFound(service_id)
    return shown


def _show(request: StaffRequest, reference: str, *, error: str = "") -> HttpResponse:
    shown = catalogue.get_proposal(reference, institutions=institutions_of(request.staff))
    new = catalogue.proposed_version(reference)
    old = _compared(shown, new)
    changes = catalogue.diff(old, new)
    reason = Field(
        "reason",
        _("Why is it rejected?"),
        kind="textarea",
        hint=_("The author reads these words, and so does the auditor."),
        error=error,
        length_max=REASON_CHARACTERS_MAX,
    )
    parts = [
        (title, [catalogue.sentence(change) for change in catalogue.of_part(changes, part)])
        for part, title in catalogue.PARTS.items()
    ]
    waits = not shown.decision
    context = {
        "proposal": shown,
        "old": old,
        "parts": [(title, lines) for title, lines in parts if lines],
        "files": catalogue.list_changed_files(reference, against=old.version) if old else (),
        "running": applications.count_running(shown.service_id, new) if waits and old and old.process else None,
        "own": shown.proposed_by == request.actor.label,
        "waits": waits,
        "tariff": tariff_test(new, until=timezone.now()) if waits and old else None,
        "reason": reason,
        "problems": problems_of([reason]),
        "people": people_named([shown.proposed_by, shown.decided_by]),
        "picture": Markup(catalogue.draw_process(new, language=get_language() or "ar")),  # noqa: S704 (ours, every word escaped)
    }
    return render(request, "desk/publishing/proposal.html", context, status=422 if error else 200)


def _compared(proposal: catalogue.ProposalFacts, new: ServiceVersion) -> ServiceVersion | None:
    """What stood before: the published version while it waits, the one before its own when it was decided."""
    try:
        present = catalogue.get_published(proposal.service_id)
        return present if present.version < new.version else catalogue.get_published(new.id, version=new.version - 1)
    except catalogue.ServiceNotFound:
        return None
