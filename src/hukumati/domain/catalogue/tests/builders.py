"""Services for tests: published by two hands, as in life."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.actor import system

AUTHOR, APPROVER = system("tests.author"), system("tests.approver")


def folder_of(service_id):
    institution, _dot, name = service_id.partition(".")
    return Path(settings.SERVICES_DIR) / institution / name


def copy_surroundings(root):
    """What stands beside the service folders: of the State, and of each institution."""
    for file in (*settings.SERVICES_DIR.glob("*.toml"), *settings.SERVICES_DIR.glob("*/*.toml")):
        copy = root / file.relative_to(settings.SERVICES_DIR)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(file, copy)


def published(what, *, at=None):
    """Publish a service by its id or its folder; once more without a change is no change."""
    at = at or now()
    path = what if isinstance(what, Path) else folder_of(what)
    try:
        proposal = catalogue.propose(path, why="a test needs it", by=AUTHOR, at=at)
    except catalogue.NothingChanged as same:
        return catalogue.get_published(same.service)
    return catalogue.publish(proposal.reference, by=APPROVER, at=at)


def publish_all(*, at=None):
    for path in catalogue.list_folders(settings.SERVICES_DIR):
        published(path, at=at)
