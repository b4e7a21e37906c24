"""One service folder as citizens would see it, before anybody published it: a whole installation of its own, for as long as somebody looks.

Its database, its State outside, its phones and its card gateway are new and thrown away at the end; nothing of a demonstration or of an
installation that runs beside it is touched. Every page says that it is a preview.
"""

from __future__ import annotations

import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from hukumati.config.demo.addresses import free_addresses
from hukumati.config.demo.announcement import announce
from hukumati.config.demo.installation import ROOT, Installation, StartFailedError
from hukumati.config.demo.supervisor import start, watch
from hukumati.infra.db.embedded import PostgresStartError

STAGE = re.compile(r'^stage = "(?:automated|pilot)"$', re.MULTILINE)
AUDIENCE = re.compile(r"^audience = .*$", re.MULTILINE)


class NoFolderError(Exception):
    """There is no such service folder."""


def run(service: str, *, services: Path = ROOT / "services") -> int:
    """Until Ctrl-C or SIGTERM. Answers with the exit status."""
    if not (services / service.replace(".", "/", 1) / "service.toml").is_file():
        raise NoFolderError(f"there is no folder of {service} under {services}")
    began, asked_to_end = time.monotonic(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked_to_end.set())
    with tempfile.TemporaryDirectory(prefix="hukumati-preview-") as home:
        installation = a_preview(service, services=services, home=Path(home))
        try:
            start(installation, asked_to_end)
            if not asked_to_end.is_set():
                announce(installation, seconds=time.monotonic() - began)
                sys.stdout.write(
                    f"\n  {installation.addresses.url('web')}/services/{service}/   معاينة · PREVIEW of {service}\n"
                )
                sys.stdout.flush()
            return watch(installation, asked_to_end)
        except (StartFailedError, PostgresStartError) as fault:
            sys.stderr.write(f"{fault}\n")
            return 1
        finally:
            installation.stop()


def a_preview(service: str, *, services: Path, home: Path) -> Installation:
    """An installation that reads a copy of the folders, in which the one that is looked at is open to everybody."""
    copy = home / "services"
    shutil.copytree(services, copy)
    toml = copy / service.replace(".", "/", 1) / "service.toml"
    toml.write_text(AUDIENCE.sub("", STAGE.sub('stage = "open"', toml.read_text())))
    more = {"HUKUMATI_SERVICES": str(copy), "HUKUMATI_PREVIEW": service}
    return Installation(home / "installation", free_addresses(), forgetful=True, more_environment=more)
