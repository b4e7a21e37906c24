"""Services by what they are about, by what happens in life, and by who gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.portal.pages.services_cards import card_of, page_asked, stage_words
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hukumati.domain.catalogue.api import Topic, Wanted


@public
@require_safe
def category_page(request: HttpRequest, category_id: str) -> HttpResponse:
    """Services of one kind."""
    return _topic_page(request, catalogue.get_category(category_id), catalogue.Wanted(category=category_id))


@public
@require_safe
def life_event_page(request: HttpRequest, event_id: str) -> HttpResponse:
    """What somebody needs when this happens, whoever gives it."""
    return _topic_page(request, catalogue.get_life_event(event_id), catalogue.Wanted(life_event=event_id))


@public
@require_safe
def institution_page(request: HttpRequest, institution_id: str) -> HttpResponse:
    """One institution: its figures, its services and its offices."""
    institution = catalogue.get_institution(institution_id)
    figures = catalogue.figures_of(institution_id)
    found = catalogue.page_of_entries(
        catalogue.Wanted(institution=institution_id), on=timezone.localdate(), page=page_asked(request)
    )
    context = {
        "institution": institution,
        "figures": figures,
        "promises": applications.promises_kept(institution_id, at=timezone.now()),
        "stage_rows": [(stage_words(stage), count) for stage, count in figures.by_stage.items()],
        "cards": [card_of(entry) for entry in found.entries],
        "count": found.count,
        "page": found.number,
        "pages": found.pages,
        "offices": catalogue.list_offices(institution=institution_id),
    }
    return render(request, "portal/institution.html", context)


def _topic_page(request: HttpRequest, topic: Topic, wanted: Wanted) -> HttpResponse:
    found = catalogue.page_of_entries(wanted, on=timezone.localdate(), page=page_asked(request))
    context = {
        "topic": topic,
        "cards": [card_of(entry) for entry in found.entries],
        "count": found.count,
        "page": found.number,
        "pages": found.pages,
    }
    return render(request, "portal/topic.html", context)
