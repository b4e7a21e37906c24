"""The door of payouts."""

from __future__ import annotations

from hukumati.domain.payouts.actions import approve_beneficiary, end_beneficiary, propose_beneficiary
from hukumati.domain.payouts.facts import (
    BeneficiaryDecided,
    BeneficiaryFacts,
    BeneficiaryIncomplete,
    BeneficiaryNotFound,
    BeneficiaryOverlaps,
    BeneficiaryTakesTwo,
    PayoutsTreasurerOnly,
)
from hukumati.domain.payouts.queries import find_beneficiary, list_waiting_beneficiaries

__all__ = [
    "BeneficiaryDecided",
    "BeneficiaryFacts",
    "BeneficiaryIncomplete",
    "BeneficiaryNotFound",
    "BeneficiaryOverlaps",
    "BeneficiaryTakesTwo",
    "PayoutsTreasurerOnly",
    "approve_beneficiary",
    "end_beneficiary",
    "find_beneficiary",
    "list_waiting_beneficiaries",
    "propose_beneficiary",
]
