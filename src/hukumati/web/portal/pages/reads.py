"""Who read my data: every question that was asked about me and everything that was entered, with its purpose and its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.views.decorators.http import require_GET
from markupsafe import Markup, escape

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.web.portal.pages.inbox import moment_in
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.facts import written
from hukumati.web.ui.writing import text

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.requests import CitizenRequest

PAGE: Final = 20


@citizens_only
@require_GET
def reads(request: CitizenRequest) -> HttpResponse:
    """The newest first."""
    before = moment_in(request)
    me = request.citizen.national_id
    asked = exchange.list_reads_about(me, limit=PAGE + 1, before=before)
    told = exchange.list_writes_about(me, limit=PAGE + 1, before=before)
    both: list[exchange.ReadFacts | exchange.WriteFacts] = [*asked, *told]
    found = sorted(both, key=lambda row: row.at, reverse=True)
    context = {
        "rows": [(row, _written(row)) for row in found[:PAGE]],
        "older": found[PAGE - 1].at.isoformat() if len(found) > PAGE else "",
        "is_first": before is None,
        "section": "account",
    }
    return render(request, "portal/account/reads.html", context)


def _written(row: exchange.ReadFacts | exchange.WriteFacts) -> list[tuple[str, Markup]]:
    """What was entered, in the registry's words for it; a read changed nothing."""
    if isinstance(row, exchange.ReadFacts):
        return []
    registry = exchange.get_registry(row.registry)
    named = {name: label for name, label in registry.attributes.items() if name in row.facts}
    return [(text(label), _value(registry, name, row.facts[name])) for name, label in named.items()]


def _value(registry: exchange.RegistryFacts, name: str, value: object) -> Markup:
    words = registry.values.get(name, {}).get(str(value))
    if words is not None:
        return escape(text(words))
    is_day = name.endswith(("_on", "_date"))
    return written(value, catalogue.Format.DATE if is_day else catalogue.Format.TEXT)
