"""Paid journeys a second, sign-in to signed PDF, through real HTTP against the real whole. `python -m benchmarks.journeys [--quick] [journeys for each citizen at a time]`

Each journey is another citizen's: sign in with password and code, find whom, answer, submit, pay by card on the gateway's pages, download the signed certificate.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from queue import Empty, SimpleQueue
from statistics import mean, median, quantiles
from typing import TYPE_CHECKING

import httpx

from benchmarks import whole
from benchmarks.citizen import Walker
from benchmarks.processes import cpu_seconds, roots
from benchmarks.results import Section, is_quick, numbers

if TYPE_CHECKING:
    from benchmarks.whole import Person
    from hukumati.config.demo.installation import Installation

AT_ONCE = (4, 8)
WARM_UP = 6
REPEATS = 12
STEPS = (
    "sign in", "wait for the code", "form", "submit", "start payment", "gateway", "return, receipt", "wait for the document", "download",
)  # fmt: skip


class Round:
    """So many citizens at a time, until all have been served."""

    def __init__(self, installation: Installation, people: list[Person], *, at_once: int) -> None:
        self.installation, self.at_once = installation, at_once
        self.waiting: SimpleQueue[Person] = SimpleQueue()
        for person in people:
            self.waiting.put(person)
        self.took: list[float] = []
        self.walkers: list[Walker] = []
        self.errors: list[str] = []

    def run(self) -> None:
        before, own = self._cpu(), time.process_time()
        began = time.perf_counter()
        threads = [threading.Thread(target=self._serve) for _ in range(self.at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seconds = time.perf_counter() - began
        self.cpu = {name: seconds - before[name] for name, seconds in self._cpu().items()}
        self.cpu["these clients"] = time.process_time() - own

    def _serve(self) -> None:
        while True:
            try:
                person = self.waiting.get_nowait()
            except Empty:
                return
            walker = Walker(person, self.installation.addresses)
            try:
                self.took.append(walker.walk())
                self.walkers.append(walker)
            except Exception as fault:  # noqa: BLE001 (whatever went wrong is counted, told, and fails the run)
                self.errors.append(f"{type(fault).__name__}: {fault}")
            finally:
                walker.close()

    def _cpu(self) -> dict[str, float]:
        return {name: cpu_seconds(root) for name, root in roots(self.installation).items()}

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    def percentile(self, number: int) -> float:
        return quantiles(self.took, n=100)[number - 1] if len(self.took) > 1 else self.took[0]

    def step(self, name: str) -> list[float]:
        return [walker.steps[name] for walker in self.walkers]

    @property
    def requests(self) -> float:
        return mean(walker.requests for walker in self.walkers)


def parts(installation: Installation) -> dict[str, float]:
    """CPU milliseconds of what a journey cannot do without, each alone."""
    from django.contrib.auth.hashers import check_password, make_password

    from benchmarks.documents import a_certificate, a_seal

    kept = make_password(whole.PASSWORD)
    render, pdf = a_certificate()
    seal = a_seal(pdf)
    return {
        "password check (scrypt)": cpu_of(lambda: check_password(whole.PASSWORD, kept), 10),
        "certificate rendered": cpu_of(render, 10),
        "certificate sealed": cpu_of(seal, 10),
        "a bare request, middleware included": cpu_of_bare(installation, 300),
    }


def cpu_of(work, count: int) -> float:
    work()
    began = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - began) / count * 1000


def cpu_of_bare(installation: Installation, count: int) -> float:
    address = installation.addresses.url("web") + "/bare/"
    with httpx.Client(trust_env=False) as client:
        for _ in range(20):
            client.get(address).raise_for_status()
        before = cpu_seconds(roots(installation)["web"])
        for _ in range(count):
            client.get(address)
        return (cpu_seconds(roots(installation)["web"]) - before) / count * 1000


def limit(costs: dict[str, float], *, requests: float) -> float:
    """Journeys a second if all processors did nothing but these parts."""
    bare = costs["a bare request, middleware included"]
    once = sum(costs.values()) - bare
    return (os.cpu_count() or 1) * 1000 / (once + bare * requests)


def tell(section: Section, rounds: list[Round], costs: dict[str, float]) -> None:
    walks = section.table(
        "citizens at a time",
        "journeys",
        "errors",
        "journeys/s",
        "p50 s",
        "p99 s",
        "requests a journey",
        "limit of the parts /s",
        "ratio",
    )
    for one in rounds:
        most = limit(costs, requests=one.requests)
        walks.add(
            one.at_once, len(one.took), len(one.errors), f"{one.rate:.2f}", f"{median(one.took):.2f}", f"{one.percentile(99):.2f}",
            f"{one.requests:.0f}", f"{most:.2f}", f"{one.rate / most:.2f}",
        )  # fmt: skip
    names = [str(one.at_once) for one in rounds]
    times = section.table("where the time goes, p50 ms", *names)
    for name in STEPS:
        times.add(name, *(f"{median(one.step(name)) * 1000:.0f}" for one in rounds))
    used = section.table("CPU ms a journey", *names)
    for name in rounds[0].cpu:
        used.add(name, *(f"{one.cpu[name] / len(one.took) * 1000:.0f}" for one in rounds))
    used.add("together", *(f"{sum(one.cpu.values()) / len(one.took) * 1000:.0f}" for one in rounds))
    alone = section.table("the parts alone", "CPU ms")
    for name, cost in costs.items():
        alone.add(name, f"{cost:.1f}")
    busiest = max(rounds, key=lambda one: one.rate)
    ours = sum(busiest.cpu[name] for name in ("database", "web", "worker")) / len(busiest.took)
    section.note(
        f"Web, worker and database use {ours * 1000:.0f} ms of CPU a journey: with every processor theirs, {(os.cpu_count() or 1) / ours:.2f} journeys/s on this machine."
    )
    section.note(
        "A journey waits for two messages to telephones and for the document; a browser that waits asks again each 0.2 s here, each 5 s in life."
    )
    section.aim("Journeys that failed", sum(len(one.errors) for one in rounds), 0)


def main() -> None:
    repeats = int(numbers()[0]) if numbers() else (2 if is_quick() else REPEATS)
    with whole.running() as installation:
        whole.join(installation)
        people = whole.open_accounts(installation, WARM_UP + repeats * sum(1 for _ in AT_ONCE) * 4)
        section = Section("journeys", "Paid journeys, sign-in to signed PDF")
        costs = parts(installation)
        warm = Round(installation, people[:WARM_UP], at_once=3)
        warm.run()
        rounds = []
        for number, at_once in enumerate(AT_ONCE):
            first = WARM_UP + number * repeats * 4
            rounds.append(Round(installation, people[first : first + repeats * 4], at_once=at_once))
            rounds[-1].run()
        faults = Counter(fault for one in [warm, *rounds] for fault in one.errors)
        for fault, count in faults.most_common(5):
            print(f"{count} × {fault}", flush=True)
        if not all(one.took for one in rounds):
            raise SystemExit("no journey came to its end")
        tell(section, rounds, costs)
        section.save()
    if faults:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
