"""Citizens and staff sign in apart: the portal and the desk keep their sessions in different cookies of the same browser.

Django names one session cookie and one CSRF cookie for a whole site, so the two middlewares below repeat its few lines
with the name of the face. Everything else (storage, signing, comparing) stays Django's.
"""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import (  # type: ignore[attr-defined]  # private, and repeated below with the face's name
    CSRF_TOKEN_LENGTH,
    CsrfViewMiddleware,
    _check_token_format,
    _unmask_cipher_token,
)
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

DESK, PORTAL = "desk", "portal"
DESK_PATH: Final = re.compile(r"/(?:en/)?desk(?:/|$)")
SAME_SITE: Final = "Lax"
SERVER_ERROR: Final = HTTPStatus.INTERNAL_SERVER_ERROR


def face_of(path: str) -> str:
    """Which face an address belongs to."""
    return DESK if DESK_PATH.match(path) else PORTAL


def session_cookie(face: str) -> str:
    """The name of that face's session cookie."""
    return bound_to_host(settings.DESK_COOKIE if face == DESK else settings.PORTAL_COOKIE)


def bound_to_host(name: str) -> str:
    """Behind TLS the name itself makes browsers refuse the cookie from a sister host or over plain HTTP."""
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


class FaceSessionMiddleware(SessionMiddleware):
    """Django's sessions, with a cookie of their own for each face. Sets `request.face`."""

    def process_request(self, request: Any) -> None:
        request.face = face_of(request.path_info)
        request.session = self.SessionStore(request.COOKIES.get(session_cookie(request.face)))

    def process_response(self, request: Any, response: HttpResponse) -> HttpResponse:
        session, cookie = request.session, session_cookie(request.face)
        accessed, empty = session.accessed, session.is_empty()
        if empty and cookie in request.COOKIES:
            response.delete_cookie(cookie, samesite=SAME_SITE)
            accessed = True
        elif session.modified and not empty and response.status_code < SERVER_ERROR:
            _save(request, response, cookie)
            accessed = True
        if accessed:
            patch_vary_headers(response, ("Cookie",))
        return response


def _save(request: Any, response: HttpResponse, cookie: str) -> None:
    try:
        request.session.save()
    except UpdateError:
        raise SessionInterrupted("The session was ended elsewhere while this request ran.") from None
    age = request.session.get_expiry_age()
    response.set_cookie(
        cookie,
        request.session.session_key,
        max_age=age,
        expires=http_date(time.time() + age),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=SAME_SITE,
    )


class FaceCsrfMiddleware(CsrfViewMiddleware):
    """Signing in changes the CSRF secret; with one for each face, a form that is open in the other face stays good."""

    def _cookie(self, request: HttpRequest) -> str:
        return bound_to_host(f"{settings.CSRF_COOKIE_NAME}_{face_of(request.path_info)}")

    def _get_secret(self, request: HttpRequest) -> str | None:
        secret = request.COOKIES.get(self._cookie(request))
        if secret is None:
            return None
        _check_token_format(secret)
        return _unmask_cipher_token(secret) if len(secret) == CSRF_TOKEN_LENGTH else secret

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponse) -> None:
        response.set_cookie(
            self._cookie(request),
            request.META["CSRF_COOKIE"],
            max_age=settings.CSRF_COOKIE_AGE,
            secure=settings.CSRF_COOKIE_SECURE,
            httponly=settings.CSRF_COOKIE_HTTPONLY,
            samesite=SAME_SITE,
        )
        patch_vary_headers(response, ("Cookie",))
