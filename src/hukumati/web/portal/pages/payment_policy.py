"""The payment policy, for everybody: which ways there are, within which limits, since when and by which article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.policies import api as policies
from hukumati.web.ui.access import public
from hukumati.web.ui.ways import limits_words, scope_name, way_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What rules now, what comes, and the versions before."""
    at = timezone.now()
    versions = policies.list_versions(at=at)
    ruling = next((one for one in versions if one.standing == policies.Standing.IN_FORCE), None)
    context = {
        "ruling": ruling,
        "basis": catalogue.basis_words(ruling.instrument, ruling.article) if ruling else None,
        "rules": written(ruling.policy) if ruling else [],
        "coming": [told(one) for one in versions if one.standing == policies.Standing.COMING],
        "past": [told(one) for one in versions if one.standing == policies.Standing.PAST],
    }
    return render(request, "portal/payment_policy.html", context)


def written(policy: policies.Policy) -> list[dict[str, Any]]:
    """Its rules in words, the one for everything first."""
    rules = sorted(policy.rules, key=lambda rule: (rule.scope != policies.EVERYTHING, rule.scope))
    return [
        {
            "scope": rule.scope,
            "name": scope_name(rule.scope),
            "ways": [(way_name(one.way), limits_words(one)) for one in rule.ways],
        }
        for rule in rules
    ]


def told(version: policies.PolicyFacts) -> dict[str, Any]:
    return {
        "number": version.number,
        "from": version.effective_at,
        "basis": catalogue.basis_words(version.instrument, version.article),
    }
