"""The questions of signing in, which both faces ask."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hukumati.domain.identity import api as identity
from hukumati.web.ui import signing_in
from hukumati.web.ui.forms import Form, NationalIdField, OneTimeCodeField, TextField
from hukumati.web.ui.refusal_texts import words_for

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict


PASSWORD_TYPED_MAX: Final = 512


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


class ChangePasswordForm(NewPasswordForm):
    """The present password and the new one."""

    present = PasswordField(label=gettext_lazy("Present password"))
    field_order = ("present", "password")


def change_password(request: Any, form: ChangePasswordForm) -> int:
    """Change it, and keep this browser signed in. Zero when it is done, else the status of the page that says why not."""
    try:
        signing_in.change_password(
            request, present=form.cleaned_data["present"], wanted=form.cleaned_data["password"], at=now()
        )
    except identity.PasswordWrong:
        form.add_error("present", _("This is not your present password."))
    except identity.PasswordTooWeak as refusal:
        form.add_error("password", words_for(refusal))
    except identity.TooManyTries as refusal:
        form.add_error(None, words_for(refusal))
        return HTTPStatus.TOO_MANY_REQUESTS
    else:
        return 0
    return HTTPStatus.UNPROCESSABLE_ENTITY


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with: also an empty one was sent, and is answered with what is missing."""
    return request.POST if request.method == "POST" else None


def typed_credential(request: HttpRequest) -> dict[str, Any]:
    """The JSON that our script put into the form. Anything else is no credential."""
    try:
        credential = json.loads(request.POST.get("credential", ""))
    except (ValueError, RecursionError):
        return {}
    return credential if isinstance(credential, dict) else {}
