"""Raising a charge, and ending one that nobody paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.payments import rules
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.facts import AttemptState, ChargeState
from hukumati.domain.payments.models import Attempt, Charge, ChargeLine
from hukumati.domain.payments.refusals import ChargeAlreadyOpen, ChargeNotFound, FeeAlreadyPaid
from hukumati.infra.audit import api as audit
from hukumati.infra.outbox import api as outbox
from hukumati.kernel.actor import system

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ChargeLine as ChargeLineFacts
    from hukumati.domain.payments.facts import ChargeFacts
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.text import Text

EXPIRE_AT_ONCE_MAX = 200
# A charge follows from a case's own verb, whose audit line names the person.
RAISER = system("payments.raise_charge")


@transaction.atomic
def raise_charge(  # noqa: PLR0913 (a fee is all of this)
    about: str,
    *,
    payer: int,
    service: str,
    service_name: Text,
    beneficiary: Text,
    lines: Sequence[ChargeLineFacts],
    ways: Sequence[str],
    expires_at: datetime,
    at: datetime,
) -> ChargeFacts:
    """Ask `payer` (an account) for the fee of a case, by these ways, as far as the policy allows them when it is paid. The same again while it is open is the same charge.

    Refuses with NothingToPay, and with ChargeAlreadyOpen when an open charge about this case has other lines.
    """
    total = rules.total_due(lines)
    known = Charge.objects.locked().filter(about=about, state=ChargeState.OPEN).first()
    if known is not None:
        if known.facts().lines != tuple(lines) or known.payer_id != payer:
            raise ChargeAlreadyOpen(charge=known.reference)
        return known.facts()
    charge = Charge.objects.create(
        reference=numbers.reference("C", at=at),
        about=about,
        payer_id=payer,
        service=service,
        service_name_ar=service_name.ar,
        service_name_en=service_name.en,
        beneficiary=beneficiary.ar,
        beneficiary_en=beneficiary.en,
        total_minor=total.amount_minor,
        currency=total.currency,
        ways=list(ways),
        raised_at=at,
        expires_at=expires_at,
    )
    ChargeLine.objects.bulk_create([_row(charge, place, line) for place, line in enumerate(lines)])
    owed = {"case": about, "amount": total.amount_minor, "currency": total.currency}
    audit.write("payments.charge_raised", about=charge.reference, by=RAISER, at=at, **owed)
    return charge.facts()


@transaction.atomic
def void_charge(charge_reference: str, *, reason: str, by: Actor, at: datetime) -> ChargeFacts:
    """The fee is no longer due: the case ended unpaid. Void twice is void once. Refuses with FeeAlreadyPaid."""
    charge = _locked(charge_reference)
    if charge.state == ChargeState.PAID:
        raise FeeAlreadyPaid(receipt=charge.receipt_reference)
    if charge.state == ChargeState.OPEN:
        _close(charge, ChargeState.VOID, AttemptState.CANCELLED, at=at)
        audit.write("payments.charge_voided", about=charge.reference, by=by, at=at, case=charge.about, reason=reason)
    return charge.facts()


def expire_charges(*, by: Actor, at: datetime) -> int:
    """End charges whose time is over; how many. One that may just now be paid at a provider waits until that is decided."""
    due = Charge.objects.filter(state=ChargeState.OPEN, expires_at__lte=at)
    undecided = Attempt.objects.filter(state=AttemptState.OPEN).exclude(provider="").values("charge")
    keys = due.exclude(pk__in=undecided).order_by("expires_at").values_list("pk", flat=True)[:EXPIRE_AT_ONCE_MAX]
    return sum(_expire(key, by=by, at=at) for key in list(keys))


@transaction.atomic
def _expire(key: int, *, by: Actor, at: datetime) -> bool:
    charge = Charge.objects.locked().get(pk=key)
    undecided = Attempt.objects.filter(charge=charge, state=AttemptState.OPEN).exclude(provider="")
    if charge.state != ChargeState.OPEN or undecided.exists():
        return False
    _close(charge, ChargeState.EXPIRED, AttemptState.EXPIRED, at=at)
    audit.write("payments.charge_expired", about=charge.reference, by=by, at=at, case=charge.about)
    outbox.publish("payments.charge_expired", about=charge.about, at=at, charge=charge.reference)
    return True


def _close(charge: Charge, state: ChargeState, attempts: AttemptState, *, at: datetime) -> None:
    """Codes die with their charge; attempts at a provider are still followed, because money may yet come in."""
    charge.state, charge.closed_at = state, at
    charge.save(update_fields=["state", "closed_at"])
    close_codes(charge, attempts, at=at)


def close_codes(charge: Charge, state: AttemptState, *, at: datetime) -> None:
    """A code that was not used is dead."""
    waiting = Attempt.objects.filter(charge=charge, state=AttemptState.OPEN).exclude(pay_code="")
    waiting.update(state=state, settled_at=at)


def _locked(reference: str) -> Charge:
    charge = Charge.objects.locked().filter(reference=reference).first()
    if charge is None:
        raise ChargeNotFound
    return charge


def _row(charge: Charge, place: int, line: ChargeLineFacts) -> ChargeLine:
    return ChargeLine(
        charge=charge,
        position=place,
        code=line.code,
        name_ar=line.name.ar,
        name_en=line.name.en,
        quantity=line.quantity,
        unit_minor=line.unit.amount_minor,
        amount_minor=line.amount.amount_minor,
        instrument=line.instrument,
        article=line.article,
        revenue_account=line.revenue_account,
    )
