"""How employees come in: staff code and password, then always a second factor; or a passkey, which is both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import segno
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.identity import api as identity
from hukumati.kernel.text import cleaned
from hukumati.web.ui import signing_in
from hukumati.web.ui.access import public, safe_next, staff_only, was_proven_lately
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.sign_in_forms import (
    ChangePasswordForm,
    CodeForm,
    StaffSignInForm,
    change_password,
    posted,
    typed_credential,
)

if TYPE_CHECKING:
    from django.forms import Form

NAME_LENGTH_MAX: Final = 60


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """Staff code and password."""
    if request.staff is not None:
        return HttpResponseRedirect(safe_next(request, otherwise=_home(request)))
    form = StaffSignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return signing_in.sign_in_with_password(
                request,
                login=form.cleaned_data["login"],
                password=form.cleaned_data["password"],
                next_url=safe_next(request, otherwise=""),
            )
        except identity.SignInFailed:
            form.add_error(None, _("This staff code and password do not belong together. Check both and try again."))
        except identity.TooManyTries as refusal:
            form.add_error(None, words_for(refusal))
            return _sign_in_page(request, form, status=429)
    return _sign_in_page(request, form, status=422 if form.is_bound else 200)


def _home(request: Any) -> str:
    return signing_in.AccountAdapter().get_login_redirect_url(request)


def _sign_in_page(request: Any, form: Form, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": safe_next(request, otherwise="")}
    return render(request, "desk/sign_in/sign_in.html", context, status=status)


@public
@require_http_methods(["GET", "POST"])
def second_factor(request: Any) -> HttpResponse:
    """The code that the authenticator app shows, or a passkey."""
    stage = signing_in.find_stage(request, "second_factor")
    if stage is None or not identity.has_second_factor(stage.login.user.pk):
        return redirect("desk:sign_in")
    form = CodeForm(posted(request))
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            return signing_in.finish_totp(stage, typed=form.cleaned_data["code"], at=now())
        except identity.CodeWrong:
            form.add_error("code", _("This code is wrong or was used. Wait for the next one."))
        except identity.TooManyTries as refusal:
            form.add_error(None, words_for(refusal))
            status = 429
    context = {
        "form": form,
        "has_app": identity.has_totp(stage.login.user.pk),
        "authenticator_url": demo_authenticator_url(),
    }
    return render(request, "desk/sign_in/second_factor.html", context, status=status)


def demo_authenticator_url() -> str:
    """Where the demonstration shows what the employees' apps show: beside its phones."""
    return f"{settings.DEMO_PHONES_URL.rstrip('/')}/authenticator" if settings.DEMO and settings.DEMO_PHONES_URL else ""


@public
@require_http_methods(["GET", "POST"])
def set_up_second_factor(request: Any) -> HttpResponse:
    """First sign-in: an authenticator app, before anything else opens."""
    stage = signing_in.find_stage(request, "second_factor")
    if stage is None or identity.has_second_factor(stage.login.user.pk):
        return redirect("desk:sign_in")
    secret = get_totp_secret()
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if identity.is_totp_code(secret, form.cleaned_data["code"]):
            clear_totp_secret(request)
            return signing_in.finish_totp_set_up(stage, secret=secret, typed=form.cleaned_data["code"], at=now())
        form.add_error(
            "code", _("This code does not fit. Check that the clock of your phone is right, and try the next one.")
        )
    user = stage.login.user
    address = get_mfa_adapter().build_totp_url(user, secret)
    context = {"form": form, "secret": grouped(secret), "picture": qr_rows(address)}
    return render(request, "desk/sign_in/set_up.html", context, status=422 if form.is_bound else 200)


def grouped(secret: str) -> str:
    """In fours, as people read it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def qr_rows(address: str) -> dict[str, Any]:
    """The QR code as one SVG path: no style, no image address, nothing that the security policy would refuse."""
    matrix = segno.make(address, error="m").matrix
    path = "".join(
        f"M{column} {row}h1v1h-1z" for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark
    )
    return {"size": len(matrix), "path": path}


@public
@require_GET
def passkey_challenge(request: Any) -> HttpResponse:
    """What the passkey dialogue of the browser needs."""
    return JsonResponse(signing_in.passkey_challenge(request), headers={"Cache-Control": "no-store"})


@public
@require_POST
def sign_in_with_passkey(request: Any) -> HttpResponse:
    """The answer of the passkey dialogue."""
    try:
        return signing_in.sign_in_with_passkey(
            request, credential=typed_credential(request), next_url=safe_next(request, otherwise="")
        )
    except identity.SignInFailed:
        form = StaffSignInForm({})
        form.errors.clear()
        form.add_error(None, _("This passkey did not open an account. Try again, or use your password and app."))
        return _sign_in_page(request, form, status=422)


@staff_only()
@require_http_methods(["GET", "POST"])
def security(request: Any) -> HttpResponse:
    """My sign-in: passkeys and the browsers that are signed in."""
    if request.method == "POST" and was_proven_lately(request):
        return _add_passkey(request)
    context = {
        "passkeys": identity.list_passkeys(request.staff.account_id),
        "sessions": [
            {
                "facts": session,
                "browser": signing_in.browser_name(session.browser),
                "is_here": session.session_key == request.session.session_key,
            }
            for session in identity.list_sessions(request.staff.account_id)
        ],
        "has_app": identity.has_totp(request.staff.account_id),
        "challenge": json.dumps(signing_in.new_passkey_challenge(request)) if was_proven_lately(request) else "",
        "suggested_name": signing_in.browser_name(request.headers.get("User-Agent", "")) or _("My device"),
    }
    return render(request, "desk/sign_in/security.html", context)


def _add_passkey(request: Any) -> HttpResponse:
    name = cleaned(request.POST.get("name", ""))[:NAME_LENGTH_MAX] or _("My device")
    try:
        signing_in.add_passkey(request, name=name, credential=typed_credential(request), at=now())
        messages.success(request, _("The passkey was added."))
    except identity.PasskeyNotAdded:
        messages.error(request, _("The passkey was not added. Try again."))
    return redirect("desk:security")


@staff_only()
@require_http_methods(["GET", "POST"])
def password(request: Any) -> HttpResponse:
    """Change the password; every other browser is signed out."""
    form = ChangePasswordForm(posted(request))
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        status = change_password(request, form)
        if not status:
            messages.success(request, _("Your password was changed. Other browsers were signed out."))
            return redirect("desk:security")
    return render(request, "desk/sign_in/password.html", {"form": form}, status=status)


@staff_only()
@require_POST
def end_other_sessions(request: Any) -> HttpResponse:
    """Sign every other browser out."""
    identity.end_other_sessions(
        request.staff.account_id, keep_session=request.session.session_key, by=request.actor, at=now()
    )
    messages.success(request, _("All other browsers were signed out."))
    return redirect("desk:security")


@public
@require_POST
def sign_out(request: Any) -> HttpResponse:
    """End this browser's session at the desk."""
    signing_in.sign_out(request, at=now())
    return redirect("desk:sign_in")
