"""Payment providers, for whoever is on call: how each stands, and whether it answers now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.identity.facts import Role
from hukumati.domain.payments import api as payments
from hukumati.domain.treasury import api as treasury
from hukumati.web.desk.pages.treasury import KINDS, place_words
from hukumati.web.desk.payment_words import word
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.ways import way_names

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from hukumati.web.ui.requests import StaffRequest

READERS: Final = (Role.OPERATOR, Role.TREASURER, Role.AUDITOR)


@staff_only(*READERS)
@require_GET
def list_page(request: StaffRequest) -> HttpResponse:
    """All of them side by side."""
    at = timezone.now()
    context = {
        "watched": [(_name(name), payments.watch(name, at=at)) for name in payments.list_watched()],
        "way_names": way_names,
    }
    return render(request, "desk/providers/list.html", context)


@staff_only(*READERS)
@require_GET
def one(request: StaffRequest, name: str) -> HttpResponse:
    """One provider: what came in, what waits and since when, its last notices, its lists, and what does not fit."""
    shown = _watched(name, at=timezone.now())
    lists = treasury.find_last_list(name)
    context = {
        "one": shown,
        "name": _name(name),
        "ways": way_names(shown.ways),
        "lists": lists,
        "differences": [(KINDS[kind](), count) for kind, count in treasury.count_differences_at(name).items()],
        "word": word,
    }
    return render(request, "desk/providers/provider.html", context)


@staff_only(*READERS)
@require_POST
def ask(request: StaffRequest, name: str) -> HttpResponse:
    """Ask it now for something harmless, and say how it answered."""
    _watched(name, at=timezone.now())
    said = payments.probe(name, at=timezone.now())
    if said.why:
        messages.error(
            request,
            _("It does not answer: %(why)s (%(ms)s ms)") % {"why": said.why, "ms": said.milliseconds},
        )
    else:
        messages.success(request, _("It answered in %(ms)s ms.") % {"ms": said.milliseconds})
    return redirect("desk:provider", name)


def _watched(name: str, *, at: datetime) -> payments.ProviderWatch:
    try:
        return payments.watch(name, at=at)
    except LookupError:
        raise Http404 from None


def _name(name: str) -> str:
    return place_words(name)
