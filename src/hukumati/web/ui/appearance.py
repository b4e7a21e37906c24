"""Light, dark, or as the device says: a choice that needs neither an account nor a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hukumati.web.ui.access import public
from hukumati.web.ui.templating import SCHEME_COOKIE, SCHEMES

if TYPE_CHECKING:
    from django.http import HttpRequest

YEAR_SECONDS: Final = 365 * 86400


@csrf_exempt
@public
@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Remember the choice on this device and go back to where it was made.

    Without a CSRF token, because error pages carry this form too and know no session; the worst a stranger gains is a dark page.
    """
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    answer = HttpResponseRedirect(back)
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES and chosen != "auto":
        answer.set_cookie(
            SCHEME_COOKIE,
            chosen,
            max_age=YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie(SCHEME_COOKIE, samesite="Lax")
    return answer
