"""The checks, each a function of nothing that answers with a finding."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from hukumati.infra.audit import api as audit
from hukumati.infra.ports import adapter

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON_MIN = (3, 12)
DATABASE_MIN = 160000
REACH_SECONDS = 1.0
BACKLOG_SECONDS_MAX = 120
CLOCKS_APART_SECONDS_MAX = 2.0
SEALER_LAG_SECONDS_MAX = 30
FREE_BYTES_MIN = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `words` say what is, and when it is not well, what to do."""

    name: str
    well: bool
    words: str


def check_ready() -> tuple[Finding, ...]:
    """What must be true before a request is let in: the database answers, and its tables are the ones this code expects."""
    database = check_database()
    return (database, check_migrations()) if database.well else (database,)


def check_all() -> Iterator[Finding]:
    """Everything an operator asks about. Whatever needs the database is left out when there is none."""
    yield check_python()
    database = check_database()
    yield database
    if database.well:
        for check in (check_migrations, check_clock, check_queue, check_sealer):
            yield check()
    yield check_disk()
    yield check_keys()
    yield from check_ports()


def check_python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    well = sys.version_info >= PYTHON_MIN
    return Finding("python", well, version if well else f"{version} is too old; 3.12 or newer is needed")


def check_database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), current_setting('server_version_num')::int")
            name, number = cursor.fetchone()
    except DatabaseError as fault:
        where = f"{connection.settings_dict['HOST']}:{connection.settings_dict['PORT']}"
        first_line = str(fault).strip().partition("\n")[0]
        return Finding(
            "database",
            well=False,
            words=f"no answer from {where} ({first_line}); is it running, and is DATABASE_URL right?",
        )
    well = number >= DATABASE_MIN
    return Finding(
        "database", well, f"PostgreSQL {name}" if well else f"PostgreSQL {name} is too old; 16 or newer is needed"
    )


def check_migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("migrations", well=False, words=f"{len(waiting)} wait; run: hukumati migrate")
    return Finding("migrations", well=True, words="all applied")


def check_clock() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    words = f"{apart:.1f} s apart from the database's"
    return Finding(
        "clock",
        apart <= CLOCKS_APART_SECONDS_MAX,
        words if apart <= CLOCKS_APART_SECONDS_MAX else f"{words}; synchronise both (chrony)",
    )


def check_queue() -> Finding:
    """Jobs whose time has come and that nobody took, and those that failed for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'failed'), "
            "coalesce(extract(epoch FROM now() - min(coalesce(scheduled_at, born)) FILTER (WHERE status = 'todo')), 0)::float "
            "FROM (SELECT job.status, job.scheduled_at, min(event.at) AS born FROM procrastinate_jobs job "
            "LEFT JOIN procrastinate_events event ON event.job_id = job.id "
            "WHERE job.status IN ('todo', 'failed') AND coalesce(job.scheduled_at, now()) <= now() GROUP BY job.id) due"
        )
        waiting, failed, oldest = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"
        )
        workers = cursor.fetchone()[0]
    words = f"{waiting} waiting, {failed} failed, {workers} workers alive"
    if not workers:
        return Finding("queue", well=False, words=f"{words}; start one: hukumati worker")
    if oldest > BACKLOG_SECONDS_MAX:
        return Finding("queue", well=False, words=f"{words}; the oldest waits {oldest:.0f} s: start more workers")
    return Finding(
        "queue", well=not failed, words=words if not failed else f"{words}; see: hukumati procrastinate shell"
    )


def check_sealer() -> Finding:
    """Whether lines of the audit record wait to be sealed. The worker seals each second."""
    lag = audit.lag_seconds(timezone.now())
    if lag > SEALER_LAG_SECONDS_MAX:
        return Finding(
            "audit seal", well=False, words=f"lines have waited for {lag:.0f} s to be sealed; is a worker running?"
        )
    return Finding("audit seal", well=True, words=f"sealed, {lag:.0f} s behind")


def check_disk() -> Finding:
    place = settings.VAR if settings.VAR.exists() else Path.cwd()
    free = shutil.disk_usage(place).free
    words = f"{free / 1e9:.1f} GB free"
    return Finding(
        "disk", free >= FREE_BYTES_MIN, words if free >= FREE_BYTES_MIN else f"{words} at {place}; make room"
    )


def check_keys() -> Finding:
    """Private keys must be readable by us alone."""
    directories = {
        Path(wired["options"]["directory"])
        for name, wired in settings.PORTS.items()
        if name.endswith(".signer") and "directory" in wired["options"]
    }
    keys = [
        key
        for directory in directories
        if directory.is_dir()
        for pattern in ("*.key", "*.pem", "*.p8")
        for key in directory.glob(pattern)
        if _is_private(key)
    ]
    if not keys:
        return Finding(
            "keys",
            well=False,
            words="none yet; the first signature makes a demonstration key, a real one is put in HUKUMATI_KEYS",
        )
    open_to_others = [key.name for key in keys if key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        return Finding("keys", well=False, words=f"others may read {', '.join(open_to_others)}; run: chmod 600")
    return Finding("keys", well=True, words=f"{len(keys)} private, readable by us alone")


def _is_private(key: Path) -> bool:
    return os.access(key, os.R_OK) and b"PRIVATE KEY" in key.read_bytes()


def check_ports() -> Iterator[Finding]:
    """Of every outside system that the wiring names: whether its adapter can be made and somebody listens there."""
    for port, wired in sorted(settings.PORTS.items()):
        unset = sorted(name for name, value in wired["options"].items() if value == "")
        if unset:
            yield Finding(port, well=False, words=f"{', '.join(unset)} not set; see config/wiring.py for the variable")
        else:
            yield _check_port(port, addresses=tuple(_addresses(wired["options"])))


def _check_port(port: str, *, addresses: tuple[tuple[str, int], ...]) -> Finding:
    try:
        made = type(adapter(port)).__name__
    except Exception as fault:  # noqa: BLE001 (whatever a constructor raises is what the operator must hear)
        return Finding(port, well=False, words=f"cannot be made: {type(fault).__name__}: {fault}; see config/wiring.py")
    silent = [f"{host}:{number}" for host, number in addresses if not _listens(host, number)]
    if silent:
        return Finding(port, well=False, words=f"{made}: nobody answers at {', '.join(silent)}")
    return Finding(
        port, well=True, words=f"{made}{''.join(f', {host}:{number} answers' for host, number in addresses)}"
    )


def _addresses(options: dict[str, object]) -> Iterator[tuple[str, int]]:
    for name, value in options.items():
        if name != "notice_url" and isinstance(value, str) and value.startswith(("http://", "https://")):
            parts = urlsplit(value)
            yield parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if isinstance(host := options.get("host"), str) and isinstance(number := options.get("port"), int):
        yield host, number


def _listens(host: str, number: int) -> bool:
    try:
        socket.create_connection((host, number), timeout=REACH_SECONDS).close()
    except OSError:
        return False
    return True
