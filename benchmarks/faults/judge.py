"""The books of the outside against ours: the gateway's file and the notes in the drawers on one side, ledger and receipts on the other.

Nothing here asks our books whether our books are right, except the two checkers at the end. Empty is the only good answer.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Sum

from hukumati.domain.ledger import api as ledger
from hukumati.domain.ledger.models import PostingLine
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt, Charge, Notice, Receipt, Refund
from hukumati.domain.treasury import api as treasury

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from benchmarks.faults.plan import Item

TOLD_MAX = 12


@dataclass
class Outside:
    """What the gateway and the drawers hold."""

    paid: dict[str, tuple[int, str]]
    """By our attempt's reference."""
    given_back: dict[str, list[int]]
    """By our refund's reference: every time the bank gave back."""
    back_of: dict[str, int]
    """By our attempt's reference."""
    cash: dict[str, int]
    """By the case."""
    drawers: dict[str, int]
    transfers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """By the code that they name."""
    money_in: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    money_back: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def read_outside(file: Path, plan: list[Item], journals: dict[int, dict]) -> Outside:
    """The gateway's own file, and what payers noted of notes that they handed over."""
    seen = Outside({}, defaultdict(list), defaultdict(int), {}, defaultdict(int))
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as book:
        for reference, minor, currency in book.execute(
            "select reference, amount_minor, currency from payments where state = 'paid'"
        ):
            seen.paid[reference] = (minor, currency)
            seen.money_in[currency] += minor
        for code, minor in book.execute("select text, amount_minor from transfers"):
            seen.transfers[code] += minor
            seen.money_in["ILS"] += minor
        for reference, refund, minor, currency in book.execute(
            "select reference, refund_reference, refunds.amount_minor, currency from refunds join payments using (payment_id)"
            " where refunds.state = 'paid'"
        ):
            seen.given_back[refund].append(minor)
            seen.back_of[reference] += minor
            seen.money_back[currency] += minor
    for item in plan:
        row = journals.get(item.number)
        if row and row["cash"]:
            seen.cash[item.about] = row["cash"]
            seen.drawers[row["drawer"]] += row["cash"]
            seen.money_in["ILS"] += row["cash"]
    return seen


def undecided(file: Path) -> tuple[int, int, int]:
    """What sweeps and retries have still to find: charged and not known, promised and not sent, rung and not answered."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as book:
        paid = {row[0] for row in book.execute("select reference from payments where state = 'paid'")}
    open_ = Attempt.objects.exclude(provider="").exclude(state="paid")
    waiting = sum(reference in paid for reference in open_.values_list("reference", flat=True))
    going_back = Refund.objects.filter(state__in=["promised", "sent"]).exclude(attempt__provider="").count()
    return waiting, going_back, Notice.objects.filter(outcome="waiting").count()


def judge(plan: list[Item], journals: dict[int, dict], seen: Outside) -> list[str]:
    """Everything that is wrong, in plain words."""
    return [
        *_unfinished(plan, journals),
        *_lost_or_invented(seen),
        *_each_fee(seen),
        *_refunds(seen),
        *_drawers(seen),
        *_sums(seen),
        *[
            f"checker: {fault.code} {fault.where} {fault.found}"
            for fault in (*ledger.check(), *payments.check(), *treasury.check())
        ],
        *_documents(),
    ]


def _unfinished(plan: list[Item], journals: dict[int, dict]) -> Iterator[str]:
    missing = [item.number for item in plan if item.number not in journals]
    if missing:
        yield f"unfinished: {len(missing)} payments were not made"


def _lost_or_invented(seen: Outside) -> Iterator[str]:
    """A payment at the bank is a payment in our books, of the same money; and the other way round."""
    ours = {
        row[0]: (row[1], row[2])
        for row in Attempt.objects.filter(state="paid")
        .exclude(provider="")
        .values_list("reference", "amount_minor", "currency")
    }
    for reference in sorted(seen.paid.keys() - ours.keys()):
        if not Attempt.objects.filter(reference=reference, suspended_at__isnull=False).exists():
            yield f"lost: {reference} was charged and our books do not know it"
    for reference in sorted(ours.keys() - seen.paid.keys()):
        yield f"invented: {reference} is paid in our books and was never charged"
    for reference in sorted(ours.keys() & seen.paid.keys()):
        if ours[reference] != seen.paid[reference]:
            yield f"differs: {reference} is {ours[reference]} here and {seen.paid[reference]} there"


def _each_fee(seen: Outside) -> Iterator[str]:
    """Of each fee: what came in, less what went back and what is still owed back, is the fee if it is paid, else nothing."""
    came: dict[str, int] = defaultdict(int)
    for reference, charge in Attempt.objects.exclude(provider="").values_list("reference", "charge__reference"):
        came[charge] += seen.paid.get(reference, (0, ""))[0] - seen.back_of.get(reference, 0)
    for code, charge in set(Attempt.objects.filter(way="transfer").values_list("pay_code", "charge__reference")):
        came[charge] += seen.transfers.get(code, 0)
    owed: dict[str, int] = defaultdict(int)
    by_hand: dict[str, int] = defaultdict(int)
    for charge, minor, state, cause in Refund.objects.values_list(
        "charge__reference", "amount_minor", "state", "cause"
    ):
        owed[charge] += minor if state != "confirmed" else 0
        by_hand[charge] += minor if cause == "by_staff" else 0
    receipts = set(Receipt.objects.values_list("charge__reference", flat=True))
    for reference, about, total, state in Charge.objects.values_list("reference", "about", "total_minor", "state"):
        kept = came[reference] + seen.cash.get(about, 0) - owed[reference]
        due = total - by_hand[reference] if state == "paid" else 0
        if (state == "paid") != (reference in receipts):
            yield f"receipt: {reference} is {state}"
        if kept != due and reference.startswith("C"):
            yield f"{'doubled' if kept > due else 'lost'}: {reference} ({state}) keeps {kept} and is due {due}"
        if by_hand[reference] > total:
            yield f"given twice: of {reference}, {by_hand[reference]} of {total} was promised back"


def _refunds(seen: Outside) -> Iterator[str]:
    """What we call given back was given back, once, and nothing else was."""
    ours = dict(
        Refund.objects.filter(state="confirmed").exclude(attempt__provider="").values_list("reference", "amount_minor")
    )
    for reference, times in seen.given_back.items():
        if times != [ours.get(reference)]:
            yield f"given back: {reference} {times} there and {ours.get(reference)} here"
    for reference in sorted(ours.keys() - seen.given_back.keys()):
        yield f"given back: {reference} stands in our books alone"


def _drawers(seen: Outside) -> Iterator[str]:
    held = ledger.list_balances("drawer:")
    for drawer, minor in seen.drawers.items():
        if held.get(f"drawer:{drawer}") is None or held[f"drawer:{drawer}"].amount_minor != minor:
            yield f"drawer: {drawer} holds {minor} and the ledger says {held.get(f'drawer:{drawer}')}"


def sums(seen: Outside) -> list[tuple[str, int, int, int, int, int]]:
    """Currency; in; given back (both told by the outside); owed to institutions, owed back, in suspense (told by the ledger)."""
    held: dict[tuple[str, str], int] = defaultdict(int)
    lines = PostingLine.objects.values_list("currency", "account").annotate(sum=Sum("amount_minor"))
    for currency, account, minor in lines:
        held[currency, account.partition(":")[0]] -= minor
    kinds = ("revenue", "refunds_payable", "suspense")
    return [
        (currency, seen.money_in[currency], seen.money_back[currency], *(held[currency, kind] for kind in kinds))
        for currency in ("ILS", "JOD", "USD")
    ]


def _sums(seen: Outside) -> Iterator[str]:
    for currency, came, back, revenue, owed, suspense in sums(seen):
        if came != back + revenue + owed + suspense:
            yield f"sum: {currency} {came} came in; {back} given back + {revenue} earned + {owed} owed + {suspense} in suspense"


def _documents() -> Iterator[str]:
    from hukumati.domain.documents.models import Document

    paid = set(Charge.objects.filter(state="paid").values_list("about", flat=True))
    charged = set(Charge.objects.values_list("about", flat=True))
    issued = set(Document.objects.filter(number__isnull=False).values_list("number__about", flat=True))
    for about in sorted((issued & charged) - paid):
        yield f"document: {about} has one and its fee is not paid"


def told(findings: Iterable[str]) -> dict[str, list[str]]:
    """By their first word, a few of each."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        kinds[finding.partition(":")[0]].append(finding)
    return kinds


def certificate(seen: Outside, home: Path) -> list[str]:
    """Close the days of the run, and let the offline auditor's program judge them; what it certifies is then held against the outside."""
    from datetime import timedelta

    from cryptography import x509
    from django.utils import timezone

    from hukumati.domain.ledger import certificates, verification
    from hukumati.kernel.actor import system
    from hukumati.kernel.calendar import HEBRON

    folder, last = home / "certificates", {}
    folder.mkdir()
    _let_today_be_over()
    midnight = timezone.now().astimezone(HEBRON).replace(hour=0, minute=0) + timedelta(days=1)
    for day in ledger.close_days(by=system("faults"), at=midnight + timedelta(hours=1)):
        signed = ledger.find_certificate(day)
        (folder / f"certificate-{day}.json").write_bytes(signed.file())
        (folder / f"postings-{day}.jsonl").write_bytes(b"".join(ledger.export_postings(day)))
        last = certificates.body_of(signed)
        anchor = x509.load_der_x509_certificate(signed.chain[-1])
    if not last:
        return ["certificate: no day was certified"]
    found = [f"certificate: {fault}" for fault in verification.judge_folder(folder, trusted=anchor).faults]
    for currency in ("ILS", "JOD", "USD"):
        kinds = last["standing"].get(currency, {})
        held = sum(kinds.get(kind, 0) for kind in ("provider", "drawer", "bank", "provider_fees"))
        there = seen.money_in[currency] - seen.money_back[currency]
        if held != there:
            found.append(f"certificate: {currency} {held} is certified, and the outside holds {there}")
    return found


def _let_today_be_over() -> None:
    """A day that still runs cannot be closed; the run has no time to wait for midnight, so this one session looks away."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO ledger_closedday (day, closed_at) SELECT DISTINCT day, now() FROM ledger_postingline ON CONFLICT DO NOTHING"
        )
