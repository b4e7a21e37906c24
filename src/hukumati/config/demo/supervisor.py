"""Starts the demonstration, says where it is, keeps it alive, and ends it cleanly."""

from __future__ import annotations

import fcntl
import json
import shutil
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hukumati.config.demo.addresses import usual_addresses
from hukumati.config.demo.announcement import announce
from hukumati.config.demo.installation import ROOT, Installation, StartFailedError
from hukumati.config.demo.secrets import write_privately
from hukumati.infra.db.embedded import PostgresStartError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from hukumati.config.demo.children import Child

HOME = ROOT / "var" / "demo"
ENVIRONMENT = "environment.json"
LOOK_EVERY_SECONDS = 0.3


class AlreadyRunningError(Exception):
    """Another demonstration holds this directory."""


def run(*, home: Path = HOME, port: int | None = None) -> int:
    """Until Ctrl-C or SIGTERM. Answers with the exit status."""
    began = time.monotonic()
    asked_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked_to_end.set())
    with _held(home):
        installation = Installation(home, usual_addresses(web=port))
        try:
            start(installation, asked_to_end)
            if not asked_to_end.is_set():
                announce(installation, seconds=time.monotonic() - began)
            return watch(installation, asked_to_end)
        except (StartFailedError, PostgresStartError) as fault:
            _say(str(fault))
            return 1
        finally:
            _say("· إيقاف · stopping")
            installation.stop()
            (home / ENVIRONMENT).unlink(missing_ok=True)


def reset(*, home: Path = HOME) -> None:
    """Empty the demonstration. Refuses while it runs."""
    if home.exists():
        with _held(home):
            shutil.rmtree(home)


def read_environment(*, home: Path = HOME) -> dict[str, str]:
    """What the running demonstration's processes are told, for an operator's command beside it; nothing when none runs."""
    path = home / ENVIRONMENT
    return json.loads(path.read_text()) if path.exists() else {}


@contextmanager
def _held(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"{home.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(
                f"the demonstration in {home} is running; stop it first (Ctrl-C in its window)"
            ) from None
        yield


def start(installation: Installation, asked_to_end: threading.Event) -> None:
    """Everything in its order; ends early when asked to."""
    _say("· محاكيات الجهات · sandbox")
    installation.sandbox.start()
    _say("· قاعدة البيانات · database")
    installation.database.start()
    if asked_to_end.is_set():
        return
    write_privately(installation.home / ENVIRONMENT, json.dumps(installation.own_environment()))
    _await(installation.prepare(), asked_to_end)
    if asked_to_end.is_set():
        return
    _say("· الخادم والعامل · web and worker")
    installation.start_serving()
    installation.wait_until_ready(keep_on=lambda: not asked_to_end.is_set())


def _await(preparation: subprocess.Popen[bytes], asked_to_end: threading.Event) -> None:
    while preparation.poll() is None:
        if asked_to_end.wait(0.05):
            preparation.terminate()
            preparation.wait()
    if preparation.returncode and not asked_to_end.is_set():
        raise StartFailedError("the preparation failed; its words stand above")


def watch(installation: Installation, asked_to_end: threading.Event) -> int:
    """Keep its processes alive until asked to end. Answers with the exit status."""
    while not asked_to_end.wait(LOOK_EVERY_SECONDS):
        for child in installation.children:
            if not child.is_alive() and not _started_again(child):
                return 1
    return 0


def _started_again(child: Child) -> bool:
    if child.starts.are_too_many():
        _say(f"· {child.name} ended too often; see {child.log_path}")
        return False
    _say(f"· {child.name} ended unexpectedly and is started again; see {child.log_path}")
    child.start()
    return True


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
