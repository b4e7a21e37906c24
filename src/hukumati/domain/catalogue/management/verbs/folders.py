"""Which folder is meant, who acts, and how refusals read on a command line."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import CommandError

from hukumati.domain.catalogue.facts import VersionChangedUnderItsNumber, VersionWentBack
from hukumati.domain.catalogue.folder.checks import list_folders
from hukumati.domain.catalogue.publication import (
    NothingChanged,
    NotServiceOwner,
    ProposalDecided,
    ReasonNotGiven,
    SamePerson,
)
from hukumati.domain.identity import api as identity
from hukumati.kernel.actor import Actor, ActorKind, system

if TYPE_CHECKING:
    from pathlib import Path

    from hukumati.kernel.refusal import Refused

AUTHOR, APPROVER = "demonstration.author", "demonstration.approver"
"""The two hands of a demonstration, which has nobody to ask. They do not exist in an installation."""
WORDS = {
    VersionChangedUnderItsNumber.code: "{no.service}: version {no.version} is published with other content, and citizens may have filed "
    "under it. Raise `version` in service.toml to {next}, write a line in CHANGELOG.md, and propose again.",
    VersionWentBack.code: "{no.service}: version {no.published} is published; {no.version} is older. "
    "To go back, propose the old content as version {next}.",
    NothingChanged.code: "{no.service}: version {no.version} is published with this very content; there is nothing to propose.",
    SamePerson.code: "nobody publishes what they proposed themselves: another service owner of the institution does (--as LOGIN).",
    NotServiceOwner.code: "only a service owner of {no.institution} may do this: "
    "hukumati staff grant LOGIN service_owner --institution {no.institution}",
    ProposalDecided.code: "proposal {no.proposal} is {no.decision} already.",
    ReasonNotGiven.code: "say why, in words that the other person and the auditor will read.",
}


def folder_of(root: Path, service: str) -> Path:
    institution, _dot, name = service.partition(".")
    folder = root / institution / name
    if "/" in service or not name or not (folder / "service.toml").is_file():
        raise CommandError(f"there is no folder {institution}/{name} with a service.toml under {root}")
    return folder


def folders_of(root: Path, service: str | None, *, every: bool) -> list[Path]:
    if not service and not every:
        raise CommandError("name a service, or give --all")
    return [folder_of(root, service)] if service else list_folders(root)


def service_id(folder: Path) -> str:
    return f"{folder.parent.name}.{folder.name}"


def actor(login: str, *, otherwise: str) -> Actor:
    """The employee who answers for it. A demonstration acts by itself when nobody is named; an installation never does."""
    if not login and settings.DEMO:
        return system(otherwise)
    if not login:
        raise CommandError("say who answers for it: --as LOGIN, an employee with the role service_owner")
    staff = identity.find_staff_by_login(login)
    if staff is None:
        raise CommandError(f"there is no employee {login}; `hukumati staff list` shows them")
    typed = (f"command-line:{getpass.getuser()}",)
    roles = frozenset(str(role) for role in staff.roles)
    return Actor(ActorKind.STAFF, staff.reference, roles, staff.institution, staff.office, authenticated_by=typed)


def operator() -> Actor:
    return Actor(ActorKind.SYSTEM, f"command-line:{getpass.getuser()}")


def in_words(refusal: Refused) -> str:
    """A refusal as an engineer reads it: what is so, and what to do."""
    words = WORDS.get(refusal.code)
    return words.format(no=refusal, next=_next_version(refusal)) if words else str(refusal)


def _next_version(refusal: Refused) -> int:
    return 1 + int(getattr(refusal, "published", getattr(refusal, "version", 0)))
