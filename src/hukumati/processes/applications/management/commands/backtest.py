"""`backtest <service>`: what the folder's tariff would have changed for the cases that were filed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.money import Money
from hukumati.processes.applications.backtest import compare

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from hukumati.processes.applications.backtest import Comparison

MOVES_SHOWN = 15


class Command(BaseCommand):
    """Thin: loads the folder, compares, prints numbers. No case and no person is named."""

    help = "Try a folder's fees and eligibility on past cases: who pays otherwise, and what comes in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("service", help="institution.service")
        parser.add_argument("--services", type=Path, default=settings.SERVICES_DIR, help="where the folders stand")
        parser.add_argument(
            "--since", type=date.fromisoformat, help="only cases filed from this day on, e.g. 2026-01-31"
        )
        parser.add_argument("--limit", type=int, help="only so many of the latest cases")

    def handle(self, *_args: Any, **options: Any) -> None:
        institution, _dot, name = options["service"].partition(".")
        folder = options["services"] / institution / name
        if not (folder / "service.toml").is_file():
            raise CommandError(
                f"there is no folder {institution}/{name} with a service.toml under {options['services']}"
            )
        try:
            new = catalogue.load_folder(folder)
        except catalogue.ServiceFaultsError as error:
            raise CommandError("\n".join(map(str, error.faults))) from None
        found = compare(new, since=options["since"], limit=options["limit"])
        self._told(found, catalogue.currency_of(new))

    def _told(self, found: Comparison, currency: str) -> None:
        def money(minor: int) -> str:
            return f"{Money(minor, currency)} {currency}"

        write = self.stdout.write
        write(f"{found.cases} filed case(s): {found.changed} would pay another fee")
        write(
            f"in total {money(found.before_minor)} -> {money(found.after_minor)} ({money(found.after_minor - found.before_minor)})"
        )
        for code, before, after in found.lines:
            write(f"  line {code:20} {money(before)} -> {money(after)}")
        for (before, after), count in (+found.moves).most_common(MOVES_SHOWN):
            write(f"  {count:6} case(s) from {money(before)} to {money(after)}")
        for reason, count in (+found.newly_refused).most_common():
            write(f"  {count:6} case(s) would now be refused: {reason}")
        if found.no_longer_refused:
            write(f"  {found.no_longer_refused:6} case(s) would no longer be refused")
        if found.undecided:
            write(
                f"  {found.undecided:6} more could not be tried: something that the new version looks at is not known about them"
            )
