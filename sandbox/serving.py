"""Runs one simulator: bind on loopback, say one ready line, end within two seconds of a signal."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"
GRACE_SECONDS = 1


def arguments(name: str, *, extra_ports: tuple[str, ...] = ()) -> argparse.Namespace:
    """The command line every simulator shares."""
    parser = argparse.ArgumentParser(prog=f"python -m sandbox.{name}")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    for extra in extra_ports:
        parser.add_argument(f"--{extra}", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--end-with-stdin", action="store_true", help="end when standard input closes")
    return parser.parse_args()


def needed(*names: str) -> dict[str, str]:
    """The environment values a simulator cannot start without; ends the process with a clear line otherwise."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        sys.exit(f"sandbox: refusing to start, set {' and '.join(missing)} in the environment")
    return {name: os.environ[name] for name in names}


def bound_socket(port: int) -> socket.socket:
    """A listening address on loopback; ends the process with a clear line when the port is taken."""
    # asyncio sends small packets at once only on sockets that say they are TCP; without it every answer takes 40 ms.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except (OSError, OverflowError) as fault:
        sys.exit(f"sandbox: cannot listen on {HOST}:{port}: {fault}")
    return bound


def address(bound: socket.socket) -> str:
    """host:port of a bound socket."""
    host, port = bound.getsockname()
    return f"{host}:{port}"


class _QuietServer(uvicorn.Server):
    """Uvicorn re-raises the signal that ended it; a simulator ends with status 0 instead."""

    announcement: str = ""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self.announcement, flush=True)

    def end(self) -> None:
        self.should_exit = True


def serve(name: str, app: ASGIApp, *, bound: socket.socket, ready: dict[str, str], end_with_stdin: bool) -> None:
    """Serve until told to end."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        ws="none",
        limit_concurrency=512,
    )
    server = _QuietServer(config)
    server.announcement = json.dumps({"ready": name, "url": f"http://{address(bound)}"} | ready)
    if end_with_stdin:
        threading.Thread(target=_end_at_eof, args=(server,), daemon=True).start()
    asyncio.run(server.serve(sockets=[bound]))


def _end_at_eof(server: _QuietServer) -> None:
    # The supervisor holds the other end: when it dies in any way, nothing keeps listening.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.end()
