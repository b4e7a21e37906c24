"""Finding a service by what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.text import cleaned
from hukumati.web.portal.pages.services_cards import card_of
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TYPED_MAX = 100
SUGGESTIONS_MAX = 6
OTHERS_MAX = 3


@public
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What was found and why; when nothing was, a way on."""
    typed = _typed(request)
    on = timezone.localdate()
    hits = catalogue.search(typed, on=on, language=get_language() or "ar")
    context = {
        "typed": typed,
        "alike": bool(hits) and all(hit.why == "alike" for hit in hits),
        "cards": [card_of(hit.service, hit=hit) for hit in hits],
        "others": [] if hits else [card_of(entry) for entry in catalogue.list_first_entries(on=on, limit=OTHERS_MAX)],
        "institutions": [] if hits else [one for one in catalogue.directory().institutions if one.services_count],
        "marked": catalogue.marked,
    }
    return render(request, "portal/search.html", context)


@public
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A list for under the search box, as HTML."""
    typed = _typed(request)
    on, language = timezone.localdate(), get_language() or "ar"
    hits = catalogue.search(typed, on=on, language=language, limit=SUGGESTIONS_MAX) if len(typed) > 1 else []
    return render(
        request,
        "portal/search_suggestions.html",
        {"hits": hits, "marked": catalogue.marked, "names": catalogue.institution_name},
    )


def _typed(request: HttpRequest) -> str:
    return cleaned(request.GET.get("q", "")[:TYPED_MAX])
