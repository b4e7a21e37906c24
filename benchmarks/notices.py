"""A notice's path from its bytes at our door to the receipt: over HTTP, to the web process, which asks the gateway and writes. `python -m benchmarks.notices [--quick] [notices]`

One notice after another; the clock runs from the first byte sent to the answer, which is given once receipt, ledger and record are committed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import httpx

from benchmarks.faults.plan import Item
from benchmarks.faults.weather import gateway_file, sign
from benchmarks.results import Section, is_quick, numbers
from hukumati.config.demo.addresses import free_addresses
from hukumati.config.demo.installation import Installation

COUNT, COUNT_QUICK, WARM_UP = 500, 40, 10


def prepare(installation: Installation, count: int) -> list[bytes]:
    """Payments that the bank has charged and said nothing about; the notice of each, as it would have been."""
    from django.utils import timezone

    from benchmarks.faults.ways import PAYS, Payer
    from hukumati.domain.identity.models import Account
    from hukumati.domain.payments import api as payments

    facts = {"kind": "citizen", "login": "900000000", "joined_at": timezone.now(), "mobile": "+970599000111"}
    account = Account.objects.create(reference="P-2026-FAULTS22", **facts)
    file = gateway_file(installation.home)
    payer = Payer(0, account.pk, installation.addresses.url("gateway"), file, timedelta(0))
    told = []
    for number in range(count):
        hosted = payer.start(payer.charge(Item(number, "card", 1000, 2, 500, "ILS")), payments.Way.CARD).redirect_url
        payer.pay_at_bank(hosted, PAYS)
        told.append(hosted.rpartition("/")[2])
    return [_notice(file, payment_id) for payment_id in told]


def _notice(file: Path, payment_id: str) -> bytes:
    with contextlib.closing(sqlite3.connect(file)) as book:
        (body,) = book.execute("select body from notices where payment_id = ?", (payment_id,)).fetchone()
    return str(body).encode()


def ring(installation: Installation, notices: list[bytes]) -> list[float]:
    """Milliseconds of each."""
    key = installation.secrets["HUKUMATI_CARD_NOTICE_KEY"].encode()
    url = installation.addresses.url("web") + "/callbacks/payments/card"
    took = []
    with httpx.Client(trust_env=False, timeout=30) as client:
        for raw in notices:
            headers = {"X-Gateway-Signature": sign(raw, key, at=int(time.time()))}
            began = time.perf_counter()
            client.post(url, content=raw, headers=headers).raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
    return took


def measure(home: Path, count: int) -> tuple[list[float], list[float]]:
    """How long first notices took, and the same ones again, which change nothing."""
    environment = {"DJANGO_SETTINGS_MODULE": "benchmarks.faults.settings", "PYTHONPATH": os.pathsep.join(["src", "."])}
    installation = Installation(home, free_addresses(), more_environment=environment)
    try:
        installation.sandbox.start()
        installation.database.start()
        if installation.prepare().wait():
            sys.exit("the preparation failed")
        installation.start_serving()
        installation.wait_until_ready()
        os.environ.update(installation.environment())
        import django

        django.setup()
        httpx.post(f"{installation.addresses.url('gateway')}/control", json={"drop": True}, trust_env=False)
        notices = prepare(installation, count + WARM_UP)
        first = ring(installation, notices)[WARM_UP:]
        return first, ring(installation, notices)[WARM_UP:]
    finally:
        installation.stop()


def main() -> None:
    count = int(numbers()[0]) if numbers() else COUNT_QUICK if is_quick() else COUNT
    section = Section("notices", "A notice, from bytes to receipt")
    with tempfile.TemporaryDirectory(prefix="hukumati-notices-") as home:
        first, again = measure(Path(home), count)
    table = section.table("notice", "p50", "p99", "slowest")
    for name, took in (("of a payment: to the committed receipt", first), ("the same again: nothing changes", again)):
        percentiles = quantiles(took, n=100)
        table.add(name, *(f"{one:.1f} ms" for one in (percentiles[49], percentiles[98], max(took))))
    section.note(
        f"{count} notices, one after another, over HTTP. Within the time: signature, inbox, the question to the gateway, ledger, receipt, record."
    )
    section.save()


if __name__ == "__main__":
    main()
