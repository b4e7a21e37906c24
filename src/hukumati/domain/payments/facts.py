"""What payments speaks in: charges, attempts, receipts, refunds, drawers. The refusals stand in refusals.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ChargeLine
    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


class Way(StrEnum):
    """How somebody pays."""

    CARD = "card"
    WALLET = "wallet"
    TRANSFER = "transfer"
    CASH = "cash"
    TERMINAL = "terminal"
    """A card on the terminal of a counter."""


class ChargeState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    EXPIRED = "expired"


class AttemptState(StrEnum):
    """`paid` is final. `unknown` waits for a person: the provider's word does not fit what was asked, or never came."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class RefundState(StrEnum):
    """`sent` is written only after the provider took it, `confirmed` only after the provider said that it went back."""

    PROMISED = "promised"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class RefundCause(StrEnum):
    PAID_TWICE = "paid_twice"
    CHARGE_VOID = "charge_void"
    CHARGE_EXPIRED = "charge_expired"
    BY_STAFF = "by_staff"
    CASE_REFUSED = "case_refused"
    UNASKED = "unasked"
    """A provider confirmed another payment than it was asked for."""


class RefundWhy(StrEnum):
    """Why an employee proposes to give a fee back; the words beside it say the rest."""

    CHARGED_WRONGLY = "charged_wrongly"
    SERVICE_NOT_GIVEN = "service_not_given"
    PROMISE_MISSED = "promise_missed"
    COMPLAINT_UPHELD = "complaint_upheld"
    COURT_ORDER = "court_order"
    OTHER = "other"


class Decision(StrEnum):
    """What another person said to a proposal; nothing yet is the empty text."""

    APPROVED = "approved"
    REJECTED = "rejected"


class NoticeOutcome(StrEnum):
    """What became of a notice in the inbox."""

    WAITING = "waiting"
    APPLIED = "applied"
    MISMATCHED = "mismatched"
    UNKNOWN_REFERENCE = "unknown_reference"
    FORGED = "forged"
    MALFORMED = "malformed"


class DrawerState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """What somebody owes for one case. Its lines are a snapshot: a later tariff does not touch them."""

    reference: str
    about: str
    payer_account_id: int
    service: str
    """The service's name in the catalogue; empty of a fee that belongs to none."""
    service_name: Text
    beneficiary: Text
    """Whom it is for, in both languages; empty when it is for nobody in particular."""
    lines: tuple[ChargeLine, ...]
    total: Money
    state: ChargeState
    raised_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    receipt_reference: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """One try to pay a charge. `provider` is who was asked for it, empty when none is behind its way; `payer_mobile` whose telephone it asked.

    `is_begun`: the payer has something to go on with, be it a page, a code or a telephone that was asked.
    """

    reference: str
    charge_reference: str
    way: Way
    provider: str
    state: AttemptState
    amount: Money
    started_at: datetime
    settled_at: datetime | None
    expires_at: datetime | None
    pay_code: str
    reason: str
    card_last_four: str
    payer_mobile: str
    is_begun: bool


@dataclass(frozen=True, slots=True)
class SuspendedFacts:
    """A payment that a provider confirmed otherwise than it was asked for. `held` stands in suspense; None when its currency is none of ours."""

    attempt_reference: str
    charge_reference: str
    provider: str
    asked: Money
    held: Money | None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Where the payer goes on: the provider's page, or a code to take elsewhere; with neither, on the telephone."""

    attempt_reference: str
    redirect_url: str = ""
    pay_code: str = ""


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What the slip of a card terminal says: the terminal's number, the retrieval reference number (12 digits), the bank's authorisation (6)."""

    terminal: str
    number: str
    authorisation: str
    card_last_four: str


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Proof of payment. `number` is gap-free in its year."""

    reference: str
    number: str
    charge_reference: str
    about: str
    payer_account_id: int
    service_name: Text
    beneficiary: Text
    """Whom it is for, in both languages; empty when it is for nobody in particular."""
    lines: tuple[ChargeLine, ...]
    total: Money
    way: Way
    card_last_four: str
    office: str
    paid_at: datetime
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """Money promised back, and how far it came.

    `in_cash`: it is handed out at a counter; `at_counter`: it is given back there, in cash or on the terminal. `code` is what the payer says at the cash desk; it is filled only in the answer that made it: it is stored nowhere in plain.
    """

    reference: str
    charge_reference: str
    about: str
    amount: Money
    way: Way
    in_cash: bool
    at_counter: bool
    state: RefundState
    cause: RefundCause
    reason: str
    promised_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    code_tries_left: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class RefundProposalFacts:
    """What one employee proposes to give back, and what another said to it. Until then nothing is promised to anybody."""

    reference: str
    charge_reference: str
    about: str
    service_name: Text
    paid: Money
    amount: Money
    why: RefundWhy
    words: str
    proposed_by: str
    proposed_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None
    decision_words: str
    refund_reference: str


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What arrived at our callback address, byte for byte, and what became of it."""

    provider: str
    notice_id: str
    kind: str
    received_at: datetime
    verified: bool
    outcome: NoticeOutcome
    body: bytes


@dataclass(frozen=True, slots=True)
class DrawerFacts:
    """One cashier's cash, from opening to count. `expected` is what the ledger says; empty while open, so that the count is blind.

    `slips` is what the slips beside it come to, `slips_counted` the terminal's own total; None when there were none, or while it is open.
    """

    reference: str
    cashier: str
    office: str
    state: DrawerState
    floated: Money
    opened_at: datetime
    closed_at: datetime | None
    counted: Money | None
    expected: Money | None
    variance: Money | None
    slips: Money | None = None
    slips_counted: Money | None = None

    @property
    def slips_variance(self) -> Money | None:
        if self.slips is None or self.slips_counted is None:
            return None
        return self.slips_counted - self.slips


@dataclass(frozen=True, slots=True)
class PaymentsFault:
    """What the checker found: a stable code, where, and what."""

    code: str
    where: str
    found: str = ""
