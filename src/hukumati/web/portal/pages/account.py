"""My account: what we hold, the language, the e-mail address, the password, and the browsers that are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.web.ui import signing_in
from hukumati.web.ui.access import citizens_only, safe_next, was_proven_lately
from hukumati.web.ui.forms import Form
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.sign_in_forms import ChangePasswordForm, CodeForm, PasswordField, change_password, posted
from hukumati.web.ui.templating import in_other_language

if TYPE_CHECKING:
    from hukumati.web.ui.requests import CitizenRequest

EMAIL_PURPOSE: Final = "email"
EMAIL_SESSION_KEY: Final = "email_to_prove"


class LanguageForm(Form):
    """In which language we write."""

    language = forms.ChoiceField(choices=[("ar", "العربية"), ("en", "English")])


class EmailForm(Form):
    """An address, or nothing."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy(
            "We send a code there to make sure that it is yours. Leave it empty to receive no e-mail."
        ),
        error_messages={"invalid": gettext_lazy("Enter an e-mail address like name@example.org")},
    )


@citizens_only
@require_GET
def account(request: CitizenRequest) -> HttpResponse:
    """Everything about the account on one page."""
    citizen = request.citizen
    context = {
        "citizen": citizen,
        "passkeys": identity.list_passkeys(citizen.account_id),
        "sessions": [
            {
                "facts": session,
                "browser": signing_in.browser_name(session.browser),
                "is_here": session.session_key == request.session.session_key,
            }
            for session in identity.list_sessions(citizen.account_id)
        ],
        "section": "account",
    }
    return render(request, "portal/account/account.html", context)


@citizens_only
@require_POST
def language(request: CitizenRequest) -> HttpResponse:
    """Choose the language we write in; the page follows."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return redirect("portal:account")
    chosen = form.cleaned_data["language"]
    identity.set_language(request.citizen.account_id, language=chosen, by=request.actor, at=now())
    address = reverse("portal:account")
    if (translation.get_language() or "ar") != chosen:
        address = in_other_language(address)
    with translation.override(chosen):
        messages.success(request, _("From now on we write to you in English."))
    return HttpResponseRedirect(address)


@citizens_only
@require_http_methods(["GET", "POST"])
def password(request: Any) -> HttpResponse:
    """Change the password; every other browser is signed out."""
    form = ChangePasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        status = change_password(request, form)
        if not status:
            notifications.tell(request.citizen.account_id, code="password.changed", facts={}, about="", at=now())
            messages.success(request, _("Your password was changed. Other browsers were signed out."))
            return redirect("portal:account")
        return render(request, "portal/account/password.html", {"form": form, "section": "account"}, status=status)
    status = 422 if form.is_bound else 200
    return render(request, "portal/account/password.html", {"form": form, "section": "account"}, status=status)


@citizens_only
@require_http_methods(["GET", "POST"])
def email(request: Any) -> HttpResponse:
    """Give an e-mail address, which a code then proves; or take it away."""
    if not was_proven_lately(request):
        return to_confirmation("portal:email")
    form = EmailForm(posted(request), initial={"email": request.citizen.email})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["email"]
        if not wanted:
            identity.set_email(request.citizen.account_id, email="", by=request.actor, at=now())
            messages.success(request, _("We no longer send you e-mail."))
            return redirect("portal:account")
        try:
            _send_email_code(request, wanted)
        except identity.TooManyTries as refusal:
            form.add_error(None, words_for(refusal))
            return render(request, "portal/account/email.html", {"form": form, "section": "account"}, status=429)
        return redirect("portal:email_code")
    status = 422 if form.is_bound else 200
    return render(request, "portal/account/email.html", {"form": form, "section": "account"}, status=status)


def _send_email_code(request: Any, wanted: str) -> None:
    citizen, at = request.citizen, now()
    identity.spend("email_codes", citizen.reference, allowance=identity.CODES_BY_ACCOUNT, at=at)
    request.session[EMAIL_SESSION_KEY] = wanted
    notifications.send_new_code(
        EMAIL_PURPOSE,
        bound_to=f"{citizen.reference}:{wanted}",
        to=wanted,
        text_code="email.code",
        at=at,
        language=citizen.language,
        channel="email",
    )


@citizens_only
@require_http_methods(["GET", "POST"])
def email_code(request: Any) -> HttpResponse:
    """The code that came to the new address."""
    wanted = request.session.get(EMAIL_SESSION_KEY)
    if not wanted:
        return redirect("portal:email")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        citizen, at = request.citizen, now()
        bound_to = f"{citizen.reference}:{wanted}"
        try:
            identity.use_code(EMAIL_PURPOSE, bound_to=bound_to, typed=form.cleaned_data["code"], at=at)
        except identity.CodeWrong as refusal:
            form.add_error("code", words_for(refusal))
        except identity.CodeExpired as refusal:
            form.add_error("code", words_for(refusal))
        else:
            identity.set_email(citizen.account_id, email=wanted, by=request.actor, at=at)
            notifications.tell(citizen.account_id, code="email.changed", facts={}, about="", at=at)
            del request.session[EMAIL_SESSION_KEY]
            messages.success(request, _("Your e-mail address is confirmed."))
            return redirect("portal:account")
    context = {"form": form, "email": wanted, "section": "account", "mail_url": demo_mail_url()}
    return render(request, "portal/account/email_code.html", context, status=422 if form.is_bound else 200)


def demo_mail_url() -> str:
    """Where the demonstration shows mails: beside its phones."""
    return f"{settings.DEMO_PHONES_URL.rstrip('/')}/mail" if settings.DEMO and settings.DEMO_PHONES_URL else ""


@citizens_only
@require_POST
def end_session(request: CitizenRequest) -> HttpResponse:
    """Sign one other browser out."""
    identity.end_session(request.citizen.account_id, request.POST.get("session", ""), by=request.actor, at=now())
    messages.success(request, _("That browser was signed out."))
    return redirect("portal:account")


@citizens_only
@require_POST
def end_other_sessions(request: Any) -> HttpResponse:
    """Sign every other browser out."""
    identity.end_other_sessions(
        request.citizen.account_id, keep_session=request.session.session_key, by=request.actor, at=now()
    )
    messages.success(request, _("All other browsers were signed out."))
    return redirect("portal:account")


def to_confirmation(page: str) -> HttpResponse:
    """A sensitive page asks for a fresh proof first, and opens afterwards."""
    return HttpResponseRedirect(f"{reverse('portal:confirm')}?next={reverse(page)}")


@citizens_only
@require_http_methods(["GET", "POST"])
def confirm(request: Any) -> HttpResponse:
    """It is really you: the password once more, before a sensitive change."""
    form = ConfirmForm(posted(request))
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            signing_in.prove_again(request, password=form.cleaned_data["password"])
            return HttpResponseRedirect(safe_next(request, otherwise=reverse("portal:account")))
        except identity.PasswordWrong:
            form.add_error("password", _("This is not your password."))
        except identity.TooManyTries as refusal:
            form.add_error(None, words_for(refusal))
            status = 429
    context = {"form": form, "next": safe_next(request, otherwise=""), "section": "account"}
    return render(request, "portal/account/confirm.html", context, status=status)


class ConfirmForm(Form):
    """The password once more."""

    password = PasswordField()
