"""Postings a second through the ledger's door, beside pgbench with the same SQL. `python -m benchmarks.ledger [--quick] [seconds]`

Both write the posting of a paid charge: four lines, durable commits, an embedded PostgreSQL of its own. The ratio tells what Python costs.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from benchmarks.results import Section, is_quick, numbers
from hukumati.infra.db import embedded

GOAL = 0.7
CLIENTS = (1, 4, 8)
# A colon begins a variable in pgbench, even within quotes: account names have theirs escaped.
PGBENCH = r"""
\set number random(1, 9000000000000000000)
SELECT ledger_post('L-' || :number::text, 'charge_confirmed', 'C-' || :number::text, now(), 'ILS',
  ARRAY[U&'provider\003acard', U&'revenue\003ainterior\003acopy', U&'provider\003acard', U&'revenue\003ainterior\003astamp'], ARRAY[2000, -2000, 500, -500]::bigint[],
  ARRAY['ILS', 'ILS', 'ILS', 'ILS'], ARRAY['A-' || :number::text, 'A-' || :number::text, 'A-' || :number::text, 'A-' || :number::text],
  ARRAY['demo-tariff', 'demo-tariff', 'demo-tariff', 'demo-tariff'], ARRAY['1', '1', '2', '2']);
"""


def set_up(url: str) -> None:
    os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="hukumati.config.settings.test")
    import django

    django.setup()


def migrate(*apps: str) -> None:
    from django.core.management import call_command

    for app in apps:
        call_command("migrate", app, verbosity=0, skip_checks=True)


def post_for(
    url: str, seconds: float, client: int, answers: multiprocessing.Queue, go: multiprocessing.Barrier
) -> None:
    """One client: its own process, as web workers are."""
    set_up(url)
    from hukumati.domain.ledger import api as ledger
    from hukumati.kernel.money import Money

    def lines(case):
        sides = (
            ("provider:card", 2000, "1"),
            ("revenue:interior:copy", -2000, "1"),
            ("provider:card", 500, "2"),
            ("revenue:interior:stamp", -500, "2"),
        )
        return [ledger.Line(account, Money(minor), case, "demo-tariff", article) for account, minor, article in sides]

    at, took, number = datetime.now(UTC), [], 0
    ledger.balance("provider:card")
    go.wait(120)
    ends_at = time.perf_counter() + seconds
    while (started := time.perf_counter()) < ends_at:
        number += 1
        ledger.post(f"C-{os.getpid()}-{client}-{number}", lines(f"A-{number}"), kind="charge_confirmed", at=at)
        took.append((time.perf_counter() - started) * 1000)
    answers.put(took)


def through_the_door(url: str, *, clients: int, seconds: float) -> tuple[float, float, float]:
    """Postings a second, p50 and p99 in ms."""
    context = multiprocessing.get_context("spawn")
    answers, go = context.Queue(), context.Barrier(clients)
    workers = [
        context.Process(target=post_for, args=(url, seconds, client, answers, go), daemon=True)
        for client in range(clients)
    ]
    for worker in workers:
        worker.start()
    took = [one for _ in workers for one in answers.get(timeout=seconds + 300)]
    for worker in workers:
        worker.join()
    percentiles = quantiles(took, n=100)
    return len(took) / seconds, percentiles[49], percentiles[98]


def pgbench(server: embedded.EmbeddedServer, script: Path, *, clients: int, seconds: float) -> float:
    command = [
        str(embedded.binaries() / "pgbench"), "-n", "-M", "prepared", "-f", str(script), "-T", str(int(seconds)),
        "-c", str(clients), "-j", str(clients), "-h", "127.0.0.1", "-p", str(server.port), "-U", "hukumati", "postgres",
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": server.password}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))


def reading() -> list[tuple[str, float]]:
    from hukumati.domain.ledger import api as ledger
    from hukumati.domain.ledger.models import PostingLine

    rows = [("lines in the ledger", float(PostingLine.objects.count()))]
    for name, read in (
        ("balance of an account, ms", lambda: ledger.balance("provider:card")),
        ("lines of one case, ms", lambda: ledger.list_postings_of_case("A-1")),
        ("the whole ledger checked, ms", ledger.check),
    ):
        started = time.perf_counter()
        answer = read()
        rows.append((name, (time.perf_counter() - started) * 1000))
        if name.startswith("the whole"):
            assert answer == [], answer[:3]
    return rows


def measure(server: embedded.EmbeddedServer, script: Path, *, seconds: float) -> None:
    section = Section("ledger", "Postings of the ledger")
    table = section.table("clients", "through the door /s", "p50 ms", "p99 ms", "pgbench, same SQL /s", "ratio")
    ratios = []
    for clients in CLIENTS:
        rounds = [
            (
                through_the_door(server.url(), clients=clients, seconds=seconds),
                pgbench(server, script, clients=clients, seconds=seconds),
            )
            for _ in range(2)
        ]
        rate, middle, worst = max(ours for ours, _limit in rounds)
        limit = max(limit for _ours, limit in rounds)
        ratios.append(rate / limit)
        table.add(clients, f"{rate:,.0f}", f"{middle:.2f}", f"{worst:.2f}", f"{limit:,.0f}", f"{rate / limit:.2f}")
    for name, value in reading():
        section.note(f"{name}: {value:,.1f}")
    for clients, ratio in zip(CLIENTS, ratios, strict=True):
        section.aim(f"Ledger beside pgbench, clients: {clients}", ratio, GOAL, at_most=False)
    section.save()


def main() -> None:
    seconds = float(numbers()[0]) if numbers() else (1 if is_quick() else 3)
    with tempfile.TemporaryDirectory(prefix="hukumati-bench-") as home:
        server = embedded.start(Path(home) / "data")
        try:
            set_up(server.url())
            migrate("ledger")
            script = Path(home) / "post.sql"
            script.write_text(PGBENCH)
            measure(server, script, seconds=seconds)
        finally:
            from django.db import connections

            connections.close_all()
            embedded.stop(server)


if __name__ == "__main__":
    main()
