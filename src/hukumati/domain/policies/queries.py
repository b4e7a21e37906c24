"""Reads of the payment policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.policies import rules, shapes
from hukumati.domain.policies.facts import Policy, PolicyFacts, PolicyNotFound, Standing
from hukumati.domain.policies.models import PolicyVersion

if TYPE_CHECKING:
    from datetime import datetime

VERSIONS_SHOWN = 100
NUMBER_MAX = 2**31 - 1


def find_in_force(*, at: datetime) -> PolicyFacts | None:
    """The version that rules at a moment; None where none was ever released: then a service's own ways hold."""
    row = PolicyVersion.objects.in_force(at)
    return facts_of(row, at=at, in_force=row.number) if row is not None else None


def find_policy(*, at: datetime) -> Policy | None:
    """What rules at a moment, without its history: asked with each payment."""
    row = PolicyVersion.objects.in_force(at)
    return shapes.read(row.content) if row is not None else None


def get_version(number: int, *, at: datetime) -> PolicyFacts:
    """One version. Refuses with PolicyNotFound."""
    row = PolicyVersion.objects.filter(number=number).first() if 0 < number <= NUMBER_MAX else None
    if row is None:
        raise PolicyNotFound
    return facts_of(row, at=at, in_force=_number_in_force(at))


def list_versions(*, at: datetime) -> list[PolicyFacts]:
    """The last hundred, the newest first."""
    in_force = _number_in_force(at)
    rows = PolicyVersion.objects.order_by("-number")[:VERSIONS_SHOWN]
    return [facts_of(row, at=at, in_force=in_force) for row in rows]


def count_waiting() -> int:
    """How many proposals wait for a second person."""
    return PolicyVersion.objects.filter(decision="").count()


def find_last_released(*, at: datetime) -> PolicyFacts | None:
    """What the next version changes: the last to rule, whether it rules already or is coming."""
    row = PolicyVersion.objects.released().order_by("-effective_at").first()
    return facts_of(row, at=at, in_force=_number_in_force(at)) if row is not None else None


def _number_in_force(at: datetime) -> int | None:
    row = PolicyVersion.objects.in_force(at)
    return row.number if row is not None else None


def facts_of(row: PolicyVersion, *, at: datetime, in_force: int | None) -> PolicyFacts:
    from dataclasses import replace

    said = PolicyFacts(
        number=row.number,
        base=row.base,
        policy=shapes.read(row.content),
        instrument=row.instrument,
        article=row.article,
        reason=row.reason,
        asked_from=row.asked_from,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decision=row.decision,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_words=row.decision_words,
        effective_at=row.effective_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        standing=Standing.WAITING,
        back_test=shapes.read_back_test(row.back_test) if row.back_test else None,
    )
    return replace(said, standing=rules.standing(said, at=at, in_force=in_force))
