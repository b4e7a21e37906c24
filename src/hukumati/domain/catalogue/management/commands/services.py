"""`services list|check|publish|suspend|resume|new`: the catalogue from the command line, in plain words."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hukumati.domain.catalogue import actions, queries
from hukumati.domain.catalogue.facts import (
    ServiceFaultsError,
    ServiceNotFound,
    VersionChangedUnderItsNumber,
    VersionWentBack,
)
from hukumati.domain.catalogue.folder.checks import check_folders, list_folders, load_proved
from hukumati.domain.catalogue.folder.scaffold import FolderExistsError, NameMalformedError, make_folder
from hukumati.kernel.actor import Actor, ActorKind

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from hukumati.domain.catalogue.facts import ServiceFault, ServiceVersion


class Command(BaseCommand):
    """Thin: parses, calls one action, prints."""

    help = "The catalogue: list, check, publish, suspend, resume, new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--services", type=Path, default=settings.SERVICES_DIR, help="where the service folders stand"
        )
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="what is published")
        check = verbs.add_parser("check", help="prove service folders without publishing")
        check.add_argument("service", nargs="?", help="institution.service; all when left out")
        publish = verbs.add_parser("publish", help="publish service folders")
        publish.add_argument("service", nargs="?", help="institution.service")
        publish.add_argument("--all", action="store_true", help="every folder")
        suspend = verbs.add_parser("suspend", help="nobody can start it until it is resumed")
        suspend.add_argument("service")
        suspend.add_argument("--reason", required=True)
        verbs.add_parser("resume", help="open it again").add_argument("service")
        new = verbs.add_parser("new", help="make the folder of a new service")
        new.add_argument("service", help="institution.service")
        new.add_argument("--kind", choices=["listed", "inquiry", "paid"], default="listed")

    def handle(self, *_args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(**options)

    def _list(self, **_options: Any) -> None:
        for service in queries.list_published():
            self.stdout.write(
                f"{service.id}  v{service.version}  {service.stage}  {service.name.ar} · {service.name.en}"
            )

    def _check(self, *, services: Path, service: str | None, **_options: Any) -> None:
        if service:
            held, faults = self._check_one(services, service)
        else:
            held, faults = check_folders(services)
        for fault in faults:
            self.stderr.write(str(fault))
        for one in held:
            self.stdout.write(_holds(one))
        if faults:
            raise CommandError(f"{len(faults)} fault(s): nothing was published or changed")

    def _check_one(self, root: Path, service: str) -> tuple[list[ServiceVersion], list[ServiceFault]]:
        try:
            return [load_proved(_folder(root, service))[0]], []
        except ServiceFaultsError as error:
            return [], error.faults

    def _publish(self, *, services: Path, service: str | None, all: bool, **_options: Any) -> None:  # noqa: A002
        if not service and not all:
            raise CommandError("name a service, or give --all")
        folders = [_folder(services, service)] if service else list_folders(services)
        failed = [folder for folder in folders if not self._publish_one(folder)]
        if failed:
            raise CommandError(f"not published: {', '.join(f'{f.parent.name}.{f.name}' for f in failed)}")

    def _publish_one(self, folder: Path) -> bool:
        try:
            service = actions.publish(folder, by=_operator(), at=timezone.now())
        except ServiceFaultsError as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            return False
        except VersionChangedUnderItsNumber as refusal:
            self.stderr.write(
                f"{refusal.service}: version {refusal.version} is published with other content, and citizens may have filed under it. "
                f"Raise `version` in service.toml to {refusal.version + 1} and publish again."
            )
            return False
        except VersionWentBack as refusal:
            self.stderr.write(
                f"{refusal.service}: version {refusal.published} is published; {refusal.version} is older."
            )
            return False
        self.stdout.write(f"{service.id} v{service.version} {service.stage}")
        return True

    def _suspend(self, *, service: str, reason: str, **_options: Any) -> None:
        try:
            actions.suspend(service, reason=reason, by=_operator(), at=timezone.now())
        except ServiceNotFound:
            raise CommandError(f"{service} is not published") from None

    def _resume(self, *, service: str, **_options: Any) -> None:
        try:
            actions.resume(service, by=_operator(), at=timezone.now())
        except ServiceNotFound:
            raise CommandError(f"{service} is not published") from None

    def _new(self, *, services: Path, service: str, kind: str, **_options: Any) -> None:
        try:
            folder = make_folder(services, service, kind=kind)
        except FolderExistsError:
            raise CommandError(f"{service} exists already") from None
        except NameMalformedError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{folder}: now write its words, then `hukumati services check {service}`")


def _folder(root: Path, service: str) -> Path:
    institution, _dot, name = service.partition(".")
    folder = root / institution / name
    if "/" in service or not name or not (folder / "service.toml").is_file():
        raise CommandError(f"there is no folder {institution}/{name} with a service.toml under {root}")
    return folder


def _operator() -> Actor:
    return Actor(ActorKind.SYSTEM, f"command-line:{getpass.getuser()}")


def _holds(service: ServiceVersion) -> str:
    burden = service.burden
    return f"{service.id} v{service.version} {service.stage}: holds. Asks {burden.asked}, shows {burden.shown}, fetches {burden.fetched}, papers {burden.papers}."
