"""Opening and answering differences. A difference is answered by a person with a reason, or by itself when a later word explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from hukumati.domain.treasury import rules
from hukumati.domain.treasury.facts import (
    DifferenceKind,
    DifferenceNotFound,
    DifferenceResolved,
    ReasonMissing,
    StillInSuspense,
    TreasurerOnly,
)
from hukumati.domain.treasury.models import Difference
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind, system
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.official_calendar import working_calendar
from hukumati.kernel.reference import is_reference, new_reference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hukumati.domain.treasury.facts import DifferenceFacts, Finding
    from hukumati.kernel.actor import Actor

FINDER = system("treasury.match")
BY_ITSELF: Final = "explained_later"
REASON_LENGTH_MAX: Final = 1_000


def open_difference(finding: Finding, *, at: datetime) -> bool:
    """Keep what differs; False when it is open already. Its figures follow the latest comparison; what it is about does not."""
    known = Difference.objects.filter(
        kind=finding.kind, place=finding.where, about=finding.about, resolved_at__isnull=True
    )
    figures = {"expected_minor": finding.expected_minor, "found_minor": finding.found_minor}
    if known.exists():
        known.exclude(**figures).update(**figures, evidence=dict(finding.evidence))
        return False
    row = _row(finding, at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another worker found it at the same moment
        return False
    told = {"kind": finding.kind, "of": finding.about, "currency": finding.currency, **figures}
    audit.write("treasury.difference_found", about=row.reference, by=FINDER, at=at, **told)
    return True


def open_fresh(findings: Iterable[Finding], *, at: datetime) -> None:
    """Keep many that cannot be open already: entries that no file has told before. Whoever brought them puts them on record."""
    Difference.objects.bulk_create([_row(finding, at=at) for finding in findings], batch_size=2_000)


def _row(finding: Finding, *, at: datetime) -> Difference:
    today = at.astimezone(HEBRON).date()
    return Difference(
        reference=new_reference("DF", year=today.year),
        kind=finding.kind,
        about=finding.about,
        place=finding.where,
        currency=finding.currency,
        expected_minor=finding.expected_minor,
        found_minor=finding.found_minor,
        evidence=dict(finding.evidence),
        found_at=at,
        due_on=working_calendar(today.year).days_after(today, rules.ANSWER_WITHIN_DAYS),
    )


def close_explained(row: Difference, *, at: datetime) -> None:
    """A later word explains it: nothing differs any more. Needs the row's lock."""
    answer(row, by=FINDER, reason=BY_ITSELF, at=at)


@transaction.atomic
def resolve(reference: str, *, reason: str, by: Actor, at: datetime) -> DifferenceFacts:
    """A treasurer answers for it, in words that stay. Money that lies in suspense is another matter: words do not move it.

    Refuses with TreasurerOnly, DifferenceNotFound, DifferenceResolved, ReasonMissing, StillInSuspense.
    """
    if by.kind != ActorKind.STAFF or "treasurer" not in by.roles:
        raise TreasurerOnly
    said = " ".join(reason.split())[:REASON_LENGTH_MAX]
    if not said:
        raise ReasonMissing
    row = Difference.objects.select_for_update().filter(reference=reference if is_reference(reference) else "").first()
    if row is None:
        raise DifferenceNotFound
    if row.resolved_at is not None:
        raise DifferenceResolved
    if row.kind == DifferenceKind.UNKNOWN_ENTRY:
        raise StillInSuspense
    answer(row, by=by, reason=said, at=at)
    return row.facts()


def answer(row: Difference, *, by: Actor, reason: str, at: datetime) -> None:
    """Write the answer down. Needs the row's lock."""
    row.resolved_at, row.resolved_by, row.resolution = at, by.label, reason
    row.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    audit.write("treasury.difference_answered", about=row.reference, by=by, at=at, reason=reason)
