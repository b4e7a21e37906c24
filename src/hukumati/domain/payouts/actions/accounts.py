"""An account is registered by two people and ended by one: stopping money is never what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from psycopg.errors import ExclusionViolation
from stdnum import iban as iban_number
from stdnum.exceptions import ValidationError

from hukumati.domain.identity import api as identity
from hukumati.domain.payouts.facts import (
    BeneficiaryDecided,
    BeneficiaryIncomplete,
    BeneficiaryNotFound,
    BeneficiaryOverlaps,
    BeneficiaryTakesTwo,
    PayoutsTreasurerOnly,
)
from hukumati.domain.payouts.models import CURRENCIES, BeneficiaryAccount
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind
from hukumati.kernel.reference import is_reference, new_reference

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.domain.payouts.facts import BeneficiaryFacts
    from hukumati.kernel.actor import Actor

TREASURER: Final = "treasurer"
COUNTRY: Final = "PS"
TEXT_LENGTH_MAX: Final = 200


@transaction.atomic
def propose_beneficiary(
    institution: str,
    *,
    iban: str,
    currency: str,
    instrument: str,
    article: str,
    valid_from: date,
    by: Actor,
    at: datetime,
) -> BeneficiaryFacts:
    """An account that waits for a second person. Refuses with PayoutsTreasurerOnly, BeneficiaryIncomplete."""
    _require_treasurer(by)
    if currency not in CURRENCIES:
        raise BeneficiaryIncomplete(field="currency")
    row = BeneficiaryAccount.objects.create(
        reference=new_reference("BA", year=at.year),
        institution=_said("institution", institution),
        iban=_iban(iban),
        currency=currency,
        instrument=_said("instrument", instrument),
        article=_said("article", article),
        valid_from=valid_from,
        proposed_by=by.label,
        proposed_at=at,
    )
    told = {"institution": row.institution, "iban": row.iban, "currency": currency}
    audit.write("payouts.beneficiary_proposed", about=row.reference, by=by, at=at, **told)
    return row.facts()


@transaction.atomic
def approve_beneficiary(reference: str, *, by: Actor, at: datetime) -> BeneficiaryFacts:
    """From now on money may go there, by another's hand than the one that proposed it.

    Refuses with PayoutsTreasurerOnly, BeneficiaryNotFound, BeneficiaryDecided, BeneficiaryTakesTwo, BeneficiaryOverlaps.
    """
    row = _locked(reference, by=by)
    if row.approved_by or row.ended_on:
        raise BeneficiaryDecided
    if identity.is_same_person(row.proposed_by.partition(":")[2], by.id):
        raise BeneficiaryTakesTwo
    row.approved_by, row.approved_at = by.label, at
    try:
        with transaction.atomic():
            row.save(update_fields=["approved_by", "approved_at"])
    except IntegrityError as fault:
        if isinstance(fault.__cause__, ExclusionViolation):
            raise BeneficiaryOverlaps from fault
        raise
    audit.write("payouts.beneficiary_approved", about=row.reference, by=by, at=at)
    return row.facts()


@transaction.atomic
def end_beneficiary(reference: str, *, ended_on: date, by: Actor, at: datetime) -> BeneficiaryFacts:
    """It takes nothing from that day on; a proposal ended is turned down. One person is enough.

    Refuses with PayoutsTreasurerOnly, BeneficiaryNotFound, BeneficiaryDecided, BeneficiaryIncomplete.
    """
    row = _locked(reference, by=by)
    if row.ended_on:
        raise BeneficiaryDecided
    if ended_on < row.valid_from:
        raise BeneficiaryIncomplete(field="ended_on")
    row.ended_on, row.ended_by = ended_on, by.label
    row.save(update_fields=["ended_on", "ended_by"])
    audit.write("payouts.beneficiary_ended", about=row.reference, by=by, at=at, ended_on=ended_on.isoformat())
    return row.facts()


def _locked(reference: str, *, by: Actor) -> BeneficiaryAccount:
    _require_treasurer(by)
    known = reference if is_reference(reference) else ""
    row = BeneficiaryAccount.objects.select_for_update().filter(reference=known).first()
    if row is None:
        raise BeneficiaryNotFound
    return row


def _iban(text: str) -> str:
    try:
        compact = str(iban_number.validate(text[:TEXT_LENGTH_MAX]))
    except ValidationError as fault:
        raise BeneficiaryIncomplete(field="iban") from fault
    if not compact.startswith(COUNTRY):
        raise BeneficiaryIncomplete(field="iban")
    return compact


def _said(field: str, text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > TEXT_LENGTH_MAX:
        raise BeneficiaryIncomplete(field=field)
    return said


def _require_treasurer(by: Actor) -> None:
    if by.kind != ActorKind.STAFF or TREASURER not in by.roles:
        raise PayoutsTreasurerOnly
