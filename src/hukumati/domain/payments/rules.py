"""Decisions about money, as plain values: what a provider's word means for an attempt, how much may go back, what a cash code is."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hukumati.domain.payments.facts import AttemptState, ChargeState, RefundCause, SlipFacts
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.refusals import (
    CashCodeMalformed,
    ChargeExpired,
    ChargeVoid,
    FeeAlreadyPaid,
    NothingToPay,
    SlipMalformed,
)
from hukumati.kernel.money import Money
from hukumati.kernel.text import only_digits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ChargeLine
    from hukumati.domain.payments.facts import ChargeFacts
    from hukumati.domain.payments.ports import NoticeWord, Outcome

LINES_MAX: Final = 50
LOOK_FIRST_SECONDS: Final = 30
LOOK_AT_MOST_EVERY: Final = timedelta(hours=1)
LOOK_UP_FOR: Final = timedelta(days=3)
LOOK_RARELY_FOR: Final = timedelta(days=60)
LOOK_RARELY_EVERY: Final = timedelta(days=1)
UNHEARD_OF_AFTER: Final = timedelta(minutes=30)
PAGE_OPEN_FOR: Final = timedelta(minutes=50)
LOOK_PAUSE: Final = timedelta(seconds=2)
CASH_CODE_LENGTH: Final = 8
SLIP_NUMBER_LENGTH: Final = 12
AUTHORISATION_LENGTH: Final = 6
LAST_FOUR: Final = 4
SUBSCRIBER_DIGITS: Final = 9
DRAWER_MINOR_MAX: Final = 100_000_000
REFUND_CODE_DIGITS: Final = 6
REFUND_CODE_TRIES_MAX: Final = 5
REFUND_CODES_A_DAY_MAX: Final = 5


class Verdict(StrEnum):
    """What to do with an attempt after the provider spoke."""

    KEEP_WAITING = "keep_waiting"
    NOTE_PAID = "note_paid"
    NOTE_ENDED = "note_ended"
    SUSPEND = "suspend"
    NOTHING_NEW = "nothing_new"


ENDED: Final = {
    Told.DECLINED: AttemptState.DECLINED,
    Told.CANCELLED: AttemptState.CANCELLED,
    Told.EXPIRED: AttemptState.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What we asked the provider for."""

    reference: str
    amount: Money
    state: AttemptState
    suspended: bool


def judge(asked: Asked, said: Outcome) -> Verdict:
    """Facts decide, not their order: money that came in is money that came in, whatever was said before or is said after.

    `paid` is final; a suspended attempt waits for a person. An ended attempt that turns out to be paid was paid.
    """
    if asked.state == AttemptState.PAID or asked.suspended:
        return Verdict.NOTHING_NEW
    if said.told == Told.PAID:
        return Verdict.NOTE_PAID if _fits(asked, said) else Verdict.SUSPEND
    if asked.state not in (AttemptState.OPEN, AttemptState.UNKNOWN):
        return Verdict.NOTHING_NEW
    return Verdict.NOTE_ENDED if said.told in ENDED else Verdict.KEEP_WAITING


def _fits(asked: Asked, said: Outcome) -> bool:
    wanted = (asked.reference, asked.amount.amount_minor, asked.amount.currency)
    return wanted == (said.reference, said.amount_minor, said.currency)


def notice_agrees(notice: NoticeWord, truth: Outcome) -> bool:
    """Whether a signed notice claims the same figures as the provider gives when asked. If not, something is wrong at their side."""
    claimed = (notice.reference, notice.amount_minor, notice.currency)
    return claimed == (truth.reference, truth.amount_minor, truth.currency)


def next_look_at(looks: int, *, at: datetime) -> datetime:
    """Ask soon, then ever more rarely: 30 s, 1 min, 2 min … once an hour."""
    pause = timedelta(seconds=LOOK_FIRST_SECONDS * 2 ** min(looks, 10))
    return at + min(pause, LOOK_AT_MOST_EVERY)


def state_after_waiting(said: Told, *, started_at: datetime, at: datetime) -> AttemptState:
    """Waiting has an end: a payment the provider never heard of is over, one that it never decides goes to a person."""
    if said == Told.UNHEARD_OF and at - started_at > UNHEARD_OF_AFTER:
        return AttemptState.EXPIRED
    return AttemptState.UNKNOWN if at - started_at > LOOK_UP_FOR else AttemptState.OPEN


def next_rare_look_at(*, started_at: datetime, at: datetime) -> datetime | None:
    """A payment that waits for a person is still asked about each day, for a provider may yet say that it was paid."""
    return at + LOOK_RARELY_EVERY if at - started_at < LOOK_RARELY_FOR else None


def subscriber(mobile: str) -> str:
    """A telephone by whichever of its two country codes it is reached: the last nine digits."""
    return only_digits(mobile)[-SUBSCRIBER_DIGITS:]


def forgotten_mobile(mobile: str) -> str:
    """What is kept of a telephone once nobody needs to ask it: enough for its owner to recognise it."""
    return f"…{mobile[-3:]}" if mobile else ""


def require_payable(charge: ChargeFacts, *, at: datetime) -> None:
    """Refuses with FeeAlreadyPaid, ChargeVoid or ChargeExpired."""
    if charge.state == ChargeState.PAID:
        raise FeeAlreadyPaid(receipt=charge.receipt_reference)
    if charge.state == ChargeState.VOID:
        raise ChargeVoid(charge=charge.reference)
    if charge.state == ChargeState.EXPIRED or charge.expires_at <= at:
        raise ChargeExpired(charge=charge.reference)


def cause_of_refund(state: ChargeState) -> RefundCause:
    """Why money for a charge that is not open goes back."""
    return {
        ChargeState.PAID: RefundCause.PAID_TWICE,
        ChargeState.VOID: RefundCause.CHARGE_VOID,
        ChargeState.EXPIRED: RefundCause.CHARGE_EXPIRED,
    }[state]


def total_due(lines: Sequence[ChargeLine]) -> Money:
    """The sum of the lines. Refuses with NothingToPay what is no charge."""
    if not 0 < len(lines) <= LINES_MAX or any(line.amount.amount_minor <= 0 for line in lines):
        raise NothingToPay
    if len({line.amount.currency for line in lines}) != 1 or any(
        line.unit * line.quantity != line.amount for line in lines
    ):
        raise NothingToPay
    return Money(sum(line.amount.amount_minor for line in lines), lines[0].amount.currency)


def refundable(total: Money, *, promised: Sequence[Money]) -> Money:
    """What may still go back: what was paid, less all that was promised. A promise that failed to arrive is still owed, so it counts."""
    return total - Money(sum(amount.amount_minor for amount in promised), total.currency)


def split_refund(left: Sequence[int], amount_minor: int) -> list[int]:
    """How much of each line goes back: in proportion to what is left of it, to the agora, never more than is left."""
    whole = sum(left)
    if not 0 < amount_minor <= whole:
        raise ValueError(f"{amount_minor} of {whole} cannot go back")
    shares = [amount_minor * line // whole for line in left]
    by_remainder = sorted(range(len(left)), key=lambda place: (-(amount_minor * left[place] % whole), place))
    for place in by_remainder[: amount_minor - sum(shares)]:
        shares[place] += 1
    return shares


def cash_code(seven_digits: str) -> str:
    """Seven random digits and the check digit (Luhn) that catches a mistyped or swapped one."""
    return seven_digits + str(-_luhn_sum(seven_digits + "0") % 10)


def parse_cash_code(typed: str) -> str:
    """Eight digits as people type them: with spaces, dashes or Arabic digits. Refuses with CashCodeMalformed."""
    digits = only_digits(typed)
    if len(digits) != CASH_CODE_LENGTH or not (digits.isascii() and digits.isdigit()) or _luhn_sum(digits) % 10:
        raise CashCodeMalformed
    return digits


def grouped(code: str) -> str:
    """`1234 5678`, as it is read aloud."""
    return f"{code[:4]} {code[4:]}"


def refund_code_hash(refund: str, code: str, *, key: str) -> str:
    """Keyed: six digits are guessed in a moment by whoever sees a plain hash. Bound to its refund: it opens no other."""
    return hmac.new(key.encode(), f"payments.refund:{refund}:{code}".encode(), hashlib.sha256).hexdigest()


def is_refund_code(refund: str, typed: str, *, key: str, expected: str) -> bool:
    """Compared in constant time. What nobody was told yet is nobody's code."""
    return bool(expected) and hmac.compare_digest(refund_code_hash(refund, only_digits(typed), key=key), expected)


def _luhn_sum(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 (the digits of a two-digit product)
    return total


def parse_slip(terminal: str, number: str, authorisation: str, last_four: str) -> SlipFacts:
    """A slip as it was typed. Refuses with SlipMalformed, naming the field."""
    approved = "".join(authorisation.split()).upper()
    if not (len(approved) == AUTHORISATION_LENGTH and approved.isascii() and approved.isalnum()):
        raise SlipMalformed(field="authorisation")
    slip = SlipFacts(only_digits(terminal), only_digits(number), approved, only_digits(last_four))
    if not _digits(slip.number, SLIP_NUMBER_LENGTH):
        raise SlipMalformed(field="number")
    if not _digits(slip.card_last_four, LAST_FOUR):
        raise SlipMalformed(field="last_four")
    return slip


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
