"""Which accounts move when the bank has spoken. In pairs; positive is a debit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hukumati.domain.ledger.facts import Line

if TYPE_CHECKING:
    from hukumati.kernel.money import Money

SUSPENSE: Final = "suspense"
STATEMENT: Final = "bank-statement"


def bank_account(account: str) -> str:
    return f"bank:{account}"


def fees_account(provider: str) -> str:
    return f"provider_fees:{provider}"


def brought_in_account(account: str) -> str:
    """What an account held before the books began."""
    return f"brought_in:{account}"


def provider_account(provider: str) -> str:
    return f"provider:{provider}"


def drawer_account(drawer: str) -> str:
    return f"drawer:{drawer}"


def transfers_account(account: str) -> str:
    """Transfers that name a fee: filled by the bank's entry and emptied by the fee in one transaction, so that it holds nothing after it."""
    return f"transfers:{account}"


def moved(amount: Money, *, into: str, out_of: str, case: str, statement: str) -> list[Line]:
    """From one account to another, as a statement says; a negative amount goes the other way."""
    return [Line(into, amount, case, STATEMENT, statement), Line(out_of, -amount, case, STATEMENT, statement)]
