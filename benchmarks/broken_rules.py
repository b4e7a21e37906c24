"""The fault run again and again, each time with one rule of the platform broken: each must be found false. `python -m benchmarks.broken_rules [--quick]`."""

from __future__ import annotations

import re
import subprocess
import sys
import time

from benchmarks.money_faults import RULES
from benchmarks.results import QUICK, Section, is_quick

SEED = 7
RUN_SECONDS_MAX = 400
FOUND = re.compile(r"^(?P<kind>[a-z][a-z ]+): (?P<count>\d+)$", re.MULTILINE)
MEANING = {
    "": "nothing",
    "no-lock": "rows are read without a lock",
    "trust-notice": "a notice is believed as it stands, and nobody is asked",
    "no-idempotency": "a refund that is asked for again has another name",
    "no-sweep": "nobody asks after a payment whose notice never came",
    "no-way-back": "money for a fee that is no longer open is kept in silence",
}


def run(rule: str) -> tuple[bool, str, float]:
    """Whether it was found false, what was found, and the seconds it took."""
    command = [sys.executable, "-m", "benchmarks.money_faults", QUICK, "--seed", str(SEED)]
    began = time.monotonic()
    said = subprocess.run(
        [*command, *(["--break", rule] if rule else [])],
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
        check=False,
    )
    # What was found is told after the figures.
    found = FOUND.findall(said.stdout.rpartition("Fault run, from start to judgement")[2])
    return bool(found), ", ".join(f"{kind}: {count}" for kind, count in found), time.monotonic() - began


def main() -> int:
    section = Section("broken_rules", "One rule broken at a time")
    table = section.table("rule", "broken", "found by the judge", "seconds")
    missed = 0
    for rule in ("", *RULES):
        is_found, found, seconds = run(rule)
        missed += is_found is not bool(rule)
        table.add(rule or "none", MEANING[rule], found or "nothing", f"{seconds:.0f}")
    section.note(f"The fault run's short form, 400 payments, seed {SEED}: a rule is broken inside its processes only.")
    section.aim("Runs judged wrongly", missed, 0)
    if not is_quick():
        section.save()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
