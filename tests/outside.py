"""The State outside, for tests: the sandbox's processes, started for real on free ports and ended with the test."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hukumati.infra import ports
from hukumati.infra.http import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
KEYS = {
    "SANDBOX_GATEWAY_API_KEY": "tests-gateway-api-key-0123456789",
    "SANDBOX_GATEWAY_HMAC_KEY": "tests-gateway-hmac-key-0123456789",
    "SANDBOX_SMS_API_KEY": "tests-sms-api-key-0123456789",
}


@contextlib.contextmanager
def running(module: str, **environment: str) -> Iterator[dict[str, str]]:
    """Start `python -m <module>` of the sandbox and yield the addresses it announces."""
    with tempfile.TemporaryDirectory(prefix="hukumati-outside-") as home:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--data-dir", home],
            cwd=ROOT,
            env={**os.environ, **KEYS, **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, f"{module} did not start"
            yield json.loads(line)
        finally:
            process.kill()  # it keeps nothing, and some wait for answers that they were told to withhold
            process.wait(10)
            process.stdout.close()


@contextlib.contextmanager
def wired(settings_ports: dict, port: str, **options: object) -> Iterator[None]:
    """Point a port's adapter at other addresses for a while."""
    before = dict(settings_ports[port]["options"])
    settings_ports[port]["options"].update(options)
    forget_adapters()
    try:
        yield
    finally:
        settings_ports[port]["options"].clear()
        settings_ports[port]["options"].update(before)
        forget_adapters()


def forget_adapters() -> None:
    """The next use builds every adapter anew; what the old ones held open is closed."""
    for client in list(_clients):
        client.close()
    ports.adapter.cache_clear()


_clients: weakref.WeakSet[Client] = weakref.WeakSet()


def _remember_clients() -> None:
    """To look for them among all objects takes a second in a process that has run a thousand tests."""
    make = Client.__init__

    def made(self: Client, *args: Any, **options: Any) -> None:
        make(self, *args, **options)
        _clients.add(self)

    Client.__init__ = made  # type: ignore[method-assign]


_remember_clients()


@pytest.fixture(scope="session")
def registries() -> Iterator[str]:
    """The registers of all ministries on one exchange; their address."""
    from django.conf import settings

    with running("sandbox.registries") as told, wired(settings.PORTS, "exchange.registry", security_server=told["url"]):
        yield told["url"]
