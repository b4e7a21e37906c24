"""The real whole for journeys and faults: database, State outside, web and worker as processes of their own, on free ports.

    def test_something(state, open_page):
        page = open_page(state.url + "/")

Nothing inside is replaced; what happens outside is asked of the simulators' control pages.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest

from hukumati.config.demo.addresses import free_addresses
from hukumati.config.demo.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hukumati.config.demo.children import Command

CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
PATIENCE_SECONDS = 15.0


class State:
    """Handles on an installation that runs."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.url = installation.addresses.url("web")
        self.phones = installation.addresses.url("phones")
        self.gateway = installation.addresses.url("gateway")
        self.registries = installation.addresses.url("registries")
        self.staff_password = installation.secrets["HUKUMATI_DEMO_STAFF_PASSWORD"]

    # the processes
    @property
    def web(self) -> Command:
        return self.installation.web

    @property
    def worker(self) -> Command:
        return self.installation.worker

    def kill(self, child: Command) -> None:
        """As a crash does: no farewell."""
        child.kill()

    def start(self, child: Command) -> None:
        """Start it again, and wait until the whole answers."""
        child.start()
        self.installation.wait_until_ready()

    def heal(self) -> None:
        """No faults outside, every process alive."""
        for name in ("phones", "gateway", "registries"):
            self.control(name, reset=True)
        for child in (self.web, self.worker):
            if not child.is_alive():
                self.start(child)

    # what happens outside
    def control(self, name: str, **faults: Any) -> dict[str, Any]:
        """Set faults of a simulator: state.control("registries", down=True)."""
        answer = httpx.post(f"{getattr(self, name)}/control", json=faults, timeout=10, trust_env=False)
        answer.raise_for_status()
        values: dict[str, Any] = answer.json()
        return values

    def list_sms(self, mobile: str) -> list[dict[str, Any]]:
        """What a telephone received, as the simulator tells it: newest first."""
        return self._listed(f"{self.phones}/api/messages", "messages", to=mobile)

    def list_mails(self, address: str) -> list[dict[str, Any]]:
        return self._listed(f"{self.phones}/api/mails", "mails", to=address)

    def sms_code(self, mobile: str, *, after: int = 0) -> str:
        """The six digits in the newest message to this telephone, once more than `after` messages have arrived."""

        def newest() -> str:
            messages = self.list_sms(mobile)
            found = CODE.search(messages[0]["text"]) if len(messages) > after else None
            return found.group(1) if found else ""

        return self.wait_for(newest, f"a code by SMS to {mobile}")

    def staff_code(self, login: str) -> str:
        """What the employee's authenticator shows now."""
        shown = {one["login"]: one["code"] for one in self._listed(f"{self.phones}/api/authenticator", "staff")}
        return str(shown[login])

    # what is inside, for looking only
    def query(self, sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.installation.database.url()) as connection:
            return connection.execute(sql, arguments).fetchall()

    def wait_for[Found](self, look: Callable[[], Found], what: str, *, seconds: float = PATIENCE_SECONDS) -> Found:
        """Look until there is something."""
        deadline = time.monotonic() + seconds
        while not (found := look()):
            assert time.monotonic() < deadline, f"{what} did not come within {seconds:.0f} s"
            time.sleep(0.1)
        return found

    def _listed(self, url: str, name: str, **parameters: str) -> list[dict[str, Any]]:
        answer = httpx.get(url, params=parameters, timeout=10, trust_env=False)
        answer.raise_for_status()
        rows: list[dict[str, Any]] = answer.json()[name]
        return rows


@pytest.fixture(scope="session")
def running_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    installation = Installation(
        tmp_path_factory.mktemp("state"),
        free_addresses(),
        forgetful=True,
        # Its own database, whatever the tests' own is.
        more_environment={
            "HUKUMATI_WEB_PROCESSES": "1",
            "HUKUMATI_WEB_THREADS": "6",
            "PYTHONPATH": os.pathsep.join(["src", "."]),
        },
    )
    try:
        installation.sandbox.start()
        installation.database.start()
        assert installation.prepare().wait(120) == 0
        installation.start_serving()
        installation.wait_until_ready()
        yield State(installation)
    finally:
        # Nobody needs a farewell from what is thrown away: a worker that waits for a silent register would take seconds over it.
        for child in (installation.web, installation.worker, installation.sandbox):
            child.kill()
        installation.stop()


@pytest.fixture
def state(running_state: State) -> Iterator[State]:
    """The whole, healthy at the beginning and at the end of each test; data of earlier tests is still there."""
    running_state.heal()
    # All tests come from one address: what others used up of its allowances is none of this test's business.
    running_state.query("DELETE FROM identity_spending RETURNING key")
    yield running_state
    running_state.heal()
