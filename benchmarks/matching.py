"""A day's receipts against the provider's list and the bank's statement. `python -m benchmarks.matching [--quick] [receipts]`: 35,000 when none are named.

Everything goes through treasury's own doors on a database of its own; the provider's list is handed over as its adapter would, without the network.
A second bank file has as many entries as there were receipts, each of which fits nothing: the worst that a bank can send.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.ledger import set_up
from benchmarks.results import Section, is_quick, numbers
from hukumati.infra.db import embedded

if TYPE_CHECKING:
    from collections.abc import Callable

RECEIPTS = 35_000
GOAL_SECONDS = 60.0
NOW = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
PAID_AT = NOW - timedelta(days=1)
IBAN = "PS92PALS000000000400123456702"
ACQUIRER = "PS40PALS000000000400123456700"


def paid(receipts: int) -> list[Any]:
    """Attempts that are paid by card, as rows; and the provider's lines of that day."""
    from hukumati.domain.identity.models import Account
    from hukumati.domain.payments.models import Attempt, Charge
    from hukumati.domain.payments.ports import SettledLine

    payer = Account.objects.create(reference="P-2026-BENCHMRK", kind="citizen", login="900000167", joined_at=NOW)
    names = [f"{n:08d}".translate(str.maketrans("01", "YZ")) for n in range(receipts)]
    common = {"currency": "ILS", "total_minor": 2500, "raised_at": PAID_AT, "expires_at": NOW, "ways": ["card"]}
    charges = Charge.objects.bulk_create(
        [Charge(reference=f"C-2026-{name}", about=f"A-2026-{name}", payer=payer, service_name_ar="خدمة", service_name_en="Service", **common) for name in names],
        batch_size=5_000,
    )  # fmt: skip
    asked = {
        "way": "card",
        "provider": "card",
        "state": "paid",
        "amount_minor": 2500,
        "currency": "ILS",
        "language": "ar",
    }
    Attempt.objects.bulk_create(
        [Attempt(reference=f"T-2026-{name}", charge=charge, started_at=PAID_AT, settled_at=PAID_AT, **asked) for name, charge in zip(names, charges, strict=True)],
        batch_size=5_000,
    )  # fmt: skip
    return [SettledLine(f"pay-{name}", f"T-2026-{name}", "payment", 2500, 25, "ILS", PAID_AT) for name in names]


def statement(entries: list[tuple[str, int, str]], *, opening: int, number: str) -> bytes:
    """A camt.053.001.08 as banks write them."""
    day, closing = NOW.date(), opening + sum(minor for _reference, minor, _text in entries)

    def balance(code: str, minor: int) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='ILS'>{minor / 100:.2f}</Amt>"
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    rows = "".join(
        f"<Ntry><Amt Ccy='ILS'>{minor / 100:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><DbtrAcct><Id><IBAN>{ACQUIRER}</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for reference, minor, text in entries
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt>"
        f"<Stmt><Id>{number}</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{balance('OPBD', opening)}{balance('CLBD', closing)}{rows}</Stmt>"
        "</BkToCstmrStmt></Document>"
    ).encode()


def took(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(receipts: int) -> None:
    from hukumati.domain.ledger import api as ledger
    from hukumati.domain.treasury import api as treasury
    from hukumati.kernel.actor import system

    by = system("benchmark")
    section = Section("matching", "A day's receipts matched")
    table = section.table("step", "seconds", "most memory so far, MB")
    lines = paid(receipts)
    table.add(f"before: {receipts:,} receipts and their list are there", "", f"{memory_mb():.0f}")
    on = PAID_AT.date()

    listing, new = took(lambda: treasury.take_list("card", on, lines, at=NOW))
    assert new == receipts
    table.add("the provider's list taken", f"{listing:.1f}", f"{memory_mb():.0f}")
    net = receipts * 2475
    body = statement([("BK-1", net, f"SETTLEMENT card {on}")], opening=0, number="ST-1")
    banking, _ = took(lambda: treasury.take_file(body, name="one.xml", by=by, at=NOW))
    table.add("the bank's statement taken, in which it is one entry", f"{banking:.2f}", f"{memory_mb():.0f}")
    matching, differing = took(lambda: treasury.match(at=NOW))
    assert differing == 0, treasury.list_differences()[:3]
    table.add("everything compared", f"{matching:.1f}", f"{memory_mb():.0f}")
    again, _ = took(lambda: treasury.take_list("card", on, lines, at=NOW))
    rematching, differing = took(lambda: treasury.match(at=NOW))
    assert differing == 0
    table.add("list and comparison once more: nothing is new", f"{again + rematching:.1f}", f"{memory_mb():.0f}")
    strange = statement([(f"TR-{n}", 100, f"transfer {n}") for n in range(receipts)], opening=net, number="ST-2")
    taking, file = took(lambda: treasury.take_file(strange, name="many.xml", by=by, at=NOW))
    assert file.new_entries == receipts
    table.add(
        f"a statement of {receipts:,} entries that fit nothing, each into suspense",
        f"{taking:.1f}",
        f"{memory_mb():.0f}",
    )
    assert treasury.suspense().amount_minor == receipts * 100
    assert [one.unexplained.amount_minor for one in treasury.list_accounts_today()] == [0]
    assert ledger.check() == []
    section.aim(
        f"{receipts:,} receipts matched: list, statement, comparison", listing + banking + matching, GOAL_SECONDS, "s"
    )
    section.save()


def main() -> None:
    receipts = int(numbers()[0]) if numbers() else (1_000 if is_quick() else RECEIPTS)
    with tempfile.TemporaryDirectory(prefix="hukumati-bench-") as home:
        os.environ["HUKUMATI_KEYS"] = f"{home}/keys"
        server = embedded.start(Path(home) / "data")
        try:
            set_up(server.url())
            from django.core.management import call_command

            call_command("migrate", verbosity=0, skip_checks=True)
            measure(receipts)
        finally:
            from django.db import connections

            connections.close_all()
            embedded.stop(server)


if __name__ == "__main__":
    main()
