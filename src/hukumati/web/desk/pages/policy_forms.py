"""What a policy owner types: a place and limits for each way, and what the change rests on."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.payments import api as payments
from hukumati.domain.policies import api as policies
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.money import MINOR_DIGITS
from hukumati.kernel.text import cleaned, plain_digits
from hukumati.web.ui.forms import DateField, Form, TextField
from hukumati.web.ui.ways import way_name
from hukumati.web.ui.writing import text

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOSED: Final = "0"
CURRENCIES: Final = tuple(MINOR_DIGITS)
SUM: Final = re.compile(r"(\d{1,9})(?:[.,٫](\d{1,3}))?")


class LimitField(forms.Field):
    """A sum of one currency; empty is no limit. The answer is in minor units."""

    default_error_messages: ClassVar[dict[str, Any]] = {"sum": _("Enter a sum, for example 500 or 120.50")}

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        self.currency = currency
        self.looks = {"kind": "money", "width": 10, "suffix": "₪" if currency == "ILS" else currency, "optional": True}

    def to_python(self, value: Any) -> int | None:
        typed = re.sub(r"[\s₪٬]", "", plain_digits(cleaned(str(value or "")[:40])))
        if not typed:
            return None
        found, digits = SUM.fullmatch(typed), MINOR_DIGITS[self.currency]
        whole, part = found.groups(default="") if found else ("", "")
        if found is None or len(part) > digits or not int(whole + part.ljust(digits, "0")):
            raise forms.ValidationError(self.error_messages["sum"], code="sum")
        return int(whole + part.ljust(digits, "0"))


class WayForm(Form):
    """One way: its place among the others, and the limits of one payment."""

    def __init__(self, way: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": way, **kwargs})
        self.way, self.name = way, way_name(way)
        places = [(CLOSED, _("Not allowed")), *((str(n + 1), str(n + 1)) for n in range(len(payments.Way)))]
        self.fields["place"] = forms.ChoiceField(choices=places, label=_("Place among the ways"))
        for currency in CURRENCIES:
            self.fields[f"least_{currency}"] = LimitField(currency=currency, label=_("At least"))
            self.fields[f"most_{currency}"] = LimitField(currency=currency, label=_("At most"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for currency in CURRENCIES:
            least, most = said.get(f"least_{currency}"), said.get(f"most_{currency}")
            if least and most and most < least:
                self.add_error(f"most_{currency}", _("This is less than the least"))
        return said

    def terms(self) -> policies.WayTerms | None:
        """What was typed; None when the way is not allowed."""
        said = self.cleaned_data
        if said["place"] == CLOSED:
            return None
        least = {one: said[f"least_{one}"] for one in CURRENCIES if said[f"least_{one}"]}
        most = {one: said[f"most_{one}"] for one in CURRENCIES if said[f"most_{one}"]}
        return policies.WayTerms(self.way, least, most)


class BasisForm(Form):
    """By which law, why, and from when."""

    instrument = forms.ChoiceField(label=_("Legal instrument"))
    article = TextField(label=_("Article"), max_length=40)
    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea,
        max_length=1000,
        help_text=_("For whoever decides, and for the record."),
    )
    starts_on = DateField(
        label=_("In force from the beginning of this day"),
        required=False,
        help_text=_("Empty: from the moment of its release."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instrument"].choices = [(one, text(name)) for one, name in catalogue.list_instruments().items()]  # type: ignore[attr-defined]

    def starts_at(self) -> datetime | None:
        day = self.cleaned_data["starts_on"]
        return datetime.combine(day, time.min, HEBRON) if day else None


def way_forms(rule: policies.Rule | None, typed: Mapping[str, Any] | None) -> list[WayForm]:
    """A form for each way there is, filled with what a rule says now or with what was typed."""
    named = [one.way for one in rule.ways] if rule else []
    return [WayForm(way, typed, initial=_initial(rule, way, named)) for way in (str(one) for one in payments.Way)]


def _initial(rule: policies.Rule | None, way: str, named: list[str]) -> dict[str, str]:
    if rule is None or way not in named:
        return {"place": CLOSED}
    terms = rule.ways[named.index(way)]
    filled = {"place": str(named.index(way) + 1)}
    for currency, digits in MINOR_DIGITS.items():
        for name, limits in (("least", terms.at_least), ("most", terms.at_most)):
            if currency in limits:
                filled[f"{name}_{currency}"] = f"{limits[currency] / 10**digits:.{digits}f}"
    return filled


def ways_of(typed: list[WayForm]) -> tuple[policies.WayTerms, ...]:
    """The ways that are allowed, by their places; of two with one place the one that stands higher on the page."""
    ordered = sorted(typed, key=lambda one: int(one.cleaned_data["place"]))
    return tuple(terms for terms in (one.terms() for one in ordered) if terms is not None)
