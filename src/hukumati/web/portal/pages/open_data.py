"""The catalogue to take along: streamed, and kept by whoever asks again for as long as nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from django.http import HttpRequest

KEEP_SECONDS: Final = 300


@public
@require_safe
def table(request: HttpRequest) -> HttpResponseBase:
    """As CSV."""
    return _answer(request, "csv")


@public
@require_safe
def linked(request: HttpRequest) -> HttpResponseBase:
    """As CPSV-AP in JSON-LD."""
    return _answer(request, "jsonld")


@public
@require_safe
def data_set(request: HttpRequest) -> HttpResponseBase:
    """What the data set is, as DCAT."""
    return _answer(request, "dcat")


def _answer(request: HttpRequest, name: str) -> HttpResponseBase:
    wanted = catalogue.OPEN_FORMATS[name]
    tag = f'"{catalogue.fingerprint(name, on=timezone.localdate())}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={KEEP_SECONDS}", "Access-Control-Allow-Origin": "*"}
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in asked:
        return HttpResponse(status=304, headers=headers)
    if request.method == "HEAD":
        return HttpResponse(content_type=wanted.content_type, headers=headers)
    parts = (part.encode() for part in wanted.write(settings.PUBLIC_URL))
    return StreamingHttpResponse(parts, content_type=wanted.content_type, headers=headers)
