"""`books check`: the ledger and the payments read whole, for operators and auditors."""

from __future__ import annotations

import ssl
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from hukumati.domain.ledger import api as ledger
from hukumati.kernel.actor import system

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

WORKERS = 2
ACCOUNTS = ("provider:", "drawer:", "refunds_payable", "suspense", "transfers:", "variance:")


class Command(BaseCommand):
    help = "Read the whole ledger and all payments, and say what does not add up."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        tasks.add_parser("check", help="exit code 1 when anything is wrong")
        tasks.add_parser("balances", help="what lies where now, besides revenue")
        tasks.add_parser("close", help="close and certify the days that ended; the worker does so each hour")
        export = tasks.add_parser("export", help="certificates, and postings, for an auditor's `hukumati verify-books`")
        export.add_argument("folder", type=Path)
        export.add_argument("--from", dest="first", type=date.fromisoformat, default=date.min, metavar="DAY")
        export.add_argument("--to", dest="last", type=date.fromisoformat, default=date.max, metavar="DAY")
        export.add_argument("--postings", action="store_true", help="every posting of these days, too")

    def handle(self, *_args: Any, **options: Any) -> None:
        tasks = {"check": self._check, "balances": self._balances, "close": self._close}
        if options["task"] == "export":
            self._export(options["folder"], options["first"], options["last"], postings=options["postings"])
        else:
            tasks[options["task"]]()

    def _check(self) -> None:
        with connection.cursor() as cursor:  # a whole ledger takes longer than a page may, and more than one processor
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(f"SET max_parallel_workers_per_gather = {WORKERS}")
        faults = [fault for check in settings.BOOK_CHECKS for fault in import_string(check)()]
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

    def _close(self) -> None:
        certified = ledger.close_days(by=system("books.close"), at=timezone.now())
        self.stdout.write(f"certified: {', '.join(map(str, certified))}" if certified else "no day waits to be closed")

    def _export(self, folder: Path, first: date, last: date, *, postings: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        days = [day for day, _digest in ledger.list_certified_days() if first <= day <= last]
        for day in sorted(days):
            signed = ledger.find_certificate(day)
            if signed is None:
                continue
            (folder / f"certificate-{day}.json").write_bytes(signed.file())
            (folder / "signer.pem").write_text(ssl.DER_cert_to_PEM_cert(signed.chain[0]))
            if postings:
                with (folder / f"postings-{day}.jsonl").open("wb") as export:
                    export.writelines(ledger.export_postings(day))
        self.stdout.write(f"{len(days)} days to {folder}")
