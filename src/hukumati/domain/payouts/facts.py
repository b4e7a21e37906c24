"""What payouts speaks in: registered accounts, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.kernel.money import Money


@dataclass(frozen=True, slots=True)
class BeneficiaryFacts:
    """An institution's account to which its fees are remitted, and which article of which instrument names it."""

    reference: str
    institution: str
    iban: str
    currency: str
    instrument: str
    article: str
    valid_from: date
    ended_on: date | None
    """The first day on which it takes nothing any more."""
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None


class PayoutState(StrEnum):
    """How far an order came. `ended`: the bank has said of every line what became of it."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    APPROVED = "approved"
    SENT = "sent"
    ACCEPTED = "accepted"
    ENDED = "ended"


class LineState(StrEnum):
    """`paid` once the bank has booked it, `refused` once it said that it will not, `returned` once it brought it back."""

    ORDERED = "ordered"
    PAID = "paid"
    REFUSED = "refused"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class PaidFrom:
    """The State's account that an order draws on."""

    id: str
    iban: str
    currency: str
    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """What an institution has earned by the end of a day and did not get yet. `beneficiary` is None when no account is registered.

    `payable` is what it can get today: all of it, or its share of what the bank holds when that is less than is due.
    """

    institution: str
    amount: Money
    beneficiary: BeneficiaryFacts | None
    payable: Money


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What could be paid out today: the fees earned until the end of `earned_until`, and what the account holds beyond what is ordered."""

    account: PaidFrom
    earned_until: date | None
    available: Money
    due: tuple[Due, ...]

    @property
    def payable(self) -> tuple[Due, ...]:
        return tuple(one for one in self.due if one.payable.amount_minor > 0)

    @property
    def is_short(self) -> bool:
        """Whether more is due to institutions with an account than the bank holds for them."""
        return any(one.payable < one.amount for one in self.due if one.beneficiary is not None)


@dataclass(frozen=True, slots=True)
class PayoutLineFacts:
    """What one institution gets, and what became of it."""

    reference: str
    institution: str
    beneficiary: str
    iban: str
    amount: Money
    state: LineState
    reason: str
    paid_on: date | None
    entry: str


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """One order to the bank."""

    reference: str
    account: str
    iban: str
    earned_until: date
    pays_on: date
    total: Money
    lines: tuple[PayoutLineFacts, ...]
    state: PayoutState
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_words: str
    sent_at: datetime | None
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class SettlementTime:
    """How many days passed between a fee's day and the day on which the institution had it, each fee weighed by its sum."""

    institution: str
    days: float
    amount: Money


@dataclass(frozen=True, slots=True)
class PayoutsFault:
    """What the checker found: a stable code, where, and what."""

    code: str
    where: str
    found: str = ""


@dataclass(eq=False)
class PayoutsTreasurerOnly(Refused):
    code: ClassVar[str] = "payouts.treasurer_only"


@dataclass(eq=False)
class BeneficiaryIncomplete(Refused):
    """`field` is what is missing or no such thing: iban, currency, institution, instrument, article, ended_on."""

    field: str
    code: ClassVar[str] = "payouts.beneficiary_incomplete"


@dataclass(eq=False)
class BeneficiaryNotFound(Refused):
    code: ClassVar[str] = "payouts.beneficiary_not_found"


@dataclass(eq=False)
class BeneficiaryTakesTwo(Refused):
    """Whoever proposed an account does not approve it, under no login of theirs."""

    code: ClassVar[str] = "payouts.beneficiary_takes_two"


@dataclass(eq=False)
class BeneficiaryDecided(Refused):
    """It was approved, or ended, already."""

    code: ClassVar[str] = "payouts.beneficiary_decided"


@dataclass(eq=False)
class BeneficiaryOverlaps(Refused):
    """The institution has another account of this currency for some of these days."""

    code: ClassVar[str] = "payouts.beneficiary_overlaps"


@dataclass(eq=False)
class PayoutNotFound(Refused):
    code: ClassVar[str] = "payouts.payout_not_found"


@dataclass(eq=False)
class PayoutAlreadyWaits(Refused):
    """An order of this currency waits for a second person."""

    payout: str
    code: ClassVar[str] = "payouts.payout_already_waits"


@dataclass(eq=False)
class PayoutTakesTwo(Refused):
    code: ClassVar[str] = "payouts.payout_takes_two"


@dataclass(eq=False)
class PayoutDecided(Refused):
    code: ClassVar[str] = "payouts.payout_decided"


@dataclass(eq=False)
class NothingToPayOut(Refused):
    """No institution with a registered account has earned anything that it did not get."""

    code: ClassVar[str] = "payouts.nothing_to_pay_out"


@dataclass(eq=False)
class PayoutExceedsBank(Refused):
    """The account holds less for institutions by now than was proposed."""

    available: Money
    code: ClassVar[str] = "payouts.exceeds_bank"


@dataclass(eq=False)
class PayoutStale(Refused):
    """Since it was proposed, an institution's due or account has changed: it is proposed anew."""

    institution: str
    code: ClassVar[str] = "payouts.payout_stale"


@dataclass(eq=False)
class PayoutWordsMissing(Refused):
    code: ClassVar[str] = "payouts.words_missing"


@dataclass(eq=False)
class StatusMalformed(Refused):
    """What the bank sent is no status report that we understand."""

    why: str
    code: ClassVar[str] = "payouts.status_malformed"
