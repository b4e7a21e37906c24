"""How long the demonstration takes to start, a first and a second time, to stop, and how much memory its processes take together.

    python -m benchmarks.demonstration

Memory is the proportional set size (PSS): shared pages are counted once, divided among those who share them.
"""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.processes import family, megabytes, roots
from benchmarks.results import Section
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


def measure_memory(installation: Installation) -> dict[str, float]:
    for _ in range(5):
        for page in PAGES:
            urllib.request.urlopen(installation.addresses.url("web") + page, timeout=10).close()
    return {name: sum(megabytes(one) for one in family(root)) for name, root in roots(installation).items()}


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
    section = Section("demonstration", "The demonstration: start, stop, memory")
    table = section.table("", "got", "limit")
    table.add("first start", f"{first_seconds:.1f} s", "–")
    table.add("second start", f"{second_seconds:.1f} s", f"{START_SECONDS_MAX:.0f} s")
    table.add("stop", f"{stop_seconds:.1f} s", f"{STOP_SECONDS_MAX:.0f} s")
    for name, amount in memory.items():
        table.add(f"memory, {name}", f"{amount:.0f} MB", "–")
    together = sum(memory.values())
    table.add("memory, together", f"{together:.0f} MB", f"{MEMORY_MEGABYTES_MAX:.0f} MB")
    section.note("Memory is the proportional set size: shared pages are divided among those who share them.")
    section.aim("Second start of the demonstration", second_seconds, START_SECONDS_MAX, "s")
    section.aim("Demonstration's processes together", together, MEMORY_MEGABYTES_MAX, "MB")
    section.save()


if __name__ == "__main__":
    main()
