"""Ways, states and causes of payments as employees read them. An unknown one is shown as it is written in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

# A value means the same of a charge, of an attempt and of a refund.
WORDS: Final[dict[str, Callable[[], str]]] = {
    "card": lambda: _("Bank card"),
    "wallet": lambda: _("Wallet"),
    "transfer": lambda: _("Bank transfer"),
    "cash": lambda: _("Cash"),
    "terminal": lambda: _("Card at the counter"),
    "open": lambda: _("Open"),
    "paid": lambda: _("Paid"),
    "void": lambda: _("Withdrawn"),
    "expired": lambda: _("Time over"),
    "declined": lambda: _("Declined"),
    "cancelled": lambda: _("Payer turned back, or another way was used"),
    "unknown": lambda: _("Undecided, waits for a person"),
    "promised": lambda: _("Promised"),
    "sent": lambda: _("Sent"),
    "confirmed": lambda: _("Confirmed"),
    "failed": lambda: _("Failed, still owed"),
    "paid_twice": lambda: _("Paid twice"),
    "charge_void": lambda: _("Paid after it was withdrawn"),
    "charge_expired": lambda: _("Paid after its time"),
    "by_staff": lambda: _("By two employees"),
    "case_refused": lambda: _("The application was refused"),
    "unasked": lambda: _("Paid otherwise than it was asked for"),
    "waiting": lambda: _("Waits"),
    "applied": lambda: _("Applied"),
    "mismatched": lambda: _("Does not fit what the provider says when asked"),
    "unknown_reference": lambda: _("About nothing that we know"),
    "forged": lambda: _("Forged"),
    "malformed": lambda: _("Unreadable"),
}


def word(value: str) -> str:
    """In the reader's language."""
    return WORDS[value]() if value in WORDS else str(value)
