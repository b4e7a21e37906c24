"""What the audit record costs: a line in its transaction, a seal, a full check. `python -m benchmarks.audit [--quick] [lines]`

Runs on an embedded PostgreSQL of its own, with durable commits, and ends with it.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.results import Section, is_quick, numbers
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
                audit.write(
                    "benchmark.line", about=f"A-2026-{number:08}", by=by, at=at, case="A-2026-7K3QX9AB", copies=3
                )


def fill(lines: int) -> None:
    from django.db import transaction

    from hukumati.infra.audit import api as audit
    from hukumati.kernel.actor import system

    by, at = system("benchmark"), datetime.now(UTC)
    for start in range(0, lines, 10_000):
        with transaction.atomic():
            for number in range(start, min(lines, start + 10_000)):
                audit.write(
                    "benchmark.line", about=f"A-2026-{number:08}", by=by, at=at, case="A-2026-7K3QX9AB", copies=3
                )


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
    section = Section("audit", "The audit record")
    table = section.table("", "got", "ratio")
    table.add("a durable commit without a line", f"{bare * 1e6:.0f} µs", "1")
    table.add("the same with an audit line", f"{with_line * 1e6:.0f} µs", f"{with_line / bare:.2f} of the one without")
    filled = seconds_of(lambda: fill(lines))
    table.add("lines written, many in a transaction", f"{lines / filled:,.0f} /s", "–")
    sealing = seconds_of(seal_all)
    table.add("lines sealed (ordered, hashed, signed)", f"{(lines + COMMITS) / sealing:,.0f} /s", "–")
    report = audit.verify()
    assert not report.faults, report.faults
    rate = report.entries / report.seconds
    table.add("lines verified", f"{rate:,.0f} /s", f"{rate / VERIFY_GOAL:.2f} of {VERIFY_GOAL:,}")
    keys = [audit.list_entries(f"A-2026-{number:08}")[-1].key for number in range(0, lines, max(1, lines // 50))]
    proving = seconds_of(lambda: [audit.prove(key) for key in keys]) / len(keys)
    table.add("an inclusion proof", f"{proving * 1e3:.1f} ms", "–")
    section.aim("Audit lines verified", rate, VERIFY_GOAL, "/s", at_most=False)
    section.save()


def main() -> None:
    lines = int(numbers()[0]) if numbers() else (5_000 if is_quick() else 50_000)
    with tempfile.TemporaryDirectory(prefix="hukumati-benchmark-") as home:
        server = prepare(Path(home))
        try:
            measure(lines)
        finally:
            embedded.stop(server)


if __name__ == "__main__":
    main()
