"""Which accounts move when fees are paid out. In pairs; positive is a debit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hukumati.domain.ledger.facts import Line

if TYPE_CHECKING:
    from hukumati.kernel.money import Money

REVENUE: Final = "revenue"
NOT_INSTITUTIONS: Final = ("suspense", "refunds_payable")
"""What may lie in the bank and is no institution's: it belongs to nobody yet, or to a citizen."""


def revenue_prefix(institution: str) -> str:
    return f"{REVENUE}:{institution}:"


def remitted_account(institution: str) -> str:
    """What of its fees an institution has got, or is on its way to it."""
    return f"remitted:{institution}"


def transit_account(account: str) -> str:
    """What was ordered of a bank account and has not left it."""
    return f"payout_in_transit:{account}"


def ordered_lines(amount: Money, *, institution: str, account: str, payout: str, why: tuple[str, str]) -> list[Line]:
    """The institution's due is on its way."""
    return [
        Line(remitted_account(institution), amount, payout, *why),
        Line(transit_account(account), -amount, payout, *why),
    ]


def undone_lines(amount: Money, *, institution: str, account: str, payout: str, why: tuple[str, str]) -> list[Line]:
    """It is due again: the bank refused it, or brought it back."""
    return ordered_lines(-amount, institution=institution, account=account, payout=payout, why=why)
