"""Where everything of the demonstration listens: on this machine only, each at its usual port or the next free one."""

from __future__ import annotations

import contextlib
import secrets
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
USUAL = {"web": 8000, "gateway": 8101, "phones": 8102, "registries": 8103, "smtp": 8125}
NEXT_MAX = 60
FREE_FROM, FREE_UNTIL = 20_000, 32_000


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
    return Addresses(**wanted, database=_free_ports(1)[0])


def free_addresses() -> Addresses:
    """Ports of no meaning, for tests."""
    names = (*USUAL, "database")
    return Addresses(**dict(zip(names, _free_ports(len(names)), strict=True)))


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


def _free_ports(count: int) -> list[int]:
    """Different ones: each is held until all are found.

    Below the range from which the system gives connections their ports: one made between now and the start of a server would take it.
    """
    with contextlib.ExitStack() as held:
        ports: list[int] = []
        while len(ports) < count:
            probe = held.enter_context(socket.socket())
            port = FREE_FROM + secrets.randbelow(FREE_UNTIL - FREE_FROM)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                ports.append(port)
    return ports
