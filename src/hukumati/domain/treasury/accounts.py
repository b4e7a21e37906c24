"""The State's bank accounts and the terms of its providers: content that stands beside the service folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hukumati.domain.treasury.facts import BankAccount, Terms
from hukumati.infra import declared
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "bank_accounts.toml"


def list_accounts() -> list[BankAccount]:
    """In the order in which they are declared."""
    rows = declared.rows(settings.SERVICES_DIR, FILE, "account")
    return [
        BankAccount(
            row["id"],
            row["iban"],
            row["currency"],
            Text(**row["name"]),
            tuple(row["collects"]),
            row.get("takes_transfers", False),
        )
        for row in rows.values()
    ]


def currencies() -> Mapping[str, str]:
    """IBAN and currency of every account of ours: what a bank file may be about."""
    return {account.iban: account.currency for account in list_accounts()}


def account_by_iban(iban: str) -> BankAccount:
    """LookupError for one that is not ours."""
    return next(account for account in list_accounts() if account.iban == iban)


def find_account_for_transfers(currency: str) -> BankAccount | None:
    """Where a citizen transfers a fee of this currency to, if anywhere."""
    return next((one for one in list_accounts() if one.takes_transfers and one.currency == currency), None)


def list_terms() -> list[Terms]:
    """What was agreed with each provider."""
    rows = declared.rows(settings.SERVICES_DIR, FILE, "provider")
    return [
        Terms(row["id"], row["settles_within_days"], row["fee_basis_points"], tuple(row.get("pays_from", ())))
        for row in rows.values()
    ]
