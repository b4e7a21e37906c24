"""How the ledger's reads grow with its lines. `python -m benchmarks.ledger_growth [--quick] [lines …]`: 10 thousand, 1 and 10 million when none are named.

The lines are written by the same statement that posts, in bulk, over 100 days that have ended; all but the last are closed before anything is
measured. The last day is closed, certified, exported and computed again by an auditor's command.
"""

from __future__ import annotations

import multiprocessing
import os
import ssl
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.ledger import migrate, set_up
from benchmarks.results import Section, is_quick, numbers
from hukumati.infra.db import embedded

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

LINES = (10_000, 1_000_000, 10_000_000)
DAYS = 100
BATCH = 50_000
READS = 200
# Two lines a posting; a fee in three goes through one of a thousand drawers.
FILL = """
    SELECT ledger_post('L-' || n, 'charge_confirmed', 'C-' || n, %(at)s, 'ILS',
        ARRAY[CASE WHEN n %% 3 = 0 THEN 'drawer:S-' || n %% 1000 ELSE 'provider:card' END, 'revenue:interior:certificates'], ARRAY[2000, -2000]::bigint[],
        ARRAY['ILS', 'ILS'], ARRAY['A-' || n, 'A-' || n], ARRAY['demo-tariff', 'demo-tariff'], ARRAY['5/1', '5/1'])
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""


def fill(lines: int) -> date:
    """Write the lines; the last day."""
    from django.db import connection

    start = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=DAYS + 1)
    postings, number = lines // 2, 0
    with connection.cursor() as cursor:
        for day in range(DAYS):
            end = postings * (day + 1) // DAYS
            while number < end:
                last = min(end, number + BATCH)
                cursor.execute(FILL, {"at": start + timedelta(days=day), "first": number + 1, "last": last})
                number = last
        cursor.execute("VACUUM ANALYZE")
    return (start + timedelta(days=DAYS - 1)).date()


def took(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def read(work: Callable[[int], Any]) -> tuple[float, float]:
    """p50 and p99 in ms."""
    times = [took(lambda n=n: work(n))[0] * 1000 for n in range(READS)]
    percentiles = quantiles(times[5:], n=100)
    return percentiles[49], percentiles[98]


def close_until(day: date) -> float:
    """Close every day up to this one; seconds."""
    from hukumati.domain.ledger import api as ledger
    from hukumati.kernel.actor import system

    at = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=6)
    return took(lambda: ledger.close_days(by=system("benchmark"), at=at))[0]


def audited(home: Path, day: date) -> float:
    """An auditor's seconds for one day: certificate, chain and every figure from the postings. Raises when the books do not hold."""
    from cryptography import x509

    from hukumati.domain.ledger import api as ledger
    from hukumati.domain.ledger.verification import judge_folder

    folder = Path(tempfile.mkdtemp(dir=home))
    for one in (day - timedelta(days=1), day):
        signed = ledger.find_certificate(one)
        (folder / f"certificate-{one}.json").write_bytes(signed.file())
    with (folder / f"postings-{day}.jsonl").open("wb") as export:
        export.writelines(ledger.export_postings(day))
    trusted = x509.load_pem_x509_certificate(ssl.DER_cert_to_PEM_cert(signed.chain[0]).encode())
    seconds, judgement = took(lambda: judge_folder(folder, trusted=trusted))
    assert not judgement.faults, judgement.faults
    return seconds


def post(n: int) -> None:
    from hukumati.domain.ledger import api as ledger
    from hukumati.kernel.money import Money

    sides = (("provider:card", 2000), ("revenue:interior:certificates", -2000))
    lines = [ledger.Line(account, Money(minor), f"A-new-{n}", "demo-tariff", "5/1") for account, minor in sides]
    ledger.post(f"C-new-{n}", lines, kind="charge_confirmed", at=datetime.now(UTC))


def measured(lines: int) -> list[str]:
    """One row of the table, on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="hukumati-bench-") as home:
        os.environ["HUKUMATI_KEYS"] = f"{home}/keys"
        server = embedded.start(Path(home) / "data")
        try:
            set_up(server.url())
            migrate("ledger", "audit")
            return _measured(Path(home), lines)
        finally:
            from django.db import connections

            connections.close_all()
            embedded.stop(server)


def _measured(home: Path, lines: int) -> list[str]:
    from hukumati.domain.ledger import api as ledger

    filling, last = took(lambda: fill(lines))
    before = close_until(last - timedelta(days=1))
    one_day = close_until(last)
    assert ledger.balance("revenue:interior.none").amount_minor == 0
    posting, balance = read(post), read(lambda _n: ledger.balance("provider:card"))
    case = read(lambda n: ledger.list_postings_of_case(f"A-{n * (lines // 2) // READS + 1}"))
    checking, faults = took(ledger.check)
    assert faults == [], faults[:3]
    return [
        f"{lines:,}", f"{filling:.0f}", f"{posting[0]:.2f} / {posting[1]:.2f}", f"{balance[0]:.2f} / {balance[1]:.2f}",
        f"{case[0]:.2f} / {case[1]:.2f}", f"{lines // 2 // DAYS:,}", f"{one_day:.2f}", f"{before:.0f}", f"{audited(home, last):.2f}", f"{checking:.1f}",
    ]  # fmt: skip


def main() -> None:
    sizes = [int(one) for one in numbers()] or (LINES[:1] if is_quick() else LINES)
    section = Section("ledger_growth", "How the ledger grows")
    table = section.table(
        "lines", "written in bulk, s", "a posting, ms", "a balance, ms", "a case's postings, ms", "postings a day",
        "a day closed and certified, s", "99 days before it, s", "an auditor computes the day again, s", "the whole ledger checked, s",
    )  # fmt: skip
    section.note("Pairs are p50 / p99. Postings are two lines each; a third of them lie in a thousand drawers.")
    # A process for each size: settings and connections belong to one database.
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as processes:
        for row in processes.imap(measured, sizes, chunksize=1):
            table.add(*row)
    section.save()


if __name__ == "__main__":
    main()
