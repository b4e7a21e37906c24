"""How far the services of all institutions have come on their way online: public, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.portal.pages.services_cards import stage_words
from hukumati.web.ui.access import public
from hukumati.web.ui.writing import written_month

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is planned beside what is online."""
    way = catalogue.burn_up(on=timezone.localdate())
    context = {
        "way": way,
        "months": [(written_month(step.month), step.planned, step.online) for step in way.months],
        "stage_rows": [(stage_words(stage), way.by_stage[stage]) for stage in catalogue.Stage if stage in way.by_stage],
    }
    return render(request, "portal/progress.html", context)
