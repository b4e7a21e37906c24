"""`services …`: the catalogue from the command line, in plain words. What each verb does stands in `management/verbs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hukumati.domain.catalogue.management.verbs import exporting, forms, lists, making, publishing, tables

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Mapping

VERBS: Mapping[str, Callable[..., None]] = {
    "list": making.list_,
    "check": making.check,
    "new": making.new,
    "propose": publishing.propose,
    "publish": publishing.publish,
    "reject": publishing.reject,
    "relist": publishing.relist,
    "proposals": publishing.proposals,
    "suspend": publishing.suspend,
    "resume": publishing.resume,
    "table": tables.table,
    "import": lists.import_,
    "export": lists.export,
    "diff": exporting.diff,
    "schema": exporting.schema,
    "import-form": forms.import_form,
    "bpmn": exporting.bpmn,
    "draw": exporting.draw,
}


class Command(BaseCommand):
    """Thin: parses, calls one verb."""

    help = "The catalogue: " + ", ".join(VERBS) + "."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--services", type=Path, default=settings.SERVICES_DIR, help="where the service folders stand"
        )
        verbs = parser.add_subparsers(dest="verb", required=True)
        for part in (making, publishing, exporting, forms, lists, tables):
            part.add_arguments(verbs)

    def handle(self, *_args: Any, **options: Any) -> None:
        VERBS[options.pop("verb")](self, **options)
