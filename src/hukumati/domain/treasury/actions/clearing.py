"""Money out of suspense: one treasurer says what it is, another agrees; then it moves, and only then the difference is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.identity import api as identity
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.treasury import postings, rules
from hukumati.domain.treasury.accounts import list_accounts
from hukumati.domain.treasury.actions.differences import answer, require_person, said_by_treasurer
from hukumati.domain.treasury.actions.suspended import about
from hukumati.domain.treasury.facts import (
    CLEARS,
    ClearingKind,
    ClearingWaits,
    ClearsOwnProposal,
    DifferenceKind,
    DifferenceNotFound,
    DifferenceResolved,
    NothingToClear,
    TargetUnknown,
)
from hukumati.domain.treasury.models import Clearing, Difference
from hukumati.infra.audit import api as audit
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.treasury.facts import ClearingFacts
    from hukumati.kernel.actor import Actor


@transaction.atomic
def propose_clearing(
    difference: str, *, kind: ClearingKind, target: str, words: str, by: Actor, at: datetime
) -> ClearingFacts:
    """Say what money in suspense is. Nothing moves.

    Refuses with TreasurerOnly, ReasonMissing, DifferenceNotFound, DifferenceResolved, NothingToClear, ClearingWaits, TargetUnknown.
    """
    said, row = said_by_treasurer(words, by=by), _in_suspense(difference)
    if Clearing.objects.filter(difference=row, decision="").exists():
        raise ClearingWaits
    _account(row, kind, target)
    clearing = Clearing.objects.create(
        difference=row, kind=kind, target=target, words=said, proposed_by=by.label, proposed_at=at
    )
    audit.write("treasury.clearing_proposed", about=row.reference, by=by, at=at, kind=kind, target=target)
    return clearing.facts()


@transaction.atomic
def approve_clearing(difference: str, *, by: Actor, at: datetime) -> ClearingFacts:
    """Another treasurer agrees: the money moves out of suspense and the difference is answered, together.

    Refuses with TreasurerOnly, DifferenceNotFound, DifferenceResolved, NothingToClear, ClearsOwnProposal, TargetUnknown.
    """
    row, clearing = _waiting(difference, by=by)
    account = _account(row, ClearingKind(clearing.kind), clearing.target)
    amount = Money(row.found_minor or 0, row.currency)
    if clearing.kind == ClearingKind.GIVEN_BACK:
        payments.give_back_unasked(clearing.target, by=by, at=at)
    elif account:
        lines = postings.moved(
            amount, into=postings.SUSPENSE, out_of=account, case=clearing.target, statement=row.reference
        )
        ledger.post(row.reference, lines, kind="suspense_cleared", at=at)
    else:
        answer(_opposite(row, clearing.target), by=by, reason=f"{row.reference}: {clearing.words}", at=at)
    _decide(clearing, "approved", by=by, at=at)
    answer(row, by=by, reason=clearing.words, at=at)
    return clearing.facts()


@transaction.atomic
def reject_clearing(difference: str, *, words: str, by: Actor, at: datetime) -> ClearingFacts:
    """It stays in suspense. Refuses as approving does, and with ReasonMissing."""
    said = said_by_treasurer(words, by=by)
    _row, clearing = _waiting(difference, by=by)
    clearing.decision_words = said
    _decide(clearing, "rejected", by=by, at=at)
    return clearing.facts()


def _in_suspense(reference: str) -> Difference:
    """The open difference about money in suspense, locked."""
    row = Difference.objects.select_for_update().filter(reference=reference if is_reference(reference) else "").first()
    if row is None:
        raise DifferenceNotFound
    if row.resolved_at is not None:
        raise DifferenceResolved
    if row.kind not in CLEARS or not row.found_minor:
        raise NothingToClear
    return row


def _waiting(difference: str, *, by: Actor) -> tuple[Difference, Clearing]:
    require_person(by)
    row = _in_suspense(difference)
    clearing = Clearing.objects.select_for_update().filter(difference=row, decision="").first()
    if clearing is None:
        raise NothingToClear
    proposer = clearing.proposed_by.partition(":")[2]
    if clearing.proposed_by == by.label or identity.is_same_person(proposer, by.id):
        raise ClearsOwnProposal
    return row, clearing


def _account(row: Difference, kind: ClearingKind, target: str) -> str:
    """Where the money lies in the books until now; empty when it goes back, or another entry evens it out. Refuses with TargetUnknown."""
    if kind not in CLEARS[DifferenceKind(row.kind)]:
        raise TargetUnknown
    if kind == ClearingKind.GIVEN_BACK:
        if row.about != about(target):
            raise TargetUnknown
        return ""
    if kind == ClearingKind.RETURNED:
        _opposite(row, target)
        return ""
    if kind == ClearingKind.DEPOSIT:
        if not payments.list_closed_drawers([target]):
            raise TargetUnknown
        return postings.drawer_account(target)
    collects = next((one.collects for one in list_accounts() if one.id == row.place), ())
    day = rules.provider_day(target)
    if day is None or day[0] not in collects:
        raise TargetUnknown
    return postings.provider_account(day[0])


def _opposite(row: Difference, target: str) -> Difference:
    """The other entry in suspense that evens this one out, locked."""
    other = Difference.objects.select_for_update().filter(
        reference=target if is_reference(target) else "",
        kind=DifferenceKind.UNKNOWN_ENTRY,
        place=row.place,
        currency=row.currency,
        found_minor=-(row.found_minor or 0),
        resolved_at__isnull=True,
    )
    found = other.exclude(pk=row.pk).first()
    if found is None:
        raise TargetUnknown
    return found


def _decide(clearing: Clearing, decision: str, *, by: Actor, at: datetime) -> None:
    clearing.decision, clearing.decided_by, clearing.decided_at = decision, by.label, at
    clearing.save(update_fields=["decision", "decided_by", "decided_at", "decision_words"])
    audit.write(
        f"treasury.clearing_{decision}", about=clearing.difference.reference, by=by, at=at, target=clearing.target
    )
