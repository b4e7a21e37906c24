"""`books check`: the ledger and the payments read whole, for operators and auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

ACCOUNTS = ("provider:", "drawer:", "refunds_payable", "suspense", "variance:")


class Command(BaseCommand):
    help = "Read the whole ledger and all payments, and say what does not add up."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        tasks.add_parser("check", help="exit code 1 when anything is wrong")
        tasks.add_parser("balances", help="what lies where now, besides revenue")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["task"] == "check":
            self._check()
        else:
            self._balances()

    def _check(self) -> None:
        faults: list[ledger.LedgerFault | payments.PaymentsFault] = [*ledger.check(), *payments.check()]
        for fault in faults:
            self.stdout.write(f"  {fault.code}: {fault.where} {fault.found}".rstrip())
        if faults:
            raise CommandError("The books do NOT add up.")
        self.stdout.write("The books add up.")

    def _balances(self) -> None:
        for prefix in ACCOUNTS:
            for account, amount in ledger.list_balances(prefix).items():
                if amount:
                    self.stdout.write(f"{account:40} {amount!s:>16} {amount.currency}")
