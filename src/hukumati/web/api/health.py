"""For machines that watch: /healthz says the process lives, /readyz that it can serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from hukumati.infra import health
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from django.http import HttpRequest


@public
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@public
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Names and yes or no only: what is wrong is said to operators, not to the network."""
    findings = health.check_ready()
    ready = all(finding.well for finding in findings)
    body = {"ready": ready, **{finding.name: finding.well for finding in findings}}
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
