"""Passkeys: offered after sign-up, listed, added, removed. The only pages that need a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.kernel.text import cleaned
from hukumati.web.portal.pages.account import to_confirmation
from hukumati.web.ui import signing_in
from hukumati.web.ui.access import citizens_only, was_proven_lately
from hukumati.web.ui.sign_in_forms import typed_credential

if TYPE_CHECKING:
    from django.http import HttpResponse

NAME_LENGTH_MAX = 60
PASSKEYS_MAX = 10
KEY_DIGITS_MAX = 18


@citizens_only
@require_http_methods(["GET", "POST"])
def passkeys(request: Any) -> HttpResponse:
    """The list, and a way to add one."""
    if not was_proven_lately(request):
        return to_confirmation("portal:passkeys")
    if request.method == "POST":
        return _add(request)
    return _page(request)


def _page(request: Any, *, problem: str = "") -> HttpResponse:
    kept = identity.list_passkeys(request.citizen.account_id)
    browser = signing_in.browser_name(request.headers.get("User-Agent", ""))
    context = {
        "passkeys": kept,
        "challenge": json.dumps(signing_in.new_passkey_challenge(request)) if len(kept) < PASSKEYS_MAX else "",
        "suggested_name": browser or _("My device"),
        "named_address": demo_address_with_a_name(request),
        "problems": [{"message": problem, "target": ""}] if problem else [],
        "section": "account",
    }
    return render(request, "portal/account/passkeys.html", context, status=422 if problem else 200)


def demo_address_with_a_name(request: Any) -> str:
    """Passkeys belong to a name, and the demonstration's address is a number: the same page under `localhost`."""
    host, _colon, port = request.get_host().partition(":")
    return f"http://localhost:{port or 80}{request.path}" if settings.DEMO and host == "127.0.0.1" else ""


def _add(request: Any) -> HttpResponse:
    name = cleaned(request.POST.get("name", ""))[:NAME_LENGTH_MAX] or _("My device")
    at = now()
    try:
        signing_in.add_passkey(request, name=name, credential=typed_credential(request), at=at)
    except identity.PasskeyNotAdded:
        return _page(
            request, problem=_("The passkey was not added. Try again; your device may ask for its lock or fingerprint.")
        )
    notifications.tell(request.citizen.account_id, code="passkey.added", facts={"name": name}, about="", at=at)
    messages.success(request, _("The passkey was added. Next time you can sign in with it alone."))
    return redirect("portal:passkeys")


@citizens_only
@require_POST
def remove(request: Any) -> HttpResponse:
    """Forget one passkey."""
    if not was_proven_lately(request):
        return to_confirmation("portal:passkeys")
    at, typed = now(), request.POST.get("passkey", "")
    account_id = request.citizen.account_id
    known = typed.isdecimal() and len(typed) <= KEY_DIGITS_MAX
    name = identity.remove_passkey(account_id, int(typed), by=request.actor, at=at) if known else ""
    if name:
        notifications.tell(account_id, code="passkey.removed", facts={"name": name}, about="", at=at)
        messages.success(request, _("The passkey was removed."))
    return redirect("portal:passkeys")
