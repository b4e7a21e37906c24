"""Giving a fee back by hand takes two people: one proposes and says why, another looks and approves or rejects. Only then is anything promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from hukumati.domain.identity import api as identity
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.actions.refunds import left_to_give_back, refund
from hukumati.domain.payments.facts import ChargeState, Decision
from hukumati.domain.payments.models import Charge, Refund, RefundProposal
from hukumati.domain.payments.refusals import (
    ApprovesOwnProposal,
    ChargeNotFound,
    NotPaid,
    RefundAlreadyProposed,
    RefundProposalDecided,
    RefundProposalNotFound,
    RefundTooLarge,
    TreasurerOnly,
    WordsMissing,
)
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payments.facts import RefundProposalFacts, RefundWhy
    from hukumati.kernel.actor import Actor

TREASURER: Final = "treasurer"
WORDS_LENGTH_MAX: Final = 1_000


@transaction.atomic
def propose_refund(
    charge_reference: str, *, amount: Money, why: RefundWhy, words: str, by: Actor, at: datetime
) -> RefundProposalFacts:
    """Propose to give a fee back, whole or in part. Nothing is promised and nothing posted.

    Refuses with TreasurerOnly, WordsMissing, ChargeNotFound, NotPaid, RefundTooLarge, RefundAlreadyProposed, ApprovesOwnProposal.
    """
    said = _said(words, by=by)
    charge = Charge.objects.locked().filter(reference=_plain(charge_reference)).first()
    if charge is None:
        raise ChargeNotFound
    if _pays(charge, by=by):
        raise ApprovesOwnProposal
    if charge.state != ChargeState.PAID:
        raise NotPaid(charge=charge_reference)
    left = left_to_give_back(charge)
    if amount.currency != charge.currency or not 0 < amount.amount_minor <= left.amount_minor:
        raise RefundTooLarge(asked=amount, left=left)
    try:
        with transaction.atomic():
            row = RefundProposal.objects.create(
                reference=numbers.reference("G", at=at),
                charge=charge,
                amount_minor=amount.amount_minor,
                currency=amount.currency,
                why=why,
                words=said,
                proposed_by=by.label,
                proposed_at=at,
            )
    except IntegrityError as fault:
        waiting = RefundProposal.objects.get(charge=charge, decision="")
        raise RefundAlreadyProposed(proposal=waiting.reference) from fault
    told = {"charge": charge.reference, "amount": amount.amount_minor, "currency": amount.currency, "why": why}
    audit.write("payments.refund_proposed", about=row.reference, by=by, at=at, **told)
    return row.facts()


@transaction.atomic
def approve_refund(reference: str, *, by: Actor, at: datetime) -> RefundProposalFacts:
    """Another person agrees: the refund is promised and posted at the same moment. How much is left is looked at again.

    Refuses with TreasurerOnly, RefundProposalNotFound, RefundProposalDecided, ApprovesOwnProposal, NotPaid, RefundTooLarge.
    """
    row = _undecided(reference, by=by)
    _require_another(row, by=by)
    amount = Money(row.amount_minor, row.currency)
    promised = refund(row.charge.reference, amount=amount, reason=row.words, by=by, at=at)
    row.refund = Refund.objects.get(reference=promised.reference)
    _decide(row, Decision.APPROVED, words="", by=by, at=at)
    return row.facts()


@transaction.atomic
def reject_refund(reference: str, *, words: str, by: Actor, at: datetime) -> RefundProposalFacts:
    """Nothing goes back, and why. Whoever proposed it may take it back in the same way, by another hand.

    Refuses with TreasurerOnly, WordsMissing, RefundProposalNotFound, RefundProposalDecided, ApprovesOwnProposal.
    """
    said = _said(words, by=by)
    row = _undecided(reference, by=by)
    _require_another(row, by=by)
    _decide(row, Decision.REJECTED, words=said, by=by, at=at)
    return row.facts()


def _undecided(reference: str, *, by: Actor) -> RefundProposal:
    """The proposal, after its charge: in the order in which everybody locks. Refuses what is not there or was decided."""
    _require_treasurer(by)
    known = RefundProposal.objects.filter(reference=_plain(reference)).first()
    if known is None:
        raise RefundProposalNotFound
    Charge.objects.locked().get(pk=known.charge_id)
    row = RefundProposal.objects.locked().select_related("charge").get(pk=known.pk)
    if row.decision:
        raise RefundProposalDecided
    return row


def _require_another(row: RefundProposal, *, by: Actor) -> None:
    """Two accounts of one person are one person; and nobody decides about money that comes back to themselves."""
    proposer = row.proposed_by.partition(":")[2]
    if row.proposed_by == by.label or identity.is_same_person(proposer, by.id) or _pays(row.charge, by=by):
        raise ApprovesOwnProposal


def _pays(charge: Charge, *, by: Actor) -> bool:
    """Whether the employee is, as a citizen, the one to whom the money goes back."""
    return identity.is_one_of(by.id, [charge.payer.login])


def _decide(row: RefundProposal, decision: Decision, *, words: str, by: Actor, at: datetime) -> None:
    row.decision, row.decided_by, row.decided_at, row.decision_words = decision, by.label, at, words
    row.save(update_fields=["decision", "decided_by", "decided_at", "decision_words", "refund"])
    audit.write(f"payments.refund_{decision}", about=row.reference, by=by, at=at, charge=row.charge.reference)


def _said(words: str, *, by: Actor) -> str:
    _require_treasurer(by)
    said = " ".join(words.split())[:WORDS_LENGTH_MAX]
    if not said:
        raise WordsMissing
    return said


def _require_treasurer(by: Actor) -> None:
    if by.kind != ActorKind.STAFF or TREASURER not in by.roles:
        raise TreasurerOnly


def _plain(reference: str) -> str:
    return reference if is_reference(reference) else ""
