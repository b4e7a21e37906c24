"""`bank take`, `bank compare`: what the hourly job and the treasurer's page do, for large files and for operators."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hukumati.domain.treasury import api as treasury
from hukumati.kernel.actor import system

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Take files from banks; compare bank, providers and books."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        taking = tasks.add_parser("take", help="take camt.053 and camt.054 files; each whole or not at all")
        taking.add_argument("files", nargs="+", type=Path)
        tasks.add_parser("compare", help="ask providers for their lists, then compare everything in view")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["task"] == "take":
            self._take(options["files"])
        else:
            taken = treasury.take_lists(at=timezone.now())
            self.stdout.write(f"{taken} new lines of providers, {treasury.match(at=timezone.now())} differences open")

    def _take(self, files: list[Path]) -> None:
        refused = 0
        for path in files:
            try:
                body = (
                    path.read_bytes()
                    if path.stat().st_size <= treasury.FILE_BYTES_MAX
                    else b" " * (treasury.FILE_BYTES_MAX + 1)
                )
                by = system(f"command-line:{getpass.getuser()}")
                taken = treasury.take_file(body, name=path.name, by=by, at=timezone.now())
            except treasury.BankFileRefused as refusal:
                refused += 1
                self.stderr.write(f"{path}: refused: {refusal.why} {refusal.where} {refusal.found}".rstrip())
            except OSError as fault:
                refused += 1
                self.stderr.write(f"{path}: {fault.strerror}")
            else:
                self.stdout.write(f"{path}: {taken.reference}, {taken.new_entries} of {taken.entries} entries are new")
        treasury.match(at=timezone.now())
        if refused:
            raise CommandError(f"{refused} of {len(files)} files were not taken")
