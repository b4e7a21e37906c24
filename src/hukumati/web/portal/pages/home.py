"""The front door: a search, and what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.portal.pages.services_cards import card_of
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CARDS_MAX = 6
CHIPS_MAX = 4


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then what can be done now, who gives services, and how it goes."""
    directory = catalogue.directory()
    first = catalogue.list_first_entries(on=timezone.localdate(), limit=CARDS_MAX)
    context = {
        "cards": [card_of(entry) for entry in first],
        "chips": ([entry for entry in first if entry.startable] or first)[:CHIPS_MAX],
        "institutions": [one for one in directory.institutions if one.services_count],
        "life_events": [topic for topic in directory.life_events if topic.services_count],
        "categories": [topic for topic in directory.categories if topic.services_count],
    }
    return render(request, "portal/home.html", context)
