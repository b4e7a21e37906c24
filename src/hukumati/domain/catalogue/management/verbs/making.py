"""list, check, new: folders before anybody proposes them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandError

from hukumati.domain.catalogue import queries
from hukumati.domain.catalogue.facts import ServiceFaultsError
from hukumati.domain.catalogue.folder.checks import list_folders, load_proved
from hukumati.domain.catalogue.folder.scaffold import FolderExistsError, NameMalformedError, make_folder
from hukumati.domain.catalogue.management.verbs.folders import folder_of
from hukumati.domain.catalogue.management.verbs.publishing import publish_alone

if TYPE_CHECKING:
    from pathlib import Path

    from django.core.management.base import BaseCommand

    from hukumati.domain.catalogue.facts import ServiceVersion


def add_arguments(verbs: Any) -> None:
    verbs.add_parser("list", help="what is published")
    checking = verbs.add_parser("check", help="prove service folders without publishing")
    checking.add_argument("service", nargs="?", help="institution.service; all when left out")
    new = verbs.add_parser("new", help="make the folder of a new service")
    new.add_argument("service", help="institution.service")
    new.add_argument("--publish", action="store_true", help="and show it at once; in a demonstration only")
    new.add_argument("--kind", choices=["listed", "inquiry", "paid"], default="listed")


def list_(command: BaseCommand, **_options: Any) -> None:
    for service in queries.list_published():
        command.stdout.write(
            f"{service.id}  v{service.version}  {service.stage}  {_burden(service)}  {service.name.ar} · {service.name.en}"
        )


def check(command: BaseCommand, *, services: Path, service: str | None, **_options: Any) -> None:
    """Each fault with file, line and what to do; for what holds, what it asks of people and how long its proofs ran."""
    folders = [folder_of(services, service)] if service else list_folders(services)
    count, began = 0, time.perf_counter()
    for folder in folders:
        start = time.perf_counter()
        try:
            held = load_proved(folder)[0]
        except ServiceFaultsError as error:
            count += len(error.faults)
            for fault in error.faults:
                command.stderr.write(str(fault))
        else:
            command.stdout.write(_holds(held, seconds=time.perf_counter() - start))
    command.stdout.write(f"{len(folders)} folder(s) proved in {time.perf_counter() - began:.2f} s")
    if count:
        raise CommandError(f"{count} fault(s): nothing was published or changed")


def new(
    command: BaseCommand, *, services: Path, service: str, kind: str, publish: bool = False, **_options: Any
) -> None:
    """A folder that holds from its first minute; in a demonstration it may stand in the catalogue at once."""
    if publish and not settings.DEMO:
        raise CommandError(
            "an installation publishes by two people: services propose, then another person at the desk, under Services"
        )
    try:
        folder = make_folder(services, service, kind=kind)
    except FolderExistsError:
        raise CommandError(f"{service} exists already") from None
    except NameMalformedError as error:
        raise CommandError(str(error)) from None
    if publish:
        publish_alone(command, folder)
    command.stdout.write(f"{folder}: now write its words, then `hukumati services check {service}`")


def _holds(service: ServiceVersion, *, seconds: float) -> str:
    return (
        f"{service.id} v{service.version} {service.stage}: holds. {_burden(service).capitalize()}. "
        f"Proved in {seconds * 1000:.0f} ms."
    )


def _burden(service: ServiceVersion) -> str:
    """What it costs people in questions, beside what is fetched for them: where it is large, the service can still be made lighter."""
    burden = service.burden
    return f"asks {burden.asked}, shows {burden.shown}, fetches {burden.fetched}, papers {burden.papers}"
