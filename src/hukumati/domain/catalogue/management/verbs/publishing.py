"""propose, publish, reject, proposals, suspend, resume: what stands in the catalogue, by two hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from hukumati.domain.catalogue import actions, places, queries
from hukumati.domain.catalogue.facts import ServiceFaultsError, ServiceNotFound
from hukumati.domain.catalogue.management.verbs.folders import (
    APPROVER,
    AUTHOR,
    actor,
    folder_of,
    folders_of,
    in_words,
    operator,
    service_id,
)
from hukumati.domain.catalogue.publication import NothingChanged
from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from pathlib import Path

    from django.core.management.base import BaseCommand

    from hukumati.domain.catalogue.publication import ProposalFacts

# A login typed into a shell is the word of whoever has the shell, and one shell would be both people.
AT_THE_DESK = (
    "an installation publishes at the desk, under Services: the second person signs in there, with the second factor"
)
FOR_A_DEMONSTRATION = "for the demonstration"


def add_arguments(verbs: Any) -> None:
    proposing = verbs.add_parser("propose", help="prove a folder and lay it before another person")
    _service_or_all(proposing)
    proposing.add_argument("--why", required=True, help="for the other person, and for the record")
    _as(proposing)
    publishing = verbs.add_parser(
        "publish", help="approve what another person proposed; in a demonstration only, else at the desk"
    )
    _service_or_all(publishing)
    _as(publishing)
    rejecting = verbs.add_parser("reject", help="leave what is published, and tell the author why")
    rejecting.add_argument("service")
    rejecting.add_argument("--reason", required=True)
    _as(rejecting)
    verbs.add_parser("relist", help="write the catalogue's rows of what is published anew, after a new release")
    verbs.add_parser("proposals", help="what waits for a second person, and what was decided lately")
    suspending = verbs.add_parser("suspend", help="nobody can start it until it is resumed; one person is enough")
    suspending.add_argument("service")
    suspending.add_argument("--reason", required=True)
    verbs.add_parser("resume", help="open it again").add_argument("service")


def propose(command: BaseCommand, *, services: Path, service: str | None, why: str, **options: Any) -> None:
    by = actor(options["login"], otherwise=AUTHOR)
    failed = []
    for folder in folders_of(services, service, every=options["all"]):
        try:
            proposal = actions.propose(folder, why=why, by=by, at=timezone.now())
        except (ServiceFaultsError, Refused) as no:
            if isinstance(no, NothingChanged) and not service:
                continue  # of all folders, most are as they were
            _say_no(command, no)
            failed.append(service_id(folder))
        else:
            command.stdout.write(_waits(proposal))
    if failed:
        raise CommandError(f"not proposed: {', '.join(failed)}")


def publish(command: BaseCommand, *, services: Path, service: str | None, **options: Any) -> None:
    if not settings.DEMO:
        raise CommandError(AT_THE_DESK)
    alone = not options["login"]
    failed = [
        service_id(folder)
        for folder in folders_of(services, service, every=options["all"])
        if not (publish_alone(command, folder) if alone else _publish_waiting(command, folder, login=options["login"]))
    ]
    if failed:
        raise CommandError(f"not published: {', '.join(failed)}")


def relist(command: BaseCommand, **_options: Any) -> None:
    services = queries.list_published()
    for service in services:
        actions.list_again(service.id)
    command.stdout.write(f"{len(services)} services are listed anew")


def reject(command: BaseCommand, *, services: Path, service: str, reason: str, login: str, **_options: Any) -> None:
    proposal = _waiting(service_id(folder_of(services, service)))
    try:
        actions.reject(proposal.reference, reason=reason, by=actor(login, otherwise=APPROVER), at=timezone.now())
    except Refused as refusal:
        raise CommandError(in_words(refusal)) from None
    command.stdout.write(f"{proposal.reference}: {service} v{proposal.version} is rejected; nothing was published")


def proposals(command: BaseCommand, **_options: Any) -> None:
    for one in queries.list_proposals(institutions=list(places.institutions())):
        state = (
            f"{one.decision} {one.decided_at:%Y-%m-%d %H:%M} by {one.decided_by} {one.reason}"
            if one.decided_at
            else "waits"
        )
        command.stdout.write(
            f"{one.reference}  {one.service_id} v{one.version}  {one.stage}  {one.proposed_at:%Y-%m-%d %H:%M} by {one.proposed_by}: "
            f"{one.why}  [{state.strip()}]"
        )


def suspend(command: BaseCommand, *, service: str, reason: str, **_options: Any) -> None:
    try:
        actions.suspend(service, reason=reason, by=operator(), at=timezone.now())
    except ServiceNotFound:
        raise CommandError(f"{service} is not published") from None
    command.stdout.write(f"{service} IS SUSPENDED: nobody can start it. What was filed goes on. Back: services resume")


def resume(command: BaseCommand, *, service: str, **_options: Any) -> None:
    try:
        actions.resume(service, by=operator(), at=timezone.now())
    except ServiceNotFound:
        raise CommandError(f"{service} is not published") from None
    command.stdout.write(f"{service} is open again")


def _publish_waiting(command: BaseCommand, folder: Path, *, login: str) -> bool:
    """What was proposed, not what stands in the folder now: the second person approves what the first one laid before them."""
    by = actor(login, otherwise=APPROVER)
    try:
        service = actions.publish(_waiting(service_id(folder)).reference, by=by, at=timezone.now())
    except Refused as refusal:
        command.stderr.write(in_words(refusal))
        return False
    command.stdout.write(f"{service.id} v{service.version} {service.stage}")
    return True


def publish_alone(command: BaseCommand, folder: Path) -> bool:
    """A demonstration has nobody to ask: its two marked hands propose and publish one after the other."""
    at = timezone.now()
    try:
        why = FOR_A_DEMONSTRATION
        proposal = actions.propose(folder, why=why, by=actor("", otherwise=AUTHOR), at=at)
        service = actions.publish(proposal.reference, by=actor("", otherwise=APPROVER), at=at)
    except NothingChanged as same:
        actions.list_again(same.service)
        service = queries.get_published(same.service)
    except (ServiceFaultsError, Refused) as no:
        _say_no(command, no)
        return False
    command.stdout.write(f"{service.id} v{service.version} {service.stage}")
    return True


def _waiting(service: str) -> ProposalFacts:
    proposal = queries.find_waiting(service)
    if proposal is None:
        raise CommandError(f"nothing of {service} waits: propose it first (services propose {service} --why …)")
    return proposal


def _waits(proposal: ProposalFacts) -> str:
    return (
        f"{proposal.reference}: {proposal.service_id} v{proposal.version} waits for another service owner of {proposal.institution} "
        "(at the desk, under Services)"
    )


def _say_no(command: BaseCommand, no: ServiceFaultsError | Refused) -> None:
    if isinstance(no, ServiceFaultsError):
        for fault in no.faults:
            command.stderr.write(str(fault))
    else:
        command.stderr.write(in_words(no))


def _service_or_all(parser: ArgumentParser) -> None:
    parser.add_argument("service", nargs="?", help="institution.service")
    parser.add_argument("--all", action="store_true", help="every folder")


def _as(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="login", default="", metavar="LOGIN", help="the service owner who answers for it (staff code)"
    )
