"""Three steps from an identity card to an account; the same three lead back into one whose password was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import messages
from django.forms import ChoiceField, RadioSelect
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.kernel.national_id import NationalId
from hukumati.processes.enrolment import api as enrolment
from hukumati.web.ui import signing_in
from hukumati.web.ui.access import public, safe_next
from hukumati.web.ui.forms import DateField, Form, NationalIdField
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.sign_in_forms import CodeForm, NewPasswordForm, posted

if TYPE_CHECKING:
    from hukumati.processes.enrolment.api import EnrolmentFacts

SESSION_KEY: Final = "enrolment"
NEXT_KEY: Final = "enrolment_next"
HOME: Final = {enrolment.Aim.SIGN_UP: "portal:sign_up", enrolment.Aim.PASSWORD_RESET: "portal:reset_password"}


class CardForm(Form):
    """What is printed on the identity card."""

    national_id = NationalIdField()
    birth_date = DateField(
        label=gettext_lazy("Date of birth"), error_messages={"required": gettext_lazy("Enter your date of birth")}
    )
    card_issued_on = DateField(
        label=gettext_lazy("Date of issue of the identity card"),
        error_messages={"required": gettext_lazy("Enter the date of issue of the card")},
        help_text=gettext_lazy("On the card, beside your photograph. For example 27 3 2019"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = localdate()
        self.fields["birth_date"].latest = today  # type: ignore[attr-defined]  # our DateField
        self.fields["card_issued_on"].latest = today  # type: ignore[attr-defined]  # our DateField

    def claim(self) -> enrolment.Claim:
        return enrolment.Claim(
            national_id=NationalId(self.cleaned_data["national_id"]),
            birth_date=self.cleaned_data["birth_date"],
            card_issued_on=self.cleaned_data["card_issued_on"],
        )


class PasswordAndLanguageForm(NewPasswordForm):
    """The last step of signing up."""

    language = ChoiceField(
        label=gettext_lazy("In which language shall we write to you?"),
        choices=[("ar", "العربية"), ("en", "English")],
        widget=RadioSelect,
    )


@public
@require_http_methods(["GET", "POST"])
def card(request: Any, aim: str) -> HttpResponse:
    """Step one: the three facts on the card."""
    if request.citizen is not None:
        return redirect("portal:account")
    going = _find(request)
    if request.method == "GET" and going is not None and going.aim == aim:
        return _to_step(going)
    form = CardForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _start(request, form, aim=enrolment.Aim(aim))
    return _card_page(request, form, aim=aim, status=422 if form.is_bound else 200)


def _start(request: Any, form: CardForm, *, aim: enrolment.Aim) -> HttpResponse:
    address = signing_in.client_address(request)
    try:
        begun = enrolment.start(form.claim(), aim=aim, address=address, language=_language(), at=now())
    except enrolment.NotEnrollable:
        form.add_error(None, _not_enrollable_text(aim))
        return _card_page(request, form, aim=aim, status=422)
    except identity.TooManyTries as refusal:
        form.add_error(None, words_for(refusal))
        return _card_page(request, form, aim=aim, status=429)
    except exchange.RegistryUnreachableError:
        return _card_page(request, form, aim=aim, status=503, registry_down=True)
    request.session[SESSION_KEY] = begun.reference
    request.session[NEXT_KEY] = safe_next(request, otherwise="")
    return _to_step(begun)


def _not_enrollable_text(aim: enrolment.Aim) -> str:
    if aim is enrolment.Aim.SIGN_UP:
        return _(
            "We could not open an account with these details. Compare them with your card; if you have an account already, sign in."
        )
    return _("We could not find an account with these details. Compare them with your card, or sign up.")


def _card_page(request: Any, form: CardForm, *, aim: str, status: int, registry_down: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "aim": aim,
        "registry_down": registry_down,
        "next": safe_next(request, otherwise=""),
        "section": "sign_in",
    }
    return render(request, "portal/account/card.html", context, status=status)


@public
@require_http_methods(["GET", "POST"])
def code(request: Any) -> HttpResponse:
    """Step two: the code from the phone that the civil registry knows."""
    going = _find(request)
    if going is None or going.state != "code_sent":
        return _to_step(going)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _to_step(enrolment.confirm(going.reference, typed=form.cleaned_data["code"], at=now()))
        except identity.CodeWrong as refusal:
            form.add_error("code", words_for(refusal))
        except identity.CodeExpired as refusal:
            form.add_error("code", words_for(refusal))
        except enrolment.EnrolmentOver:
            return _over(request)
    context = {
        "form": form,
        "enrolment": going,
        "phones_url": settings.DEMO and settings.DEMO_PHONES_URL,
        "section": "sign_in",
    }
    return render(request, "portal/account/enrolment_code.html", context, status=422 if form.is_bound else 200)


@public
@require_POST
def resend_code(request: Any) -> HttpResponse:
    """Another code to the same phone."""
    going = _find(request)
    if going is None or going.state != "code_sent":
        return _to_step(going)
    try:
        enrolment.resend_code(going.reference, at=now())
        messages.success(request, _("A new code is on its way. The one before no longer works."))
    except enrolment.ResendTooSoon:
        messages.warning(request, _("A code was sent a moment ago. Wait half a minute before asking for another."))
    except identity.TooManyTries as refusal:
        messages.warning(request, words_for(refusal))
    except enrolment.EnrolmentOver:
        return _over(request)
    return redirect("portal:enrolment_code")


@public
@require_http_methods(["GET", "POST"])
def password(request: Any) -> HttpResponse:
    """Step three: a password, and in."""
    going = _find(request)
    if going is None or going.state != "confirmed":
        return _to_step(going)
    is_new = going.aim is enrolment.Aim.SIGN_UP
    kind = PasswordAndLanguageForm if is_new else NewPasswordForm
    form = kind(posted(request), initial={"language": _language()})
    if request.method == "POST" and form.is_valid():
        try:
            citizen = enrolment.finish(
                going.reference,
                password=form.cleaned_data["password"],
                language=form.cleaned_data.get("language", _language()),
                at=now(),
            )
        except identity.PasswordTooWeak as refusal:
            form.add_error("password", words_for(refusal))
        except (enrolment.EnrolmentOver, identity.AccountExists):
            return _over(request)
        else:
            request.session.pop(SESSION_KEY, None)
            next_url = request.session.pop(NEXT_KEY, "")
            return signing_in.sign_in_after_enrolment(
                request, account_id=citizen.account_id, signup=is_new, next_url=next_url
            )
    context = {"form": form, "enrolment": going, "section": "sign_in"}
    return render(request, "portal/account/enrolment_password.html", context, status=422 if form.is_bound else 200)


@public
@require_POST
def start_again(request: Any) -> HttpResponse:
    """Forget what was begun in this browser."""
    going = _find(request)
    request.session.pop(SESSION_KEY, None)
    return redirect(HOME[going.aim] if going else "portal:sign_up")


def _find(request: Any) -> EnrolmentFacts | None:
    reference = request.session.get(SESSION_KEY, "") if request.session.session_key else ""
    return enrolment.find_enrolment(reference, at=now()) if reference else None


def _to_step(going: EnrolmentFacts | None) -> HttpResponse:
    if going is None:
        return redirect("portal:sign_up")
    return HttpResponseRedirect(
        reverse("portal:enrolment_code" if going.state == "code_sent" else "portal:enrolment_password")
    )


def _over(request: Any) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    messages.warning(request, _("Half an hour has passed since you began. Please start again."))
    return redirect("portal:sign_up")


def _language() -> str:
    return "en" if (get_language() or "ar").startswith("en") else "ar"
