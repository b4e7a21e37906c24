"""What payments asks of a provider. An adapter translates; it never changes our state and never shows a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


class ProviderUnreachableError(Exception):
    """The provider did not answer, or answered what cannot be understood. Nothing is known; ask again."""


class PayerUnknownError(Exception):
    """The provider has no such payer, so this payment can never be made there. Nothing was begun. The text is a code of ours, like `no_wallet`."""


class SignatureInvalidError(Exception):
    """Not the provider's signature, or outside the window of time."""


class NoticeUnreadableError(Exception):
    """The signature holds, and what it signs is not a notice."""


class Told(StrEnum):
    """What the provider says about a payment."""

    WAITING = "waiting"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNHEARD_OF = "unheard_of"


class RefundTold(StrEnum):
    """What the provider says about a refund."""

    TAKEN = "taken"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be paid, and where the payer comes back to. `reference` is the attempt's: the same one is the same payment, always.

    `payer_mobile` (E.164) is whose telephone is asked, for the ways that ask one. `pay_until` is when the provider's page may close, for a provider
    that lets us say; the same for the same reference.
    """

    reference: str
    amount: Money
    description: Text
    language: str
    return_url: str
    payer_mobile: str = ""
    pay_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that the provider knows now. `redirect_url` is its page; empty when it asks the payer's telephone instead."""

    payment_id: str
    expires_at: datetime
    redirect_url: str = ""


@dataclass(frozen=True, slots=True)
class AttemptRef:
    """How the provider knows an attempt. `payment_id` is empty when its answer to the start was lost.

    `capture_id` is what it calls the money that came in, where that is another name, told by a notice and needed for a refund.
    """

    reference: str
    payment_id: str = ""
    capture_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The provider's word on one payment. `amount_minor` and `currency` are its figures, not ours, in whatever currency it says."""

    told: Told
    reference: str = ""
    payment_id: str = ""
    amount_minor: int = 0
    currency: str = ""
    paid_at: datetime | None = None
    reason: str = ""
    card_last_four: str = ""
    redirect_url: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """The provider's word on one refund."""

    told: RefundTold
    refund_id: str
    refund_reference: str
    amount_minor: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RawNotice:
    """Bytes that somebody sent to our callback address. Header names are lower-case."""

    body: bytes
    headers: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeWord:
    """A notice whose signature holds: what it is about, and what it claims. Believed only after asking back.

    `refund_told` is set where the provider's contract has no way to ask about a refund: then the notice is its word. `capture_id`: see AttemptRef.
    """

    notice_id: str
    kind: str
    reference: str
    payment_id: str
    amount_minor: int
    currency: str
    refund_reference: str = ""
    refund_told: RefundTold | None = None
    capture_id: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One line of the provider's daily settlement list."""

    payment_id: str
    reference: str
    kind: str
    amount_minor: int
    fee_minor: int
    currency: str
    at: datetime
    refund_reference: str = ""


class PaymentProvider(Protocol):
    """Every method raises ProviderUnreachableError when nothing is known, and may be called again with the same arguments."""

    def start(self, request: Request) -> Started:
        """Begin a payment; the same reference again gives the same payment. Raises PayerUnknownError."""

    def read_notice(self, notice: RawNotice) -> NoticeWord:
        """Verify and read. Raises SignatureInvalidError or NoticeUnreadableError. Asks nobody."""

    def look_up(self, attempt: AttemptRef) -> Outcome:
        """The truth, when notices are lost or not to be believed."""

    def refund(self, attempt: AttemptRef, *, amount: Money, refund_reference: str) -> RefundOutcome:
        """Give back; the same refund reference again is the same refund, so a lost answer is found by asking again."""

    def look_up_refund(self, refund_id: str) -> RefundOutcome:
        """How far a refund came."""

    def list_settled(self, on: date) -> Sequence[SettledLine]:
        """What the provider says it settled on a day."""
