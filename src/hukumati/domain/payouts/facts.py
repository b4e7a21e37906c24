"""What payouts speaks in: registered accounts, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import date, datetime


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
