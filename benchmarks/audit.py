"""What the audit record costs: a line in its transaction, a seal, a full check. `python benchmarks/audit.py [lines]`

Runs on an embedded PostgreSQL of its own, with durable commits, and ends with it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from hukumati.infra.db import embedded

VERIFY_GOAL = 200_000
COMMITS = 2_000


def prepare(home: Path) -> embedded.EmbeddedServer:
    server = embedded.start(home / "data")
    os.environ.update(
        DATABASE_URL=server.url(),
        DJANGO_SETTINGS_MODULE="hukumati.config.settings.test",
        HUKUMATI_KEYS=str(home / "keys"),
        HUKUMATI_WITNESS=str(home / "witness"),
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", "audit", verbosity=0)
    return server


def seconds_of(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def commits(*, audited: bool) -> None:
    from django.db import connection, transaction

    from hukumati.infra.audit import api as audit
    from hukumati.kernel.actor import system

    by, at = system("benchmark"), datetime.now(UTC)
    for number in range(COMMITS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO benchmark_work (told) VALUES (%s)", [number])
            if audited:
                audit.write("benchmark.line", about=f"A-2026-{number:08}", by=by, at=at, case="A-2026-7K3QX9AB", copies=3)


def fill(lines: int) -> None:
    from django.db import transaction

    from hukumati.infra.audit import api as audit
    from hukumati.kernel.actor import system

    by, at = system("benchmark"), datetime.now(UTC)
    for start in range(0, lines, 10_000):
        with transaction.atomic():
            for number in range(start, min(lines, start + 10_000)):
                audit.write("benchmark.line", about=f"A-2026-{number:08}", by=by, at=at, case="A-2026-7K3QX9AB", copies=3)


def seal_all() -> None:
    from hukumati.infra.audit import api as audit

    while audit.seal(datetime.now(UTC)):
        pass


def measure(lines: int) -> None:
    from django.db import connection

    from hukumati.infra.audit import api as audit

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_work (told bigint)")
    commits(audited=False)
    bare = seconds_of(lambda: commits(audited=False)) / COMMITS
    with_line = seconds_of(lambda: commits(audited=True)) / COMMITS
    print(f"{'a durable commit without a line':44}{bare * 1e6:10.0f} µs")
    print(f"{'the same with an audit line':44}{with_line * 1e6:10.0f} µs    +{(with_line - bare) * 1e6:.0f} µs")
    filled = seconds_of(lambda: fill(lines))
    print(f"{'lines written, many in a transaction':44}{lines / filled:10,.0f} /s")
    sealing = seconds_of(seal_all)
    print(f"{'lines sealed (ordered, hashed, signed)':44}{(lines + COMMITS) / sealing:10,.0f} /s")
    report = audit.verify()
    assert not report.faults, report.faults
    rate = report.entries / report.seconds
    print(f"{'lines verified':44}{rate:10,.0f} /s    {rate / VERIFY_GOAL:.2f} of the goal {VERIFY_GOAL:,}")
    keys = [audit.list_entries(f"A-2026-{number:08}")[-1].key for number in range(0, lines, max(1, lines // 50))]
    proving = seconds_of(lambda: [audit.prove(key) for key in keys]) / len(keys)
    print(f"{'an inclusion proof':44}{proving * 1e3:10.1f} ms")


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory(prefix="hukumati-benchmark-") as home:
        server = prepare(Path(home))
        try:
            measure(lines)
        finally:
            embedded.stop(server)


if __name__ == "__main__":
    main()
