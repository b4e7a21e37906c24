"""What payments speaks in: charges, attempts, receipts, refunds, drawers, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ChargeLine
    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


class Way(StrEnum):
    """How somebody pays."""

    CARD = "card"
    CASH = "cash"


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
    service_name: Text
    beneficiary: str
    lines: tuple[ChargeLine, ...]
    total: Money
    state: ChargeState
    raised_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    receipt_reference: str


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """One try to pay a charge."""

    reference: str
    charge_reference: str
    way: Way
    state: AttemptState
    amount: Money
    started_at: datetime
    settled_at: datetime | None
    expires_at: datetime | None
    cash_code: str
    reason: str
    card_last_four: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """Where the payer goes on: the provider's page, or a code to show at a counter."""

    attempt_reference: str
    redirect_url: str = ""
    cash_code: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Proof of payment. `number` is gap-free in its year."""

    reference: str
    number: str
    charge_reference: str
    about: str
    payer_account_id: int
    service_name: Text
    beneficiary: str
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

    `code` is what the payer says at the cash desk; it is filled only in the answer that made it: it is stored nowhere in plain.
    """

    reference: str
    charge_reference: str
    about: str
    amount: Money
    way: Way
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
    """One cashier's cash, from opening to count. `expected` is what the ledger says; empty while open, so that the count is blind."""

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


@dataclass(frozen=True, slots=True)
class PaymentsFault:
    """What the checker found: a stable code, where, and what."""

    code: str
    where: str
    found: str = ""


@dataclass(eq=False)
class ChargeNotFound(Refused):
    code: ClassVar[str] = "payments.charge_not_found"


@dataclass(eq=False)
class ReceiptNotFound(Refused):
    code: ClassVar[str] = "payments.receipt_not_found"


@dataclass(eq=False)
class RefundNotFound(Refused):
    code: ClassVar[str] = "payments.refund_not_found"


@dataclass(eq=False)
class NothingToPay(Refused):
    """A charge needs at least one line, and a total above zero in one currency."""

    code: ClassVar[str] = "payments.nothing_to_pay"


@dataclass(eq=False)
class ChargeAlreadyOpen(Refused):
    """Another charge about the same thing still waits to be paid."""

    charge: str
    code: ClassVar[str] = "payments.charge_already_open"


@dataclass(eq=False)
class FeeAlreadyPaid(Refused):
    receipt: str
    code: ClassVar[str] = "payments.fee_already_paid"


@dataclass(eq=False)
class ChargeVoid(Refused):
    charge: str
    code: ClassVar[str] = "payments.charge_void"


@dataclass(eq=False)
class ChargeExpired(Refused):
    charge: str
    code: ClassVar[str] = "payments.charge_expired"


@dataclass(eq=False)
class NotPaid(Refused):
    """Nothing was paid, so nothing can go back."""

    charge: str
    code: ClassVar[str] = "payments.not_paid"


@dataclass(eq=False)
class RefundTooLarge(Refused):
    asked: Money
    left: Money
    code: ClassVar[str] = "payments.refund_too_large"


@dataclass(eq=False)
class ProviderUnavailable(Refused):
    """The provider does not answer just now. The attempt is kept, and trying again goes on with it."""

    way: Way
    code: ClassVar[str] = "payments.provider_unavailable"


@dataclass(eq=False)
class CashCodeMalformed(Refused):
    """Not eight digits, or the last does not fit the others: mistyped."""

    code: ClassVar[str] = "payments.cash_code_malformed"


@dataclass(eq=False)
class CashCodeUnknown(Refused):
    code: ClassVar[str] = "payments.cash_code_unknown"


@dataclass(eq=False)
class CashierOnly(Refused):
    """Only a cashier takes cash, and only into the drawer that is theirs."""

    code: ClassVar[str] = "payments.cashier_only"


@dataclass(eq=False)
class DrawerAlreadyOpen(Refused):
    drawer: str
    code: ClassVar[str] = "payments.drawer_already_open"


@dataclass(eq=False)
class DrawerClosed(Refused):
    drawer: str
    code: ClassVar[str] = "payments.drawer_closed"


@dataclass(eq=False)
class DrawerNotFound(Refused):
    code: ClassVar[str] = "payments.drawer_not_found"


@dataclass(eq=False)
class DrawerTooEmpty(Refused):
    """The drawer holds less than is to be paid out."""

    amount: Money
    code: ClassVar[str] = "payments.drawer_too_empty"


@dataclass(eq=False)
class RefundNotForCash(Refused):
    """Not promised any more, or its money came another way and goes back that way."""

    refund: str
    code: ClassVar[str] = "payments.refund_not_for_cash"


@dataclass(eq=False)
class RefundByYourself(Refused):
    """Whoever promised it does not pay it out."""

    refund: str
    code: ClassVar[str] = "payments.refund_by_yourself"


@dataclass(eq=False)
class RefundCodeWrong(Refused):
    """Another code than the payer's."""

    tries_left: int
    code: ClassVar[str] = "payments.refund_code_wrong"


@dataclass(eq=False)
class RefundCodeDead(Refused):
    """The code died of wrong tries, or none was made yet; the payer asks for a new one."""

    code: ClassVar[str] = "payments.refund_code_dead"


@dataclass(eq=False)
class TooManyRefundCodes(Refused):
    """The payer has asked for several codes today."""

    codes_max: int
    code: ClassVar[str] = "payments.too_many_refund_codes"


@dataclass(eq=False)
class TreasurerOnly(Refused):
    """Money goes back by the treasury's hands only."""

    code: ClassVar[str] = "payments.treasurer_only"


@dataclass(eq=False)
class RefundProposalNotFound(Refused):
    code: ClassVar[str] = "payments.refund_proposal_not_found"


@dataclass(eq=False)
class RefundProposalDecided(Refused):
    """Somebody else has decided meanwhile."""

    code: ClassVar[str] = "payments.refund_proposal_decided"


@dataclass(eq=False)
class RefundAlreadyProposed(Refused):
    """Another proposal for this charge waits for its second person."""

    proposal: str
    code: ClassVar[str] = "payments.refund_already_proposed"


@dataclass(eq=False)
class ApprovesOwnProposal(Refused):
    """Nobody approves what they proposed, under whichever of their accounts; nor a refund to themselves."""

    code: ClassVar[str] = "payments.approves_own_proposal"


@dataclass(eq=False)
class WordsMissing(Refused):
    code: ClassVar[str] = "payments.words_missing"


@dataclass(eq=False)
class CountInvalid(Refused):
    """A count or float below zero, or beyond what a drawer holds."""

    code: ClassVar[str] = "payments.count_invalid"


@dataclass(eq=False)
class NoticeForged(Refused):
    """Not signed by the provider, or signed too long ago. Recorded; changes nothing."""

    code: ClassVar[str] = "payments.notice_forged"


@dataclass(eq=False)
class NoticeMalformed(Refused):
    """Signed by the provider, but not a notice."""

    code: ClassVar[str] = "payments.notice_malformed"


@dataclass(eq=False)
class NoticeTooLarge(Refused):
    code: ClassVar[str] = "payments.notice_too_large"
