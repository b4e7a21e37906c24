"""What goes wrong while people pay: the gateway's own faults, mischief at our door, and processes that are killed by their ids. Seeded."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.processes import family

if TYPE_CHECKING:
    from collections.abc import Callable

    from hukumati.config.demo.children import Command
    from hukumati.config.demo.installation import Installation

GATEWAY_FAULTS: tuple[dict[str, Any], ...] = (
    {"drop": True}, {"double": True}, {"reorder": True}, {"delay_seconds": 3.0}, {"forge": True}, {"wrong": "amount"},
    {"wrong": "currency"}, {"charge_then_timeout": True}, {"double": True, "reorder": True, "forge": True}, {"slow_seconds": 0.3},
    {"down": True}, {},
)  # fmt: skip
FAULT_SECONDS = (1.0, 4.0)
DOWN_SECONDS = 1.5
MISCHIEF_PAUSE = (0.05, 0.25)
SKEWS = (-400, -200, -60, 60, 200, 400)
TOO_LARGE = 70_000
DOORS = ("card", "wallet")


def sign(raw: bytes, key: bytes, *, at: int) -> str:
    return f"t={at},v1={hmac.new(key, f'{at}.'.encode() + raw, hashlib.sha256).hexdigest()}"


class Weather:
    """Two threads spoil notices until they are told to end; `kill_when_due` is called by whoever started the processes. `done` and `kills` count."""

    def __init__(self, installation: Installation, payers: list[Command], *, seed: int, kill_every: float) -> None:
        self.installation, self.payers, self.seed, self.kill_every = installation, payers, seed, kill_every
        self.done: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.client = httpx.Client(
            trust_env=False, verify=False
        )  # no TLS anywhere here, and a new client each time costs 30 ms
        self.over = threading.Event()
        self.chance = random.Random(f"{seed} kill")
        self.next_kill = time.monotonic() + kill_every
        self.threads = [threading.Thread(target=self._run, args=(act,), daemon=True) for act in self._acts()]
        self.faults: list[BaseException] = []

    def begin(self) -> None:
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(90)
        self._control(reset=True)
        for child in (self.installation.web, self.installation.worker):
            if not child.is_alive():
                child.start()
        if self.faults:
            raise self.faults[0]

    def _acts(self) -> tuple[Callable[[random.Random], None], ...]:
        return (self._spoil_the_gateway, self._ring_falsely)

    def _run(self, act: Callable[[random.Random], None]) -> None:
        chance = random.Random(f"{self.seed} {act.__name__}")
        try:
            while not self.over.is_set():
                act(chance)
        except BaseException as fault:  # noqa: BLE001 (told at the end, where somebody listens)
            self.faults.append(fault)

    # the gateway
    def _spoil_the_gateway(self, chance: random.Random) -> None:
        wanted = chance.choice(GATEWAY_FAULTS)
        self._control(reset=True, **wanted)
        for name in wanted:
            self.done[f"gateway: {name.removesuffix('_seconds')}"] += 1
        self.over.wait(DOWN_SECONDS if "down" in wanted else chance.uniform(*FAULT_SECONDS))

    def _control(self, **faults: Any) -> None:
        with contextlib.suppress(httpx.HTTPError):
            self.client.post(f"{self.installation.addresses.url('gateway')}/control", json=faults, timeout=5)

    # our door
    def _ring_falsely(self, chance: random.Random) -> None:
        raw = self._some_notice(chance)
        if raw is not None:
            kind = chance.choice(list(MISCHIEF))
            for body, headers in MISCHIEF[kind](raw, self._key(), chance):
                self._ring(body, headers, door=chance.choice(DOORS))  # also at the wrong one
            self.done[f"our door: {kind}"] += 1
        self.over.wait(chance.uniform(*MISCHIEF_PAUSE))

    def _key(self) -> bytes:
        return self.installation.secrets["HUKUMATI_CARD_NOTICE_KEY"].encode()

    def _ring(self, body: bytes, headers: dict[str, str], *, door: str) -> None:
        url = f"{self.installation.addresses.url('web')}/callbacks/payments/{door}"
        with contextlib.suppress(httpx.HTTPError):
            self.client.post(url, content=body, headers=headers, timeout=10)

    def _some_notice(self, chance: random.Random) -> bytes | None:
        """A notice that the gateway made lately; or one about a payment that somebody opened and left, which says that it was paid."""
        with contextlib.closing(sqlite3.connect(gateway_file(self.installation.home), timeout=5)) as book:
            if chance.random() < 0.5:
                found = book.execute("select body from notices order by rowid desc limit 40").fetchall()
                return chance.choice(found)[0].encode() if found else None
            names = ("payment_id", "reference", "amount_minor", "currency")
            found = book.execute(
                f"select {', '.join(names)} from payments where state = 'created' order by rowid limit 40"
            ).fetchall()
        if not found:
            return None
        told = dict(zip(names, chance.choice(found), strict=True))
        told |= {"notice_id": f"ntc_{chance.getrandbits(64):x}", "type": "payment.paid", "state": "paid"}
        return json.dumps(told).encode()

    # the processes
    def kill_when_due(self) -> None:
        """On the main thread alone: Linux ends a child whose starting thread has ended."""
        self._watch()
        if time.monotonic() < self.next_kill:
            return
        victim = self.chance.choice(list(self._victims()))
        self._victims()[victim](self.chance)
        self.kills[victim] += 1
        self.next_kill = time.monotonic() + self.kill_every * self.chance.uniform(0.5, 1.5)

    def _watch(self) -> None:
        """As whoever supervises an installation does: what ended by itself, because its database went away, is started again."""
        for child in (self.installation.web, self.installation.worker):
            if not child.is_alive():
                child.start()
                self.kills[f"{child.name}, ended by itself"] += 1
        for payer in self.payers:
            if not payer.is_alive() and payer.process.returncode:
                payer.start()

    def _victims(self) -> dict[str, Callable[[random.Random], None]]:
        here = self.installation
        return {
            "web, one process": lambda chance: _kill_one(family(here.web.process.pid)[1:], chance),
            "web, whole": lambda _chance: _again(here.web),
            "worker": lambda _chance: _again(here.worker),
            "database, one session": lambda chance: _kill_one(family(here.database.server.process.pid)[1:], chance),
            "database, whole": lambda _chance: kill_database(here),
            "payers": lambda chance: _again(chance.choice(self.payers)),
        }


def _again(child: Command) -> None:
    if child.is_alive():
        child.kill()
        child.start()


def _kill_one(ids: list[int], chance: random.Random) -> None:
    if ids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(ids), signal.SIGKILL)


def kill_database(installation: Installation) -> None:
    """Every process of the server at once, as when a machine stops; then it recovers from its log."""
    ids = family(installation.database.server.process.pid)
    for one in ids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    installation.database.server.process.wait()
    deadline = time.monotonic() + 10
    while any(_lives(one) for one in ids) and time.monotonic() < deadline:
        time.sleep(0.02)
    installation.database.start()


def _lives(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gateway_file(home: Path) -> Path:
    return home / "sandbox" / "card_gateway.sqlite"


# mischief: what is sent for one notice
def _headers(signature: str) -> dict[str, str]:
    return {"X-Gateway-Signature": signature, "Content-Type": "application/json"}


def _forged(raw: bytes, _key: bytes, _chance: random.Random) -> list[tuple[bytes, dict[str, str]]]:
    return [(raw, _headers(sign(raw, b"not the key", at=int(time.time()))))]


def _unsigned(raw: bytes, _key: bytes, _chance: random.Random) -> list[tuple[bytes, dict[str, str]]]:
    return [(raw, {})]


def _truncated(raw: bytes, key: bytes, chance: random.Random) -> list[tuple[bytes, dict[str, str]]]:
    """Cut after it was signed, and cut before."""
    cut = raw[: chance.randrange(len(raw))]
    now = int(time.time())
    return [(cut, _headers(sign(raw, key, at=now))), (cut, _headers(sign(cut, key, at=now)))]


def _repeated(raw: bytes, key: bytes, _chance: random.Random) -> list[tuple[bytes, dict[str, str]]]:
    return [(raw, _headers(sign(raw, key, at=int(time.time()))))] * 3


def _skewed(raw: bytes, key: bytes, chance: random.Random) -> list[tuple[bytes, dict[str, str]]]:
    """Signed by a clock that differs from ours: within five minutes it is heard, beyond it is not."""
    return [(raw, _headers(sign(raw, key, at=int(time.time()) + chance.choice(SKEWS))))]


def _too_large(raw: bytes, key: bytes, _chance: random.Random) -> list[tuple[bytes, dict[str, str]]]:
    padded = raw + b" " * TOO_LARGE
    return [(padded, _headers(sign(padded, key, at=int(time.time()))))]


MISCHIEF = {
    "forged": _forged,
    "unsigned": _unsigned,
    "truncated": _truncated,
    "repeated": _repeated,
    "skewed clock": _skewed,
    "too large": _too_large,
}
