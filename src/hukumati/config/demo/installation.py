"""One whole installation under one directory: database, the State outside, web and worker, wired to each other by their environment."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hukumati.config.demo.addresses import HOST
from hukumati.config.demo.children import Child, Command, Database
from hukumati.config.demo.secrets import keep_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hukumati.config.demo.addresses import Addresses

ROOT = Path(__file__).resolve().parents[4]
# Small on purpose: the whole demonstration is to fit into a gigabyte.
DATABASE_SETTINGS = (
    "shared_buffers=48MB",
    "max_wal_size=256MB",
    "jit=off",
    "max_worker_processes=4",
    "max_connections=60",
)
READY_SECONDS_MAX = 120
END_SECONDS_MAX = 7.0
DATABASE_END_SECONDS_MAX = 5.0


class StartFailedError(Exception):
    """Something did not come up; the message says what, and carries the end of its log."""


@dataclass
class Installation:
    """What runs under `home`. `forgetful` trades durability for speed (tests)."""

    home: Path
    addresses: Addresses
    forgetful: bool = False
    more_environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.secrets = keep_secrets(self.home / "secrets.env")
        self.database = Database(
            self.home / "postgresql", self.addresses.database, DATABASE_SETTINGS, forgetful=self.forgetful
        )
        self.sandbox = self._command("sandbox", *self._sandbox_arguments())
        self.web = self._command("web", "gunicorn", "--config", "python:hukumati.config.gunicorn")
        self.worker = self._command("worker", "hukumati.config.command", "worker")

    @property
    def children(self) -> tuple[Child, ...]:
        return (self.database, self.sandbox, self.web, self.worker)

    def environment(self) -> dict[str, str]:
        """What every process of ours is told. Secrets travel in the environment, never in arguments that others can list."""
        return {**os.environ, **self.own_environment(), **self.more_environment}

    def own_environment(self) -> dict[str, str]:
        """What we add to whatever the machine has."""
        at, secrets = self.addresses, self.secrets
        return {
            **secrets,
            "DJANGO_SETTINGS_MODULE": "hukumati.config.settings.demo",
            "PYTHONUNBUFFERED": "1",
            "HUKUMATI_VAR": str(self.home),
            "HUKUMATI_KEYS": str(self.home / "keys"),
            "HUKUMATI_BLOBS": str(self.home / "blobs"),
            "HUKUMATI_UPLOADS": str(self.home / "uploads"),
            "HUKUMATI_WITNESS": str(self.home / "witness"),
            "HUKUMATI_BIND": f"{HOST}:{at.web}",
            "HUKUMATI_PUBLIC_URL": at.url("web"),
            "HUKUMATI_XROAD_URL": at.url("registries"),
            "HUKUMATI_CARD_URL": at.url("gateway"),
            # One gateway of the sandbox does both, with one pair of keys.
            "HUKUMATI_WALLET_URL": at.url("gateway"),
            "HUKUMATI_WALLET_API_KEY": secrets["HUKUMATI_CARD_API_KEY"],
            "HUKUMATI_WALLET_NOTICE_KEY": secrets["HUKUMATI_CARD_NOTICE_KEY"],
            "HUKUMATI_BANK_URL": at.url("gateway"),
            "HUKUMATI_BANK_API_KEY": secrets["HUKUMATI_CARD_API_KEY"],
            "HUKUMATI_SMS_URL": at.url("phones"),
            "HUKUMATI_SMTP_HOST": HOST,
            "HUKUMATI_SMTP_PORT": str(at.smtp),
            "HUKUMATI_DEMO_PHONES_URL": at.url("phones"),
            "SANDBOX_GATEWAY_API_KEY": secrets["HUKUMATI_CARD_API_KEY"],
            "SANDBOX_GATEWAY_HMAC_KEY": secrets["HUKUMATI_CARD_NOTICE_KEY"],
            "SANDBOX_SMS_API_KEY": secrets["HUKUMATI_SMS_API_KEY"],
            "SANDBOX_SMS_URL": at.url("phones"),
            "SANDBOX_AUTHENTICATOR_FILE": str(self.home / "authenticator.json"),
            **({"DATABASE_URL": self.database.url()} if self.database.server else {}),
        }

    def prepare(self) -> subprocess.Popen[bytes]:
        """Begin bringing texts, static files, tables, services and staff up to date; it tells its steps on standard output."""
        command = [sys.executable, "-m", "hukumati.config.demo.preparation"]
        return subprocess.Popen(command, env=self.environment(), cwd=ROOT, stdin=subprocess.DEVNULL)

    def start_serving(self) -> None:
        self._know_the_database()
        self.web.start()
        self.worker.start()

    def _know_the_database(self) -> None:
        self.web.environment = self.worker.environment = self.environment()

    def wait_until_ready(self, *, keep_on: Callable[[], bool] = lambda: True) -> None:
        """Until every part answers. Ends early when `keep_on` says so."""
        self._wait(self.sandbox, ("registries", "gateway", "phones"), path="/", keep_on=keep_on)
        self._wait(self.web, ("web",), path="/readyz", keep_on=keep_on)

    def _wait(self, child: Command, names: Iterable[str], *, path: str, keep_on: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS_MAX
        for name in names:
            while keep_on() and not _answers(self.addresses.url(name) + path):
                if not child.is_alive() or time.monotonic() > deadline:
                    raise StartFailedError(
                        f"{child.name} did not come up; the end of {child.log_path}:\n{last_lines(child.log_path)}"
                    )
                time.sleep(0.1)

    def stop(self) -> None:
        """End what asks and works first, the database last."""
        deadline = time.monotonic() + END_SECONDS_MAX
        asking = (self.web, self.worker, self.sandbox)
        for child in asking:
            child.ask_to_end()
        for child in asking:
            child.insist(deadline=deadline)
        self.database.ask_to_end()
        self.database.insist(deadline=time.monotonic() + DATABASE_END_SECONDS_MAX)

    def _command(self, name: str, *arguments: str) -> Command:
        module, *more = arguments
        return Command(
            name, [sys.executable, "-m", module, *more], self.environment(), ROOT, self.home / "logs" / f"{name}.log"
        )

    def _sandbox_arguments(self) -> tuple[str, ...]:
        at = self.addresses
        ports = {"registries": at.registries, "gateway": at.gateway, "phones": at.phones, "smtp": at.smtp}
        options = [word for name, port in ports.items() for word in (f"--{name}-port", str(port))]
        return ("sandbox", "--data-dir", str(self.home / "sandbox"), *options)


def _answers(url: str) -> bool:
    """Any answer below 500 means that somebody is there."""
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError as answer:
        return answer.code < 500  # noqa: PLR2004 (the HTTP class of faults)
    except OSError:
        return False
    return True


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log."""
    if not path.exists():
        return "(it wrote nothing)"
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
