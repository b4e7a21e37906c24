"""Judging certificates where there is no database: signatures, the chain, the sums, and every figure when the day's postings are at hand.

A folder holds `certificate-<day>.json` and, for the days to be computed again, `postings-<day>.jsonl`. What is wrong is said in plain words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.ledger import certificates
from hukumati.domain.ledger.certificates import CertificateUnreadableError, Signed, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cryptography.x509 import Certificate

LINE_BYTES_MAX: Final = 1_000_000
UNREADABLE: Final = (
    CertificateUnreadableError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)
"""What a file that is none of ours ends in; whatever it holds, it is told in words."""
FIGURES: Final = {
    "postings": "the postings' number or digest",
    "accounts": "what an account moved or holds",
    "fees": "what a fee received or gave back",
    "standing": "what the accounts hold together",
}


@dataclass(slots=True)
class Judgement:
    """What was read, and what is wrong; no fault is the only good answer."""

    days: int = 0
    recomputed: int = 0
    postings: int = 0
    faults: list[str] = field(default_factory=list)
    first: date | None = None
    last: date | None = None


def judge_folder(folder: Path, *, trusted: Certificate) -> Judgement:
    """Every certificate of a folder, oldest first."""
    judgement, before = Judgement(), None
    for path in sorted(folder.glob("certificate-*.json")):
        try:
            before = _judge(path, before, judgement, trusted=trusted)
        except UNREADABLE:
            judgement.faults.append(f"{path.name}: this is not a certificate of the books")
            before = None
    if not judgement.days and not judgement.faults:
        judgement.faults.append(f"{folder}: there is no certificate-<day>.json here")
    return judgement


def _judge(path: Path, before: Signed | None, judgement: Judgement, *, trusted: Certificate) -> Signed:
    """One certificate, and its day's postings if they are there. Raises one of UNREADABLE for what is none."""
    signed = _read(path)
    day = date.fromisoformat(certificates.body_of(signed)["day"])
    faults = [f"{path.name}: {fault}" for fault in _faults(signed, before, trusted=trusted)]
    export = path.parent / f"postings-{day}.jsonl"
    if export.exists():
        faults += [f"{export.name}: {fault}" for fault in _recompute(signed, before, export, judgement)]
        judgement.recomputed += 1
    judgement.days += 1
    judgement.first, judgement.last = judgement.first or day, day
    judgement.faults += faults
    return signed


def _read(path: Path) -> Signed:
    if path.stat().st_size > certificates.FILE_BYTES_MAX:
        raise CertificateUnreadableError
    return certificates.read(path.read_bytes())


def _faults(signed: Signed, before: Signed | None, *, trusted: Certificate) -> Iterator[str]:
    body = certificates.body_of(signed)
    if not certificates.is_signed_by(signed, trusted):
        yield "the signature does not hold: somebody changed it, or another key signed it"
    if before is not None:
        yield from _chain_faults(body, before)
    yield from _sum_faults(body)


def _chain_faults(body: dict[str, Any], before: Signed) -> Iterator[str]:
    earlier = certificates.body_of(before)
    expected = date.fromisoformat(earlier["day"]) + timedelta(days=1)
    if body["day"] != expected.isoformat():
        yield f"{expected} is missing before it"
    elif body["previous"] != before.digest:
        yield f"it does not follow the certificate of {earlier['day']}: one of the two was replaced"
    held = {(row["account"], row["currency"]): row["closing"] for row in earlier["accounts"]}
    for row in body["accounts"]:
        if held.get((row["account"], row["currency"]), row["opening"]) != row["opening"]:
            yield f"{row['account']} opens with {row['opening']}, but ended the day before with {held[row['account'], row['currency']]}"


def _sum_faults(body: dict[str, Any]) -> Iterator[str]:
    for row in body["accounts"]:
        if row["opening"] + row["debit"] - row["credit"] != row["closing"]:
            yield f"{row['account']}: opening, debit and credit do not give its closing"
    for currency, kinds in body["standing"].items():
        if total := sum(kinds.values()):
            yield f"all accounts in {currency} together hold {total}, and must hold 0"


def _recompute(signed: Signed, before: Signed | None, export: Path, judgement: Judgement) -> Iterator[str]:
    """Every figure again, from the postings. The openings are the certificate's own: the chain has judged them."""
    told, tally = certificates.body_of(signed), Tally()
    try:
        for place, posting in enumerate(_postings(export), 1):
            if fault := _posting_fault(posting):
                yield f"line {place}: {fault}"
                return
            tally.add(posting)
    except UNREADABLE:
        yield f"line {tally.count + 1}: this is not a posting"
        return
    judgement.postings += tally.count
    opening = {(row["account"], row["currency"]): row["opening"] for row in told["accounts"]}
    again = certificates.body(tally, day=date.fromisoformat(told["day"]), before=before, opening=opening)
    for name, words in FIGURES.items():
        if name == "standing" and before is None and told["previous"]:
            continue  # it counts on from a day that is not here
        if again[name] != told[name]:
            yield f"{words} differs from the certificate"


def _postings(export: Path) -> Iterator[dict[str, Any]]:
    with export.open("rb") as lines:
        while line := lines.readline(LINE_BYTES_MAX):
            yield json.loads(line)


def _posting_fault(posting: dict[str, Any]) -> str:
    if sum(line["amount"] for line in posting["lines"]):
        return f"{posting['reference']} does not balance"
    return ""
