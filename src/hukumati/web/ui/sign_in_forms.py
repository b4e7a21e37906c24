"""The questions of signing in, which both faces ask, and what is said when an answer will not do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hukumati.web.ui.forms import Form, NationalIdField, OneTimeCodeField, TextField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from hukumati.domain.identity.facts import TooManyTries

PASSWORD_TYPED_MAX: Final = 512
MINUTE: Final = 60


class PasswordField(forms.CharField):
    """A password, exactly as typed: spaces belong to it, and pasting is allowed."""

    widget = forms.PasswordInput
    default_error_messages = {"required": gettext_lazy("Enter your password")}

    def __init__(self, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        super().__init__(
            **{"strip": False, "max_length": PASSWORD_TYPED_MAX, "label": gettext_lazy("Password"), **kwargs}
        )
        self.looks = {"kind": "password", "autocomplete": autocomplete, "length_max": 0}


class CitizenSignInForm(Form):
    """ID number and password."""

    national_id = NationalIdField()
    password = PasswordField()


class StaffSignInForm(Form):
    """Staff code and password."""

    login = TextField(
        label=gettext_lazy("Staff code"),
        max_length=60,
        error_messages={"required": gettext_lazy("Enter your staff code")},
    )
    password = PasswordField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].looks = {"width": 16, "autocomplete": "username"}  # type: ignore[attr-defined]  # read by field_of

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).lower()


class CodeForm(Form):
    """The code from the phone."""

    code = OneTimeCodeField()


class NewPasswordForm(Form):
    """A password to choose. Asked once: the eye in the field shows it, and a reset is easy."""

    password = PasswordField(
        autocomplete="new-password",
        label=gettext_lazy("Choose a password"),
        help_text=gettext_lazy(
            "8 characters or more. A short sentence that only you know is easy to keep and hard to guess."
        ),
        error_messages={"required": gettext_lazy("Choose a password")},
    )


def weak_password_text(faults: Iterable[str]) -> str:
    """What is wrong with a chosen password, the first thing first."""
    texts = {
        "too_short": _("The password is too short. Use 8 characters or more."),
        "too_long": _("The password is too long. Use 128 characters or fewer."),
        "too_common": _("This password is on the list of common passwords that are tried first. Choose another."),
        "too_similar": _("The password resembles your ID number, phone or e-mail address. Choose another."),
    }
    return " ".join(texts[fault] for fault in faults if fault in texts)


def too_many_tries_text(refusal: TooManyTries) -> str:
    """When the way opens again."""
    minutes = max(1, -(-refusal.retry_seconds // MINUTE))
    return ngettext(
        "Too many tries. Wait %(num)s minute and try again.",
        "Too many tries. Wait %(num)s minutes and try again.",
        minutes,
    ) % {"num": minutes}


def sign_in_failed_text() -> str:
    """One answer for an unknown number, a wrong password and a closed account."""
    return _("This number and password do not belong together. Check both and try again.")


def code_wrong_text(tries_left: int) -> str:
    """A wrong code, and what is left."""
    if not tries_left:
        return _("This code is wrong. Ask for a new one.")
    return ngettext(
        "This code is wrong. You have %(num)s more try.", "This code is wrong. You have %(num)s more tries.", tries_left
    ) % {"num": tries_left}


def code_expired_text() -> str:
    """The code is too old, was used, or died of wrong tries."""
    return _("This code is no longer good. Ask for a new one.")


def typed_credential(request: HttpRequest) -> dict[str, Any]:
    """The JSON that our script put into the form. Anything else is no credential."""
    try:
        credential = json.loads(request.POST.get("credential", ""))
    except ValueError:
        return {}
    return credential if isinstance(credential, dict) else {}
