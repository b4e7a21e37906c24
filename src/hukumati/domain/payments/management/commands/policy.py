"""`policy load`, `policy show`: the installation's first payment policy, and the one that rules now. Later ones come from the desk, by two people."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.payments.facts import Way
from hukumati.domain.policies import api as policies
from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

FILE = "payment_policy.toml"


class Command(BaseCommand):
    help = "Load the first payment policy; show the one in force."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        loading = tasks.add_parser("load", help="the first version, from a file; nothing when there is one")
        loading.add_argument("file", nargs="?", type=Path)
        tasks.add_parser("show", help="what rules now, as a document")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["task"] == "show":
            self._show()
        else:
            self._load(options["file"] or Path(settings.SERVICES_DIR) / FILE)

    def _load(self, path: Path) -> None:
        offered = {service.id: service.pay_by for service in catalogue.list_published() if service.pay_by}
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            loaded = policies.load_first(
                document, offered=offered, known_ways=[way.value for way in Way], at=timezone.now()
            )
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise CommandError(f"{path}: {fault}") from fault
        except Refused as refusal:
            raise CommandError(f"{path}: {refusal.code} {refusal}") from refusal
        self.stdout.write("The first payment policy rules now." if loaded else "There is a payment policy already.")

    def _show(self) -> None:
        said = policies.find_in_force(at=timezone.now())
        if said is None:
            raise CommandError("No payment policy rules: the services' own ways hold. `policy load` loads the first.")
        facts = {"version": said.number, "instrument": said.instrument, "article": said.article}
        self.stdout.write(json.dumps(facts | policies.write(said.policy), ensure_ascii=False, indent=1))
