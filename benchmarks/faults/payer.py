"""A process of payers: `python -m benchmarks.faults.payer <number> <of> <count> <seed> <home>`. It may be killed at any point and started again.

What it finished stands in its own journal, a line each; what it had begun is begun again, as people press a button again.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import deque
from datetime import timedelta
from pathlib import Path

CLOCKS = (timedelta(seconds=-45), timedelta(0), timedelta(seconds=30))
TRIES_MAX = 200


def journal_path(home: Path, number: int) -> Path:
    return home / f"payer-{number}.jsonl"


def read_journal(path: Path) -> dict[int, dict[str, object]]:
    """Finished items by number; a last line that was cut off by a kill is no line."""
    rows = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        rows[row["number"]] = row
    return rows


def main() -> None:
    number, of, count, seed, home = *map(int, sys.argv[1:5]), Path(sys.argv[5])
    import django

    django.setup()
    from django.db import Error, close_old_connections
    from django.utils import timezone

    from benchmarks.faults.plan import make_plan
    from benchmarks.faults.ways import KINDS, NotYetError, Payer
    from hukumati.domain.identity.models import Account
    from hukumati.domain.payments import api as payments
    from hukumati.kernel.reference import ALPHABET

    path = journal_path(home, number)
    done = read_journal(path)
    mine = [item for item in make_plan(count, seed) if item.number % of == number and item.number not in done]
    facts = {"kind": "citizen", "login": f"9{number:08d}", "joined_at": timezone.now(), "mobile": "+970599000111"}
    pause = random.Random(seed + number)

    def patiently(act):
        for _ in range(TRIES_MAX):
            try:
                return act()
            except (Error, NotYetError, payments.ProviderUnavailable) as fault:
                last = fault
                close_old_connections()
                time.sleep(pause.uniform(0.05, 0.4))
        raise last

    account = patiently(
        lambda: Account.objects.get_or_create(reference=f"P-2026-FAULTS2{ALPHABET[number]}", defaults=facts)
    )[0]
    payer = Payer(
        number,
        account.pk,
        os.environ["HUKUMATI_CARD_URL"],
        home / "sandbox" / "card_gateway.sqlite",
        CLOCKS[number % len(CLOCKS)],
    )
    patiently(payer.open_drawer)
    with path.open("a") as journal:
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            journal.write("\n")
        # Who must wait for somebody else's word lets the next one pay meanwhile.
        waiting = deque((item, 0) for item in mine)
        while waiting:
            item, tries = waiting.popleft()
            try:
                handed = KINDS[item.kind](payer, item)
            except (Error, NotYetError, payments.ProviderUnavailable):
                if tries > TRIES_MAX:
                    raise
                close_old_connections()  # nobody else discards one that died with the database
                waiting.insert(min(len(waiting), 20), (item, tries + 1))
                time.sleep(pause.uniform(0.02, 0.2))
                continue
            row = {"number": item.number, "kind": item.kind, "cash": handed, "drawer": payer.drawer}
            journal.write(json.dumps(row) + "\n")
            journal.flush()


if __name__ == "__main__":
    main()
