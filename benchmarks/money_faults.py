"""Ten thousand payments while notices are spoiled and processes are killed; then the gateway's own books are held against ours.

    python -m benchmarks.money_faults [--quick] [payments] [--seed N] [--break RULE]

The processes are real: web, worker, PostgreSQL with durable commits, the sandbox's card gateway. Payers are processes too, killed like the rest. Their
door is the module's own verbs, for walking the pages of each payment would take hours; notices come over HTTP, and some citizens walk the whole way.
With `--break`, one rule of the platform is broken inside the processes of this run, and the run is good when it is found false.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.faults.payer import journal_path, read_journal
from benchmarks.results import QUICK, Section, is_quick
from hukumati.config.demo.addresses import free_addresses
from hukumati.config.demo.children import Command
from hukumati.config.demo.installation import ROOT, Installation

if TYPE_CHECKING:
    from collections.abc import Callable

PAYMENTS, PAYMENTS_QUICK = 10_000, 400
PAYERS = 5  # each has up to four sessions, and the database takes sixty
WALKS, WALKS_QUICK = 20, 2
KILL_EVERY, KILL_EVERY_QUICK = 12.0, 6.0
PAY_SECONDS_MAX, SETTLE_SECONDS_MAX, DOCUMENT_SECONDS_MAX = 460.0, 60.0, 40.0
RULES = ("no-lock", "trust-notice", "no-idempotency", "no-sweep", "no-way-back")
WALK_SECONDS_MAX = 30.0
LAST_SECONDS_MAX = 15.0
EARLY = timedelta(hours=2)
TOLD_MAX = 5


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.money_faults")
    asked.add_argument("payments", nargs="?", type=int, default=PAYMENTS_QUICK if is_quick() else PAYMENTS)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--break", dest="rule", choices=RULES, default="")
    asked.add_argument("--walks", type=int, default=WALKS_QUICK if is_quick() else WALKS)
    asked.add_argument(
        "--kill-every", type=float, default=KILL_EVERY_QUICK if is_quick() else KILL_EVERY, help="seconds"
    )
    asked.add_argument(QUICK, action="store_true")
    return asked.parse_args()


class Run:
    """One installation under fire, from its start to the judgement."""

    def __init__(self, home: Path, asked: argparse.Namespace) -> None:
        self.home, self.asked = home, asked
        environment = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.faults.settings",
            "HUKUMATI_FAULTS_BREAK": asked.rule,
            "HUKUMATI_WEB_PROCESSES": "2",
            "PYTHONPATH": os.pathsep.join(["src", "."]),
        }
        self.installation = Installation(home, free_addresses(), more_environment=environment)
        self.payers = [self._payer(number) for number in range(PAYERS)]
        self.seconds: dict[str, float] = {}

    def _payer(self, number: int) -> Command:
        words = [str(number), str(PAYERS), str(self.asked.payments), str(self.asked.seed), str(self.home)]
        command = [sys.executable, "-m", "benchmarks.faults.payer", *words]
        return Command(f"payer-{number}", command, {}, ROOT, self.home / "logs" / f"payer-{number}.log")

    def start(self) -> None:
        self.installation.sandbox.start()
        self.installation.database.start()
        if self.installation.prepare().wait():
            sys.exit("the preparation failed")
        self.installation.start_serving()
        self.installation.wait_until_ready()
        os.environ.update(self.installation.environment())
        import django

        django.setup()

    def pay(self) -> None:
        from benchmarks.faults.walks import Walks
        from benchmarks.faults.weather import Weather

        self.walks = Walks(self.installation, self.asked.walks)
        self.weather = Weather(self.installation, self.payers, seed=self.asked.seed, kill_every=self.asked.kill_every)
        for payer in self.payers:
            payer.environment = self.installation.environment()
            payer.start()
        self.walks.begin()
        self.weather.begin()
        try:
            self._wait_for_payers(self.weather.kill_when_due)
            self.walks.end(WALK_SECONDS_MAX)
        finally:
            self.weather.end()
        # Whoever was killed last ends its own in peace; what is not made by now is told as unfinished.
        self._wait_for_payers(seconds=LAST_SECONDS_MAX)
        for payer in self.payers:
            payer.kill()
        self.installation.wait_until_ready()

    def _wait_for_payers(
        self, meanwhile: Callable[[], None] = lambda: None, *, seconds: float = PAY_SECONDS_MAX
    ) -> None:
        deadline = time.monotonic() + seconds
        while any(payer.is_alive() for payer in self.payers) and time.monotonic() < deadline:
            meanwhile()
            time.sleep(0.2)

    def settle(self) -> None:
        """What the worker's clock would do within two hours, now; until nothing is left undecided, or the time is over."""
        from django.db import Error

        from benchmarks.faults.judge import undecided
        from benchmarks.faults.weather import gateway_file

        deadline, left = time.monotonic() + SETTLE_SECONDS_MAX, (0, 0, 0)
        while time.monotonic() < deadline:
            try:
                left = undecided(gateway_file(self.home))
                if not any(left):
                    return
                self._ask_early()
            except Error as fault:
                print(f"settling goes on: {fault}", flush=True)
            time.sleep(1)
        print("still undecided: charged {}, going back {}, notices {}".format(*left), flush=True)

    def _ask_early(self) -> None:
        from django.utils import timezone

        from hukumati.domain.payments import jobs

        soon, now = timezone.now() + EARLY, timezone.now()
        for reference in jobs.list_attempts_due(at=soon):
            jobs.attempts.look_up(reference, at=now)
        for reference in jobs.list_refunds_due(at=soon):
            jobs.refunds.send_refund(reference, at=now)
        jobs.notices.answer_waiting(at=soon)

    def judge(self) -> list[str]:
        from benchmarks.faults import judge
        from benchmarks.faults.plan import make_plan
        from benchmarks.faults.weather import gateway_file

        plan = make_plan(self.asked.payments, self.asked.seed)
        self.journals = {}
        for number in range(PAYERS):
            self.journals |= read_journal(journal_path(self.home, number))
        self.seen = judge.read_outside(gateway_file(self.home), plan, self.journals)
        unpaid = self.walks.without_document(seconds=DOCUMENT_SECONDS_MAX)
        found = judge.judge(plan, self.journals, self.seen)
        found += [f"document: {case} is paid and has none" for case in unpaid]
        self.sums = judge.sums(self.seen)
        found += judge.certificate(self.seen, self.home)
        return found

    def timed(self, name: str, act):
        began = time.perf_counter()
        answer = act()
        self.seconds[name] = time.perf_counter() - began
        print(f"{name}: {self.seconds[name]:.1f} s", flush=True)
        return answer

    def stop(self) -> None:
        for payer in self.payers:
            payer.kill()
        self.installation.stop()


def tell(run: Run, found: list[str]) -> None:
    section = Section("money_faults", "Money under fire")
    ways = section.table("payments by kind", "made")
    for kind, count in sorted(Counter(row["kind"] for row in run.journals.values()).items()):
        ways.add(kind.replace("_", " "), f"{count:,}")
    ways.add("whole applications over HTTP", len(run.walks.paid))
    ways.add("together, without those who left", f"{paid(run):,}")
    harm = section.table("harm", "times")
    for name, count in [
        *sorted(run.weather.done.items()),
        *((f"killed: {n}", c) for n, c in sorted(run.weather.kills.items())),
    ]:
        harm.add(name, count)
    money = section.table("currency", "came in", "given back", "earned", "owed back", "in suspense", "difference")
    for currency, came, back, *held in run.sums:
        money.add(currency, *(f"{minor:,}" for minor in (came, back, *held)), came - back - sum(held))
    time_ = section.table("step", "seconds")
    for name, seconds in run.seconds.items():
        time_.add(name, f"{seconds:.0f}")
    section.note(
        f"Seed {run.asked.seed}. Money in minor units; what came in and was given back is told by the gateway's file and the payers' notes."
    )
    section.note(
        "`python -m benchmarks.money_faults --quick --break RULE` breaks one rule, and must be found false: "
        + ", ".join(RULES)
        + "."
    )
    section.aim("Payments under fire", paid(run), PAYMENTS, at_most=False)
    section.aim("Found wrong", len(found), 0)
    section.aim("Fault run, from start to judgement", sum(run.seconds.values()), 600, "s")
    if not run.asked.rule and run.asked.payments >= PAYMENTS:
        section.save()


def paid(run: Run) -> int:
    return sum(row["kind"] != "leaves" for row in run.journals.values()) + len(run.walks.paid)


def main() -> int:
    asked = arguments()
    print(f"seed {asked.seed}, {asked.payments} payments, rule broken: {asked.rule or 'none'}", flush=True)
    with tempfile.TemporaryDirectory(prefix="hukumati-faults-") as home:
        run = Run(Path(home), asked)
        try:
            run.timed("start", run.start)
            run.timed("pay", run.pay)
            run.timed("settle", run.settle)
            found = run.timed("judge", run.judge)
        finally:
            run.stop()
            if os.environ.get("HUKUMATI_FAULTS_LOGS"):
                import shutil

                shutil.copytree(Path(home) / "logs", os.environ["HUKUMATI_FAULTS_LOGS"], dirs_exist_ok=True)
        tell(run, found)
    for kind, ones in judge_told(found).items():
        print(f"{kind}: {len(ones)}", *ones[:TOLD_MAX], sep="\n    ", flush=True)
    if asked.rule:
        print(f"{asked.rule}: {'caught' if found else 'NOT CAUGHT'}")
        return 0 if found else 1
    return 1 if found else 0


def judge_told(found: list[str]) -> dict[str, list[str]]:
    from benchmarks.faults.judge import told

    return told(found)


if __name__ == "__main__":
    sys.exit(main())
