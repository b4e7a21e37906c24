"""Every request has an id, and leaves one line."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PROBES = {"api:healthz", "api:readyz"}  # asked every second by machines
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
log = structlog.get_logger("hukumati.request")


class RequestLogMiddleware:
    """Outermost. Sets `request.id` (a proxy's X-Request-Id when it is well-formed) and answers with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        request.id = request_id  # type: ignore[attr-defined]
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            seconds = round(time.perf_counter() - started, 4)
            if (view := _view_name(request)) not in PROBES:
                log.info("request", method=request.method, view=view, status=response.status_code, seconds=seconds)
        response["X-Request-Id"] = request_id
        return response


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""
