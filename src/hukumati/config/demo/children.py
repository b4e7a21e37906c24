"""The processes of an installation: each can be started, watched, ended and started again."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hukumati.infra.db import embedded

if TYPE_CHECKING:
    from pathlib import Path

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
LOG_BYTES_MAX = 5_000_000
RESTARTS_MAX = 5
RESTARTS_WITHIN_SECONDS = 60


class Child(Protocol):
    """What the supervisor knows of a process."""

    name: str
    starts: Starts

    @property
    def log_path(self) -> Path: ...
    def start(self) -> None: ...
    def is_alive(self) -> bool: ...
    def ask_to_end(self) -> None: ...
    def insist(self, *, deadline: float) -> None: ...


@dataclass
class Starts:
    """When a process was started lately: one that ends again and again is not started for ever."""

    moments: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS_MAX + 1))

    def note(self) -> None:
        self.moments.append(time.monotonic())

    def are_too_many(self) -> bool:
        return len(self.moments) > RESTARTS_MAX and self.moments[-1] - self.moments[0] < RESTARTS_WITHIN_SECONDS


@dataclass
class Command:
    """A Python process of ours, writing into its own log."""

    name: str
    command: list[str]
    environment: dict[str, str]
    directory: Path
    log_path: Path
    process: subprocess.Popen[bytes] | None = None
    starts: Starts = field(default_factory=Starts)

    def start(self) -> None:
        self.starts.note()
        _shorten(self.log_path)
        with self.log_path.open("ab") as log:
            # A session of its own: Ctrl-C reaches the supervisor alone, which ends everything in the right order.
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process is not None and self.is_alive():
            self.process.terminate()

    def insist(self, *, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, with whatever it started: for what hangs, and for tests of what a crash leaves behind."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Database:
    """The embedded PostgreSQL, which keeps its port when it is started again."""

    data: Path
    port: int
    settings: tuple[str, ...]
    forgetful: bool = False
    name: str = "database"
    server: embedded.EmbeddedServer | None = None
    starts: Starts = field(default_factory=Starts)

    @property
    def log_path(self) -> Path:
        return self.data.with_suffix(".log")

    def start(self) -> None:
        self.starts.note()
        _shorten(self.log_path)
        self.server = embedded.start(self.data, port=self.port, forgetful=self.forgetful, settings=self.settings)

    def url(self) -> str:
        if self.server is None:
            raise RuntimeError("the database was not started")
        return self.server.url()

    def is_alive(self) -> bool:
        return self.server is not None and self.server.process.poll() is None

    def ask_to_end(self) -> None:
        if self.server is not None and self.is_alive():
            self.server.process.send_signal(signal.SIGINT)

    def insist(self, *, deadline: float) -> None:
        if self.server is None:
            return
        try:
            self.server.process.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.server.process.send_signal(signal.SIGQUIT)  # PostgreSQL recovers from its log at the next start
            self.server.process.wait()


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _shorten(log_path: Path) -> None:
    log_path.parent.mkdir(parents=True, exist_ok=True)
    if log_path.exists() and log_path.stat().st_size > LOG_BYTES_MAX:
        log_path.replace(log_path.with_suffix(".log.1"))
