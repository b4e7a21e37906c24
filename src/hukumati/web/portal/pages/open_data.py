"""The catalogue to take along: streamed, and kept by whoever asks again for as long as nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from django.http import HttpRequest

KEEP_SECONDS: Final = 300


@public
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """As CSV."""
    return _answer(request, "csv")


@public
@require_safe
def linked(request: HttpRequest) -> HttpResponse:
    """As CPSV-AP in JSON-LD."""
    return _answer(request, "jsonld")


@public
@require_safe
def data_set(request: HttpRequest) -> HttpResponse:
    """What the data set is, as DCAT."""
    return _answer(request, "dcat")


def _answer(request: HttpRequest, name: str) -> HttpResponse:
    wanted = catalogue.OPEN_FORMATS[name]
    tag = f'"{catalogue.fingerprint(name, on=timezone.localdate())}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={KEEP_SECONDS}", "Access-Control-Allow-Origin": "*"}
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in asked:
        return HttpResponse(status=304, headers=headers)
    if request.method == "HEAD":
        return HttpResponse(content_type=wanted.content_type, headers=headers)
    parts = (part.encode() for part in wanted.write(settings.PUBLIC_URL))
    answer: Any = StreamingHttpResponse(parts, content_type=wanted.content_type, headers=headers)
    return answer  # type: ignore[no-any-return]  # a view's answer is HttpResponse by name; Django's streaming one is its sibling
