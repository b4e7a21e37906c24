"""Where everything of the demonstration listens: on this machine only, each at its usual port or the next free one."""

from __future__ import annotations

import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
USUAL = {"web": 8000, "gateway": 8101, "phones": 8102, "registries": 8103, "smtp": 8125}
NEXT_MAX = 60


class NoFreePortError(Exception):
    """Every port that was tried is taken."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Ports by what listens there."""

    web: int
    gateway: int
    phones: int
    registries: int
    smtp: int
    database: int

    def url(self, name: str) -> str:
        return f"http://{HOST}:{getattr(self, name)}"


def usual_addresses(*, web: int | None = None) -> Addresses:
    """Ports that a person can remember, for as long as they are free."""
    wanted = USUAL | ({"web": web} if web else {})
    taken: set[int] = set()
    for name, port in wanted.items():
        wanted[name] = _first_free(port, taken)
        taken.add(wanted[name])
    return Addresses(**wanted, database=_any_free())


def free_addresses() -> Addresses:
    """Ports of the system's choice, for tests."""
    return Addresses(**{name: _any_free() for name in USUAL}, database=_any_free())


def _first_free(port: int, taken: set[int]) -> int:
    for candidate in range(port, port + NEXT_MAX):
        if candidate not in taken and _is_free(candidate):
            return candidate
    raise NoFreePortError(f"no free port from {port} to {port + NEXT_MAX - 1}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
