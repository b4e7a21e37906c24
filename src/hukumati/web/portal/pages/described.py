"""A service that is only described: who, where, papers, fee, hours, and how far its migration has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.portal.pages.services_cards import badge_of, stage_words, time_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def described_page(request: HttpRequest, service_id: str) -> HttpResponse:
    """What somebody must know before going to the counter."""
    service = catalogue.get_described(service_id, on=timezone.localdate())
    entry = service.entry
    context = {
        "service": service,
        "entry": entry,
        "institution": catalogue.get_institution(entry.institution),
        "badge": badge_of(entry.stage),
        "time": time_words(days=entry.answer_within_working_days, at_once=entry.at_once),
        "offices": [catalogue.get_office(office) for office in service.offices],
        "category": catalogue.get_category(entry.category) if entry.category else None,
        "life_events": [catalogue.get_life_event(event) for event in entry.life_events],
        "legal_basis": [catalogue.legal_words(basis) for basis in service.legal_basis],
        "moves": catalogue.list_moves(service_id),
        "stage_words": stage_words,
    }
    return render(request, "portal/described.html", context)
