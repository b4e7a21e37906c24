"""Comparing, as plain values: a provider's day with what the books hold for paid, and a bank's entry with what was expected of it.

The same facts give the same findings in whatever order they arrive: an entry is matched by the day or drawer that it names, never by a likeness of sums.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from hukumati.domain.treasury.facts import DifferenceKind, Finding, MatchKind
from hukumati.kernel import creditor_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hukumati.domain.treasury.facts import Entry, Terms

ANSWER_WITHIN_DAYS: Final = 3
"""Working days in which somebody answers for a difference."""
SETTLEMENT: Final = re.compile(r"\bSETTLEMENT ([a-z_]{2,20}) (20\d\d-\d\d-\d\d)\b")
DRAWER: Final = re.compile(r"\b(S-20\d\d-[2-9A-HJ-NP-Z]{8})\b")
PAYOUT: Final = re.compile(r"\b(BL-20\d\d-[2-9A-HJ-NP-Z]{8})\b")
REFUND: Final = "refund"
PAYMENT: Final = "payment"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a provider's list. `reference` is ours: the attempt's, or the refund's."""

    kind: str
    reference: str
    amount_minor: int
    fee_minor: int
    currency: str

    @property
    def net_minor(self) -> int:
        return (-self.amount_minor if self.kind == REFUND else self.amount_minor) - self.fee_minor


def expected_fee(amount_minor: int, terms: Terms) -> int:
    """What the provider may keep of a payment: a share, rounded to the nearest minor unit, halves up."""
    return (amount_minor * terms.fee_basis_points + 5_000) // 10_000


def judge_lines(
    lines: Sequence[Line], *, held: Mapping[tuple[str, str], tuple[int, str]], terms: Terms, where: str
) -> list[Finding]:
    """What a provider's day says otherwise than the books. `held` is what we hold for paid or given back: (kind, reference) to amount and currency."""
    times = Counter((line.kind, line.reference) for line in lines)
    found = []
    for line in {(line.kind, line.reference): line for line in lines}.values():
        about, ours = f"{line.kind}:{line.reference}", held.get((line.kind, line.reference))
        if times[line.kind, line.reference] > 1:
            twice = line.amount_minor * times[line.kind, line.reference]
            found.append(_finding(DifferenceKind.DUPLICATE_SETTLEMENT, about, where, line, line.amount_minor, twice))
        if ours is None:
            found.append(_finding(DifferenceKind.UNKNOWN_SETTLEMENT, about, where, line, 0, line.amount_minor))
        elif ours != (line.amount_minor, line.currency):
            found.append(_finding(DifferenceKind.SETTLED_AMOUNT, about, where, line, ours[0], line.amount_minor))
        fee = expected_fee(line.amount_minor, terms) if line.kind == PAYMENT else 0
        if line.fee_minor != fee:
            found.append(_finding(DifferenceKind.PROVIDER_FEE, about, where, line, fee, line.fee_minor))
    return found


def _finding(kind: DifferenceKind, about: str, where: str, line: Line, expected: int, found: int) -> Finding:
    return Finding(kind, about, where, line.currency, expected, found, {"line": line.reference, "kind": line.kind})


def net_of(lines: Iterable[Line]) -> tuple[int, int, int]:
    """Gross of payments less refunds, fees, and what should come to the bank."""
    gross = fees = 0
    for line in lines:
        gross += line.net_minor + line.fee_minor
        fees += line.fee_minor
    return gross, fees, gross - fees


def provider_day(about: str) -> tuple[str, date] | None:
    """Provider and day of `card:2026-11-25`; None when that is no day, or is written otherwise."""
    provider, _, said = about.partition(":")
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return (provider, day) if about == f"{provider}:{day}" else None


def named_by(entry: Entry) -> tuple[MatchKind, str]:
    """What the bank's text names: a fee, a provider's day, a drawer, or nothing that we know."""
    text = f"{entry.remittance} {entry.end_to_end}"
    if code := creditor_reference.find_in(text):
        return MatchKind.TRANSFER, code
    if payout := PAYOUT.search(entry.end_to_end):
        return MatchKind.PAYOUT, payout[1]
    settlement = SETTLEMENT.search(text)
    if settlement and provider_day(about := f"{settlement[1]}:{settlement[2]}"):
        return MatchKind.SETTLEMENT, about
    if drawer := DRAWER.search(text):
        return MatchKind.DEPOSIT, drawer[1]
    return MatchKind.SUSPENSE, ""
