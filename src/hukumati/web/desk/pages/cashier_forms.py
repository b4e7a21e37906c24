"""What a cashier types: a code, an amount that was counted."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hukumati.kernel.money import MINOR_DIGITS, Money
from hukumati.kernel.text import cleaned, plain_digits
from hukumati.web.ui.forms import Form

AMOUNT = re.compile(r"(\d{1,9})(?:[.,٫](\d{1,2}))?")


class AmountField(forms.Field):
    """Shekels as people write them: 120, 120.5, ١٢٠٫٥٠. The answer is Money, to the agora."""

    default_error_messages = {
        "required": _("Enter the amount"),
        "amount": _("Enter the amount in shekels, for example 120.50"),
    }

    looks: ClassVar[dict[str, Any]] = {"kind": "money", "width": 10}

    def to_python(self, value: Any) -> Money | None:
        typed = re.sub(r"[\s₪٬]", "", plain_digits(cleaned(str(value or "")[:40])))
        if not typed:
            return None
        found = AMOUNT.fullmatch(typed)
        if found is None:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        whole, part = found.groups(default="")
        digits = MINOR_DIGITS["ILS"]
        return Money(int(whole) * 10**digits + int(part.ljust(digits, "0")))


class OpenDrawerForm(Form):
    floated = AmountField(
        label=_("Change in the drawer now"),
        help_text=_("Count it. 0 if the drawer is empty."),
    )


class SignedAmountField(AmountField):
    """The total of a terminal, which is less than nothing when more went back than came."""

    def to_python(self, value: Any) -> Money | None:
        typed = plain_digits(cleaned(str(value or "")[:40])).strip()
        found = super().to_python(typed.removeprefix("-"))
        return -found if found is not None and typed.startswith("-") else found


class CountForm(Form):
    counted = AmountField(
        label=_("All the cash in the drawer"),
        help_text=_("Count notes and coins, with the change you began with."),
    )


class CountWithSlipsForm(CountForm):
    slips_counted = SignedAmountField(
        label=_("The terminal's own total of the day"),
        help_text=_("As its end-of-day slip prints it: what it took less what it gave back."),
    )
