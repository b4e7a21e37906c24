"""My applications: the list, and one application with its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.domain.payments import api as payments
from hukumati.kernel.process import By
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.happenings import shown_timeline, state_tag
from hukumati.web.ui.cases.questions import answer_rows

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.requests import CitizenRequest


@citizens_only
@require_GET
def list_page(request: CitizenRequest) -> HttpResponse:
    """Drafts first, then everything sent, newest first; and the inquiries asked."""
    cases = applications.list_own(citizen=request.citizen)
    services = {(case.service_id, case.service_version): applications.service_of(case) for case in cases}
    rows = [(case, services[case.service_id, case.service_version]) for case in cases]
    context = {
        "to_confirm": applications.count_confirmations(citizen=request.citizen),
        "drafts": [(case, service) for case, service in rows if case.submitted_at is None and case.closed_at is None],
        "sent": [(case, service, state_tag(service, case.state)) for case, service in rows if case.submitted_at],
        "queued": [
            (waits, catalogue.get_published(waits.service_id))
            for waits in applications.list_own_queued(citizen=request.citizen)
        ],
        "inquiries": [
            (inquiry, catalogue.get_published(inquiry.service_id, version=inquiry.service_version))
            for inquiry in applications.list_own_inquiries(citizen=request.citizen, limit=10)
        ],
    }
    return render(request, "portal/applications.html", context)


@citizens_only
@require_GET
def page(request: CitizenRequest, reference: str) -> HttpResponse:
    """Where my application stands, what I have to do, what has happened, and what I sent."""
    case = applications.get_own(reference, citizen=request.citizen)
    service = applications.service_of(case)
    steps = service.process.from_state(case.state) if service.process else ()
    timeline = applications.list_timeline(reference)
    charges = payments.list_charges(reference)
    context = {
        "application": case,
        "service": service,
        "state": state_tag(service, case.state),
        "verbs": {step.verb for step in steps if step.by == By.CITIZEN},
        "may_answer": applications.may_answer(service, case.state),
        "last_word": next(
            (entry.reason for entry in reversed(timeline) if entry.reason and entry.by_kind == "staff"), ""
        ),
        "asked": applications.list_confirmations_of(reference),
        "waits_for_party": any(step.by == By.PARTY for step in steps),
        "recording": any(step.verb == "record" for step in steps),
        "timeline": shown_timeline(service, case, timeline),
        "rows": answer_rows(service, case) if case.submitted_at else [],
        "open_charge": next((charge for charge in charges if charge.state == "open"), None),
        "paid_charges": [charge for charge in charges if charge.state == "paid"],
        "refunds": [refund for charge in charges for refund in payments.list_refunds(charge.reference)],
        "document": documents.find_about(reference, holder=request.citizen.account_id),
        "pick_up": delivery.find_about(reference, holder=request.citizen.account_id),
        "in_motion": case.state not in (service.process.end if service.process else ())
        and any(s.by in (By.SYSTEM, By.LEDGER) for s in steps),
    }
    return render(request, "portal/application.html", context)


@citizens_only
@require_POST
def withdraw(request: CitizenRequest, reference: str) -> HttpResponse:
    """Give the application up, after the confirmation that the page asked for."""
    case = applications.get_own(reference, citizen=request.citizen)
    applications.withdraw(case, by=request.actor, at=timezone.now())
    messages.success(request, _("The application was withdrawn."))
    return redirect("portal:application", reference)
