"""What enrolment speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.kernel.national_id import NationalId


class Aim(StrEnum):
    """Why somebody proves who they are: to open an account, or to get back into one."""

    SIGN_UP = "sign_up"
    PASSWORD_RESET = "password_reset"  # noqa: S105 (a word, not a password)


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says about themselves: printed on the identity card."""

    national_id: NationalId
    birth_date: date
    card_issued_on: date


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """How far an enrolment came. `state` is code_sent, confirmed or finished."""

    reference: str
    aim: Aim
    state: str
    mobile_ending: str
    first_name_ar: str
    first_name_la: str
    code_sent_at: datetime
    expires_at: datetime


@dataclass(eq=False)
class NotEnrollable(Refused):
    """The details do not match, nobody has them, or an account exists (or, for a reset, none does): one answer for all."""

    code: ClassVar[str] = "enrolment.not_enrollable"


@dataclass(eq=False)
class EnrolmentOver(Refused):
    """It expired, was finished, or never was."""

    code: ClassVar[str] = "enrolment.over"


@dataclass(eq=False)
class ResendTooSoon(Refused):
    """A code was sent a moment ago."""

    seconds_left: int
    code: ClassVar[str] = "enrolment.resend_too_soon"
