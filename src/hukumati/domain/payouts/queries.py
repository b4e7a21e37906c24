"""Reads of registered accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from hukumati.domain.payouts.models import BeneficiaryAccount

if TYPE_CHECKING:
    from datetime import date

    from hukumati.domain.payouts.facts import BeneficiaryFacts

WAITING_MAX = 200


def find_beneficiary(institution: str, *, currency: str, on: date) -> BeneficiaryFacts | None:
    """The one account to which an institution's money of a currency may go on a day; none when nobody registered one."""
    row = (
        BeneficiaryAccount.objects.exclude(approved_by="")
        .filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=on),
            institution=institution,
            currency=currency,
            valid_from__lte=on,
        )
        .first()
    )
    return row.facts() if row else None


def list_waiting_beneficiaries() -> list[BeneficiaryFacts]:
    """What waits for a second person, oldest first."""
    rows = BeneficiaryAccount.objects.filter(approved_by="", ended_on__isnull=True).order_by("proposed_at")
    return [row.facts() for row in rows[:WAITING_MAX]]
