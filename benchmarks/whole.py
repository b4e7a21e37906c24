"""The real whole for benchmarks: database with durable commits, State outside, web and worker, each as deployed; and citizens with accounts in it."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from hukumati.config.demo.addresses import free_addresses
from hukumati.config.demo.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "zaytoun-hajar-asal-77"
FIRST = 100  # the ones before have parts to play
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "benchmarks.served.settings",
    # Each citizen comes from an address of their own, as behind a load balancer: limits by address are for others.
    "HUKUMATI_TRUSTED_PROXIES": "1",
}


@dataclass(frozen=True)
class Person:
    """Somebody of the sandbox's population, with an account."""

    national_id: str
    mobile: str
    address: str


@contextmanager
def running(**environment: str) -> Iterator[Installation]:
    """From nothing to ready, and away again."""
    with tempfile.TemporaryDirectory(prefix="hukumati-benchmark-") as home:
        installation = Installation(Path(home), free_addresses(), more_environment={**ENVIRONMENT, **environment})
        installation.web.command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:hukumati.config.gunicorn",
            "benchmarks.served.wsgi:application",
        ]
        try:
            installation.sandbox.start()
            installation.database.start()
            if installation.prepare().wait():
                sys.exit("the preparation failed")
            installation.start_serving()
            installation.wait_until_ready()
            yield installation
        finally:
            installation.stop()


def join(installation: Installation) -> None:
    """Make this process one of the installation's, to open accounts and to count queries."""
    os.environ.update(installation.environment())
    import django

    django.setup()
    _speak_to(os.environ["DATABASE_URL"])
    import logging

    logging.getLogger().setLevel(logging.ERROR)


def _speak_to(database_url: str) -> None:
    """A benchmark may start a second installation: what this process kept of the first one's database and secret is let go."""
    from django.conf import settings
    from django.db import connections

    from hukumati.config.settings.base import database_from_url

    settings.SECRET_KEY = os.environ["HUKUMATI_SECRET_KEY"]
    address = database_from_url(database_url)
    connections["default"].close()
    connections["default"].close_pool()
    del connections["default"]
    connections.databases["default"].update(
        {name: address[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    )


def open_accounts(installation: Installation, count: int, *, trait: str = "complete") -> list[Person]:
    """Citizens whom the civil registry knows, each with a telephone of their own."""
    from hukumati.domain.identity import api as identity
    from hukumati.kernel.actor import system
    from hukumati.kernel.national_id import NationalId

    people: dict[str, Person] = {}
    for row in _rows(installation, count * 2, trait=trait):
        if row["mobile"] in people:
            continue
        number = len(people)
        names = [*row["name_ar"].split(), "", "", ""][:4]
        identity.create_citizen(
            national_id=NationalId(row["national_id"]),
            name=identity.PersonName(*names),
            birth_date=date.fromisoformat(row["birth_date"]),
            mobile=row["mobile"],
            password=PASSWORD,
            language="ar",
            by=system("benchmark"),
            at=datetime.now(UTC),
        )
        people[row["mobile"]] = Person(row["national_id"], row["mobile"], f"10.7.{number // 250}.{number % 250 + 1}")
        if len(people) == count:
            break
    return list(people.values())


def _rows(installation: Installation, count: int, *, trait: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    first = FIRST if trait == "complete" else 0
    while len(rows) < count:
        asked = {"trait": trait, "limit": min(100, count - len(rows)), "offset": first + len(rows)}
        answer = httpx.get(
            installation.addresses.url("registries") + "/control/people", params=asked, timeout=10, trust_env=False
        )
        told = answer.raise_for_status().json()["people"]
        if not told:
            break
        rows += told
    return rows
