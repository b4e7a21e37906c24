"""`audit verify` and `audit proof <reference>`: for operators and auditors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from hukumati.infra.audit import api as audit

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Check the whole audit record, or prove that what it says of one thing stands in it."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        tasks.add_parser("verify", help="recompute everything; exit code 1 when anything is wrong")
        proof = tasks.add_parser("proof", help="inclusion proofs of every line about one thing, as JSON")
        proof.add_argument("about", help="a reference, such as D-2026-7K3QX9AB")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["task"] == "verify":
            self._verify()
        else:
            self._prove(options["about"])

    def _verify(self) -> None:
        report = audit.verify()
        rate = report.entries / report.seconds if report.seconds else 0
        self.stdout.write(
            f"{report.entries} lines under {report.checkpoints} checkpoints ({report.witnessed} at the witness), "
            f"{report.unsealed} waiting; {report.seconds:.2f} s, {rate:,.0f} lines/s"
        )
        for fault in report.faults:
            self.stdout.write(f"  {fault.code}: {fault.where}")
        if report.faults:
            raise CommandError("The record is NOT intact.")
        self.stdout.write("The record is intact.")

    def _prove(self, about: str) -> None:
        for entry in audit.list_entries(about):
            try:
                proof = audit.prove(entry.key)
            except audit.EntryNotSealedError:
                raise CommandError(f"{entry.code} at {entry.at} is not sealed yet; try again in a second") from None
            said = {
                "entry": entry.canonical().decode().split("\x1f"),
                "position": proof.position,
                "path": [each.hex() for each in proof.path],
                "checkpoint": json.loads(proof.checkpoint.line()),
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False))
