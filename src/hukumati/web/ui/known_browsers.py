"""Browsers where an account was opened before carry a signed cookie.

Their tries are counted apart, so a stranger who types wrong passwords for somebody's ID number never locks the owner out;
and a sign-in from a browser without it is told to the owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core import signing
from django.utils.crypto import get_random_string, salted_hmac

from hukumati.web.ui.faces import bound_to_host

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE: Final = "hukumati_known"
SALT: Final = "hukumati.known_browser"
LIVES_SECONDS: Final = 365 * 86400
ACCOUNTS_MAX: Final = 6


def _mark(login: str) -> str:
    return salted_hmac(SALT, login, algorithm="sha256").hexdigest()[:24]


def _read(request: HttpRequest) -> dict[str, str]:
    """Account mark -> this browser's own name for it. Anything unsigned or old is nothing."""
    try:
        kept = signing.loads(request.COOKIES.get(bound_to_host(COOKIE), ""), salt=SALT, max_age=LIVES_SECONDS)
    except signing.BadSignature:
        return {}
    return kept if isinstance(kept, dict) else {}


def find_known(request: HttpRequest, login: str) -> str:
    """The name under which this browser's tries for that login are counted; empty when it never signed in there."""
    return str(_read(request).get(_mark(login), ""))


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """This browser opened that account. The last few accounts are kept: families share a phone."""
    kept = _read(request)
    mark = _mark(login)
    name = kept.pop(mark, "") or get_random_string(16)
    kept = dict(list(kept.items())[-(ACCOUNTS_MAX - 1) :]) | {mark: name}
    response.set_cookie(
        bound_to_host(COOKIE),
        signing.dumps(kept, salt=SALT),
        max_age=LIVES_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
