"""Brings an installation up to date before it serves: texts, static files, tables, services, staff. A second time it is quick."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from hukumati.config.messages import compile_messages

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> int:
    django.setup()
    try:
        prepare(Path(os.environ["HUKUMATI_VAR"]))
    except CommandError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


def prepare(home: Path) -> None:
    """Every step is idempotent."""
    from hukumati.config.demo.staff import hire

    with _step("النصوص · texts"):
        compile_messages()
    with _step("الملفات الثابتة · static files and fonts"):
        _collect_static(home)
    with _step("الجداول · tables"):
        call_command("migrate", interactive=False, verbosity=0)
    with _step("الخدمات · services"):
        _publish_services()
    with _step("سياسة الدفع · payment policy"):
        call_command("policy", "load", stdout=io.StringIO())
    with _step("الموظفون · staff"):
        hire(home / "authenticator.json", password=os.environ["HUKUMATI_DEMO_STAFF_PASSWORD"])


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    sys.stdout.write(f"· {name} {time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()


def _publish_services() -> None:
    """A folder that was edited under a published version is the author's to mend; the demonstration goes on with what is published."""
    said = io.StringIO()
    try:
        call_command("services", "publish", "--all", stdout=said, stderr=said)
    except CommandError as fault:
        sys.stdout.write(f"{said.getvalue()}{fault}\n(or begin anew: make demo-reset)\n")
    call_command("services", "import", stdout=io.StringIO())


def _collect_static(home: Path) -> None:
    """Only when a file changed: compressing takes seconds."""
    stamp = home / "static.stamp"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    digest = hashlib.sha256((settings.ROOT / "requirements" / "base.txt").read_bytes())
    faces = settings.PACKAGE / "web"
    for path in sorted(faces.rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".html", ".po", ".mo"}:
            found = path.stat()
            digest.update(f"{path.relative_to(faces)} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
