"""Ways, states and causes of payments as employees read them. An unknown one is shown as it is written in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as late

from hukumati.web.ui.ways import NAMES

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# A value means the same of a charge, of an attempt and of a refund.
WORDS: Final[dict[str, StrPromise]] = {
    **NAMES,
    "open": late("Open"),
    "paid": late("Paid"),
    "void": late("Withdrawn"),
    "expired": late("Time over"),
    "declined": late("Declined"),
    "cancelled": late("Payer turned back, or another way was used"),
    "unknown": late("Undecided, waits for a person"),
    "promised": late("Promised"),
    "sent": late("Sent"),
    "confirmed": late("Confirmed"),
    "failed": late("Failed, still owed"),
    "paid_twice": late("Paid twice"),
    "charge_void": late("Paid after it was withdrawn"),
    "charge_expired": late("Paid after its time"),
    "by_staff": late("By two employees"),
    "case_refused": late("The application was refused"),
    "unasked": late("Paid otherwise than it was asked for"),
    "waiting": late("Waits"),
    "applied": late("Applied"),
    "mismatched": late("Does not fit what the provider says when asked"),
    "unknown_reference": late("About nothing that we know"),
    "forged": late("Forged"),
    "malformed": late("Unreadable"),
}


def word(value: str) -> str:
    """In the reader's language."""
    return str(WORDS.get(value, value))
