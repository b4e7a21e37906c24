"""How long the demonstration takes to start, a first and a second time, to stop, and how much memory its processes take together.

    .venv/bin/python benchmarks/demonstration.py

Memory is the proportional set size (PSS): shared pages are counted once, divided among those who share them.
"""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from hukumati.config.demo.addresses import free_addresses
from hukumati.config.demo.installation import Installation

START_SECONDS_MAX, STOP_SECONDS_MAX, MEMORY_MEGABYTES_MAX = 15.0, 10.0, 1024.0
PAGES = ("/", "/en/", "/desk/", "/healthz")


def start(installation: Installation) -> float:
    began = time.perf_counter()
    installation.sandbox.start()
    installation.database.start()
    if installation.prepare().wait():
        sys.exit("the preparation failed")
    installation.start_serving()
    installation.wait_until_ready()
    return time.perf_counter() - began


def stop(installation: Installation) -> float:
    began = time.perf_counter()
    installation.stop()
    return time.perf_counter() - began


def family(process_id: int) -> list[int]:
    """A process and all that descend from it."""
    children = [
        int(child)
        for task in Path(f"/proc/{process_id}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return [process_id, *(one for child in children for one in family(child))]


def megabytes(process_id: int) -> float:
    for line in Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure_memory(installation: Installation) -> dict[str, float]:
    for _ in range(5):
        for page in PAGES:
            urllib.request.urlopen(installation.addresses.url("web") + page, timeout=10).close()
    roots = {
        "database": installation.database.server.process.pid,
        "sandbox": installation.sandbox.process.pid,
        "web": installation.web.process.pid,
        "worker": installation.worker.process.pid,
    }
    return {name: sum(megabytes(one) for one in family(root)) for name, root in roots.items()}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hukumati-bench-") as home:
        first = Installation(Path(home), free_addresses())
        try:
            first_seconds = start(first)
            memory = measure_memory(first)
        finally:
            stop_seconds = stop(first)
        second = Installation(Path(home), free_addresses())
        try:
            second_seconds = start(second)
        finally:
            stop(second)
    rows = [
        ("first start", first_seconds, "s", None),
        ("second start", second_seconds, "s", START_SECONDS_MAX),
        ("stop", stop_seconds, "s", STOP_SECONDS_MAX),
    ]
    rows += [(f"memory, {name}", amount, "MB", None) for name, amount in memory.items()]
    rows.append(("memory, together", sum(memory.values()), "MB", MEMORY_MEGABYTES_MAX))
    for name, amount, unit, limit in rows:
        against = f"   limit {limit:.0f} {unit}, ratio {amount / limit:.2f}" if limit else ""
        print(f"{name:<20}{amount:>8.1f} {unit}{against}")


if __name__ == "__main__":
    main()
