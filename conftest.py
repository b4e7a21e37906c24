"""The database of the tests: the one that DATABASE_URL names, or an embedded server that ends with the run."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hukumati.infra.db import embedded

_running: list[tuple[embedded.EmbeddedServer, Path]] = []


def pytest_configure(config):
    if "DATABASE_URL" in os.environ or hasattr(config, "workerinput"):
        return
    home = Path(tempfile.mkdtemp(prefix="hukumati-test-"))
    server = embedded.start(home / "data", forgetful=True)
    _running.append((server, home))
    os.environ["DATABASE_URL"] = server.url()


def pytest_unconfigure(config):
    while _running:
        server, home = _running.pop()
        embedded.stop(server)
        shutil.rmtree(home, ignore_errors=True)
        os.environ.pop("DATABASE_URL", None)
