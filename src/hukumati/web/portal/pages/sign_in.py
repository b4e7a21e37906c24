"""Coming in and going out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.identity import api as identity
from hukumati.web.portal.pages import waiting
from hukumati.web.ui import signing_in
from hukumati.web.ui.access import public, safe_next
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.sign_in_forms import CitizenSignInForm, CodeForm, posted, typed_credential

if TYPE_CHECKING:
    from django.forms import Form

RESEND_AFTER_SECONDS = 30


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """ID number and password, or a passkey."""
    if request.citizen is not None:
        return HttpResponseRedirect(safe_next(request, otherwise=_home(request)))
    if request.method == "GET" and (crowd := waiting.wait_before_signing_in(request)):
        return crowd
    form = CitizenSignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if crowd := waiting.wait_with_what_was_typed(request):
            return crowd
        try:
            return signing_in.sign_in_with_password(
                request,
                login=form.cleaned_data["national_id"],
                password=form.cleaned_data["password"],
                next_url=safe_next(request, otherwise=""),
            )
        except identity.SignInFailed as refusal:
            form.add_error(None, words_for(refusal))
        except identity.TooManyTries as refusal:
            form.add_error(None, words_for(refusal))
            return _sign_in_page(request, form, status=429)
    return _sign_in_page(request, form, status=422 if form.is_bound else 200)


def _home(request: Any) -> str:
    return signing_in.AccountAdapter().get_login_redirect_url(request)


def _sign_in_page(request: Any, form: Form, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": safe_next(request, otherwise=""), "section": "sign_in"}
    return render(request, "portal/account/sign_in.html", context, status=status)


@public
@require_http_methods(["GET", "POST"])
def sign_in_code(request: Any) -> HttpResponse:
    """The code from the phone."""
    stage = signing_in.find_stage(request, "sms_code")
    if stage is None:
        return redirect("portal:sign_in")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return signing_in.finish_sms_code(stage, typed=form.cleaned_data["code"], at=now())
        except identity.CodeWrong as refusal:
            form.add_error("code", words_for(refusal))
        except identity.CodeExpired as refusal:
            form.add_error("code", words_for(refusal))
    context = {
        "form": form,
        "mobile": stage.login.user.mobile,
        "phones_url": settings.DEMO and settings.DEMO_PHONES_URL,
        "section": "sign_in",
    }
    return render(request, "portal/account/sign_in_code.html", context, status=422 if form.is_bound else 200)


@public
@require_POST
def resend_sign_in_code(request: Any) -> HttpResponse:
    """Another code to the same phone."""
    stage = signing_in.find_stage(request, "sms_code")
    if stage is None:
        return redirect("portal:sign_in")
    at = now()
    sent_at = identity.find_code_sent_at(signing_in.SIGN_IN_PURPOSE, bound_to=stage.state.get("bound_to", ""))
    if sent_at is None or (at - sent_at).total_seconds() >= RESEND_AFTER_SECONDS:
        signing_in.send_sign_in_code(stage, at=at)
        messages.success(request, _("A new code is on its way. The one before no longer works."))
    else:
        messages.warning(request, _("A code was sent a moment ago. Wait half a minute before asking for another."))
    return redirect("portal:sign_in_code")


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
            request,
            credential=typed_credential(request),
            next_url=safe_next(request, otherwise=""),
        )
    except identity.SignInFailed:
        form = CitizenSignInForm({})
        form.errors.clear()
        form.add_error(None, _("This passkey did not open an account. Try again, or use your password."))
        return _sign_in_page(request, form, status=422)


@public
@require_POST
def sign_out(request: Any) -> HttpResponse:
    """End this browser's session."""
    signing_in.sign_out(request, at=now())
    return HttpResponseRedirect(_home(request))
