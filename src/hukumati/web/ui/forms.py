"""Fields for Django forms that take what people really type: Arabic-Indic digits, spaces, dashes; and that say what is wrong in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hukumati.kernel.national_id import NationalId, NationalIdMalformed
from hukumati.kernel.text import cleaned, only_digits

YEAR_MIN: Final = 1900
CODE_DIGITS: Final = 6
MOBILE_DIGITS: Final = 9


class Form(forms.Form):
    """The base of our forms: the server checks, the browser's own bubbles stay silent."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class TextField(forms.CharField):
    """One line of text, without bidi controls and doubled spaces."""

    def __init__(self, *, width: int = 0, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 200, **kwargs})
        self.looks = {"width": width}

    def to_python(self, value: Any) -> str:
        return cleaned(super().to_python(value) or "")


class DigitsField(forms.CharField):
    """Digits with any spacing; the answer is the bare digits."""

    default_error_messages: ClassVar[dict[str, Any]] = {"digits": _("Use digits only")}

    def __init__(self, *, width: int = 12, kind: str = "digits", **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, **kwargs})
        self.looks: dict[str, Any] = {"kind": kind, "width": width, "length_max": 0}

    def to_python(self, value: Any) -> str:
        digits = only_digits(super().to_python(value) or "")
        if digits and not (digits.isascii() and digits.isdigit()):
            raise forms.ValidationError(self.error_messages["digits"], code="digits")
        return digits


class NationalIdField(DigitsField):
    """The identity number as nine digits."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter your ID number"),
        "digits": _("The ID number has 9 digits"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            kind="national_id",
            **{"label": _("ID number"), "help_text": _("9 digits, as printed on the identity card"), **kwargs},
        )

    def to_python(self, value: Any) -> str:
        digits = super().to_python(value)
        if not digits:
            return ""
        try:
            return NationalId.parse(digits).digits
        except NationalIdMalformed:
            raise forms.ValidationError(self.error_messages["digits"], code="digits") from None


class OneTimeCodeField(DigitsField):
    """The code that came by SMS or from the authenticator. Pasting is allowed, phones offer to fill it in."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter the code"),
        "digits": _("The code has 6 digits"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(kind="otp", **{"label": _("One-time code"), **kwargs})
        self.looks["autocomplete"] = "one-time-code"

    def to_python(self, value: Any) -> str:
        digits = super().to_python(value)
        if digits and len(digits) != CODE_DIGITS:
            raise forms.ValidationError(self.error_messages["digits"], code="digits")
        return digits


class PhoneField(DigitsField):
    """A Palestinian mobile number; the answer is `+97059…` or `+97056…`."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter your mobile number"),
        "digits": _("Enter a mobile number like 059 123 4567"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(kind="phone", width=14, **{"label": _("Mobile number"), **kwargs})
        self.looks["autocomplete"] = "tel"

    def to_python(self, value: Any) -> str:
        digits = super().to_python(str(value or "").replace("+", ""))
        if not digits:
            return ""
        digits = digits.removeprefix("00")
        country = "972" if digits.startswith("972") else "970"
        own = digits.removeprefix(country).removeprefix("0")
        if len(own) != MOBILE_DIGITS or not own.startswith("5"):
            raise forms.ValidationError(self.error_messages["digits"], code="digits")
        return f"+{country}{own}"


class DateBoxes(forms.Widget):
    """Day, month and year apart: a memorable date is typed, not searched in a calendar."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str, str]:  # noqa: ARG002 (Django's signature)
        day, month, year = (only_digits(data.get(f"{name}_{part}") or "") for part in ("day", "month", "year"))
        return (day, month, year)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 (Django's signature)
        return not any(f"{name}_{part}" in data for part in ("day", "month", "year"))


class DateField(forms.Field):
    """A day, from three boxes."""

    widget = DateBoxes
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter the date"),
        "incomplete": _("Enter day, month and year"),
        "invalid": _("This date does not exist"),
        "future": _("The date must not be in the future"),
    }

    def __init__(self, *, latest: date | None = None, **kwargs: Any) -> None:
        super().__init__(**{"help_text": _("For example 27 3 1989"), **kwargs})
        self.latest = latest
        self.looks = {"kind": "date"}

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or not value or not any(value):
            return value if isinstance(value, date) else None
        if not all(value):
            raise forms.ValidationError(self.error_messages["incomplete"], code="incomplete")
        day, month, year = value
        try:
            found = date(int(year), int(month), int(day))
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if found.year < YEAR_MIN:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if self.latest is not None and found > self.latest:
            raise forms.ValidationError(self.error_messages["future"], code="future")
        return found
