"""The catalogue for everybody: all services, one service, one institution. No sign-in, nothing about the visitor."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.processes.applications import api as applications
from hukumati.web.portal.pages.calculator import calculate
from hukumati.web.portal.pages.described import described_page
from hukumati.web.portal.pages.services_cards import badge_of, card_of, page_asked, time_words
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hukumati.domain.catalogue.facts import ServiceVersion

ONLINE = "1"
ON_A_PAGE = 48


@public
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Every service by institution; narrowed to an institution, or to what can be done online."""
    directory = catalogue.directory()
    institutions = {one.id: one for one in directory.institutions if one.services_count}
    chosen = request.GET.get("institution", "")
    wanted = catalogue.Wanted(
        institution=chosen if chosen in institutions else "", online=request.GET.get("online") == ONLINE
    )
    found = catalogue.page_of_entries(wanted, on=timezone.localdate(), page=page_asked(request), size=ON_A_PAGE)
    groups = [
        (institutions[name], [card_of(entry) for entry in entries])
        for name, entries in groupby(found.entries, key=lambda entry: entry.institution)
    ]
    context = {
        "groups": groups,
        "institutions": list(institutions.values()),
        "categories": [topic for topic in directory.categories if topic.services_count],
        "life_events": [topic for topic in directory.life_events if topic.services_count],
        "chosen": wanted.institution,
        "online": wanted.online,
        "count": found.count,
        "page": found.number,
        "pages": found.pages,
    }
    return render(request, "portal/services.html", context)


@public
@require_safe
def page(request: Any, service_id: str) -> HttpResponse:
    """All that is known before one starts: who, papers, fee by line, the promised day, ways to pay and receive, registries now."""
    at = timezone.now()
    try:
        service = catalogue.get_published(service_id)
    except catalogue.ServiceNotFound:
        return described_page(request, service_id)
    states = exchange.preflight(service.asks, at=at) if service.startable else {}
    context = {
        "service": service,
        "institution": catalogue.get_institution(service.institution),
        "badge": badge_of(service.stage),
        "asks_first": applications.asks_first(service),
        "open_to_me": catalogue.is_open_to(service, request.citizen),
        "straight": catalogue.passes_without_review(service),
        "promised_at": applications.promised_at(at, working_days=service.answer_within_working_days),
        "time": time_words(days=service.answer_within_working_days, at_once=catalogue.passes_without_review(service)),
        "offices": _offices(service),
        "pay_offices": catalogue.list_offices(kind="post") if "cash" in service.pay_by else [],
        "reads": [(read, exchange.get_registry(read.registry).name) for read in service.reads],
        "down": [registry.name for registry in exchange.silent(states)],
        "checked_at": min((state.checked_at for state in states.values()), default=None),
        "legal_basis": [catalogue.legal_words(basis) for basis in service.legal_basis],
        "fee": calculate(service, request.GET.dict(), on=timezone.localdate(at)),
    }
    return render(request, "portal/service.html", context)


def _offices(service: ServiceVersion) -> list[catalogue.OfficeFacts]:
    """Where it is given, or where it may be collected."""
    if service.offices:
        return [catalogue.get_office(office) for office in service.offices]
    if "counter" in service.pick_up:
        return catalogue.list_offices(institution=service.institution, kind="counter")
    return []
