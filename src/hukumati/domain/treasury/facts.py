"""What treasury speaks in: bank files and entries, settlements, differences, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


class FileKind(StrEnum):
    """A statement (camt.053) says what a bank booked on a day and what stood before and after; a notice (camt.054) tells single entries earlier."""

    STATEMENT = "statement"
    NOTICE = "notice"


class MatchKind(StrEnum):
    """What an entry on a bank account is, as far as we know."""

    SETTLEMENT = "settlement"
    DEPOSIT = "deposit"
    TRANSFER = "transfer"
    """A fee, by the reference that its payer was given."""
    PAYOUT = "payout"
    """What we ordered to be paid, or what came back of it, by the line's reference."""
    SUSPENSE = "suspense"


class DifferenceKind(StrEnum):
    """How two of bank, provider and books disagree."""

    MISSING_SETTLEMENT = "missing_settlement"
    """We hold a payment for paid; the provider's lists do not have it, days later."""
    UNKNOWN_SETTLEMENT = "unknown_settlement"
    """The provider's list has a payment or refund that we do not know as paid or given back."""
    DUPLICATE_SETTLEMENT = "duplicate_settlement"
    """The provider's lists have one payment or refund more than once."""
    SETTLED_AMOUNT = "settled_amount"
    """Provider and books know one payment or refund by different amounts."""
    PROVIDER_FEE = "provider_fee"
    """The provider kept another fee than was agreed."""
    MISSING_IN_BANK = "missing_in_bank"
    """A provider's day, or a drawer's cash, has not come to the bank by the agreed day."""
    BANKED_AMOUNT = "banked_amount"
    """It came to the bank with another amount."""
    UNKNOWN_ENTRY = "unknown_entry"
    """The bank booked what fits nothing: it stands in suspense."""
    UNASKED_PAYMENT = "unasked_payment"
    """A provider confirmed another payment than it was asked for: what came stands in suspense."""
    UNDECIDED_PAYMENT = "undecided_payment"
    """A provider has not said for days how a payment ended."""
    UNDECIDED_REFUND = "undecided_refund"
    """A provider has neither confirmed nor refused a refund for days."""
    STATEMENT_GAP = "statement_gap"
    """A statement does not begin where the one before it ended."""


class ClearingKind(StrEnum):
    """What money in suspense turns out to be."""

    SETTLEMENT = "settlement"
    """A provider's day, as `card:2026-11-25`."""
    DEPOSIT = "deposit"
    """The cash of a closed drawer, by its reference."""
    RETURNED = "returned"
    """It went back, or came back: another entry in suspense has the opposite amount; that difference's reference."""
    GIVEN_BACK = "given_back"
    """It goes back to whoever paid, through the provider; the attempt's reference."""


CLEARS: Final = {
    DifferenceKind.UNKNOWN_ENTRY: (ClearingKind.SETTLEMENT, ClearingKind.DEPOSIT, ClearingKind.RETURNED),
    DifferenceKind.UNASKED_PAYMENT: (ClearingKind.GIVEN_BACK,),
}
"""Kinds of differences about money in suspense, and what it can turn out to be. Two people say it; a comparison never answers them."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the State at a bank, and which providers pay into it."""

    id: str
    iban: str
    currency: str
    name: Text
    collects: tuple[str, ...]
    takes_transfers: bool = False
    """Citizens are told to pay fees into this one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with a provider: when its day comes to the bank, and what it keeps (basis points of each payment)."""

    provider: str
    settles_within_days: int
    fee_basis_points: int
    pays_from: tuple[str, ...] = ()
    """Its accounts (IBAN), when it told them: a text is written by anybody, money comes from somewhere."""


@dataclass(frozen=True, slots=True)
class RefusedFacts:
    """A file of the bank's that could not be believed, and why."""

    name: str
    digest: str
    why: str
    where: str
    found: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class LastList:
    """The last day that a provider's list told of, and when it came."""

    on: date
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked entry of a bank file. Positive came in. `reference` is the bank's own, unique on its account."""

    reference: str
    amount_minor: int
    booked_on: date
    value_on: date | None
    remittance: str
    end_to_end: str
    counterparty: str
    counterparty_iban: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement or notice of one account. Balances are None in a notice."""

    kind: FileKind
    statement_id: str
    iban: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    opened_on: date | None
    closed_on: date | None
    entries: tuple[Entry, ...]
    not_booked: int = 0
    """Entries that are only pending or told for information: left out until they are booked."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A bank file as it was taken."""

    reference: str
    name: str
    kind: FileKind
    digest: str
    received_at: datetime
    received_by: str
    entries: int
    new_entries: int
    seen_before: bool = False


@dataclass(frozen=True, slots=True)
class DifferenceFacts:
    """What differs, since when, by when it is to be answered, and how it was."""

    reference: str
    kind: DifferenceKind
    about: str
    where: str
    expected: Money | None
    found: Money | None
    found_at: datetime
    due_on: date
    evidence: Mapping[str, Any]
    resolved_at: datetime | None
    resolved_by: str
    resolution: str


@dataclass(frozen=True, slots=True)
class ClearingFacts:
    """What one treasurer proposes that money in suspense is, and what another says to it."""

    difference: str
    kind: ClearingKind
    target: str
    words: str
    proposed_by: str
    proposed_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None
    decision_words: str


@dataclass(frozen=True, slots=True)
class AccountToday:
    """A bank account: what the last statement and what the ledger says, and their difference, which must be nothing."""

    account: BankAccount
    stated: Money | None
    stated_on: date | None
    booked: Money
    unexplained: Money | None


@dataclass(frozen=True, slots=True)
class ProviderToday:
    """What lies with a provider: money that citizens paid and that has not come to the bank, less refunds."""

    provider: str
    held: Money
    oldest_on: date | None
    """The day of the oldest settlement that has not come to the bank."""
    fees: Money


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement, as the pure comparison finds it; kept as a difference. The same kind about the same thing is the same finding."""

    kind: DifferenceKind
    about: str
    where: str
    currency: str
    expected_minor: int | None = None
    found_minor: int | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TreasuryFault:
    """What must never be: `where` is the currency or the attempt."""

    code: str
    where: str
    found: str


@dataclass(eq=False)
class TreasurerOnly(Refused):
    code: ClassVar[str] = "treasury.treasurer_only"


@dataclass(eq=False)
class BankFileRefused(Refused):
    """A bank file that cannot be believed. `why` is stable; `where` names the statement and entry; `found` is what stands there."""

    why: str
    where: str = ""
    found: str = ""
    code: ClassVar[str] = "treasury.bank_file_refused"


@dataclass(eq=False)
class DifferenceNotFound(Refused):
    code: ClassVar[str] = "treasury.difference_not_found"


@dataclass(eq=False)
class DifferenceResolved(Refused):
    """Somebody, or a later file, has answered it already."""

    code: ClassVar[str] = "treasury.difference_resolved"


@dataclass(eq=False)
class ReasonMissing(Refused):
    code: ClassVar[str] = "treasury.reason_missing"


@dataclass(eq=False)
class StillInSuspense(Refused):
    """Words move no money: what stands in suspense is cleared by two people."""

    code: ClassVar[str] = "treasury.still_in_suspense"


@dataclass(eq=False)
class NothingToClear(Refused):
    """The difference is not about money in suspense, or nobody proposes anything about it."""

    code: ClassVar[str] = "treasury.nothing_to_clear"


@dataclass(eq=False)
class TargetUnknown(Refused):
    """No such day of a provider that pays in here, closed drawer, or open entry of the opposite amount."""

    code: ClassVar[str] = "treasury.target_unknown"


@dataclass(eq=False)
class ClearingWaits(Refused):
    """Somebody proposes something about it already."""

    code: ClassVar[str] = "treasury.clearing_waits"


@dataclass(eq=False)
class ClearsOwnProposal(Refused):
    """Nobody decides what they proposed, under whichever of their accounts."""

    code: ClassVar[str] = "treasury.clears_own_proposal"
