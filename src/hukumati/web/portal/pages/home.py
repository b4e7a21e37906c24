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


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then what can be done now, who gives services, and how it goes."""
    on = timezone.localdate()
    services = catalogue.list_published()
    context = {
        "cards": [card_of(service, on=on) for service in services[:CARDS_MAX]],
        "chips": [service for service in services if service.startable] or services[:3],
        "institutions": [
            institution for institution in catalogue.list_institutions(among=services) if institution.services_count
        ],
        "online_count": sum(service.startable for service in services),
    }
    return render(request, "portal/home.html", context)
