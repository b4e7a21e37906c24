"""How much anybody may send. Django limits fields, but writes an uploaded file to the disk before any view is asked."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings

from hukumati.web.ui.answers import answer, bad_request_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)
DIGITS_MAX: Final = 18  # Python reads no number of thousands of digits


class BodySizeMiddleware:
    """Refuses what is larger than any form of ours before a byte of it is read. Stands before whoever reads the body.

    The announced length is all there is to check: Django reads no further than it, and nothing when none is announced.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and len(announced) <= DIGITS_MAX and int(announced) <= settings.REQUEST_BYTES_MAX:
            return self.get_response(request)
        log.warning("body_too_large", announced=announced[:20])
        return answer(request, replace(bad_request_page(), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
