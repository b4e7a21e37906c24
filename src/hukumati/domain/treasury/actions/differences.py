"""Opening and answering differences. A difference is answered by a person with a reason, or by itself when a later word explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from hukumati.domain.treasury import rules
from hukumati.domain.treasury.facts import (
    CLEARS,
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

    from hukumati.domain.treasury.facts import DifferenceFacts, DifferenceKind, Finding
    from hukumati.kernel.actor import Actor

FINDER = system("treasury.match")
BY_ITSELF: Final = "explained_later"
REASON_LENGTH_MAX: Final = 1_000
BATCH: Final = 2_000


@transaction.atomic
def keep(findings: Iterable[Finding], *, at: datetime) -> None:
    """Make the open differences those that a comparison found: new ones are opened, gone ones were explained by what came later.

    What a person answered stays answered while its figures stay. Money in suspense is not judged here: two people clear it.
    """
    with connection.cursor() as cursor:  # of two comparisons at once, the second sees what the first kept
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('treasury.differences'))")
    found = {(finding.kind, finding.where, finding.about): finding for finding in findings}
    judged = Difference.objects.select_for_update().filter(resolved_at__isnull=True).exclude(kind__in=CLEARS)
    opened = {(row.kind, row.place, row.about): row for row in judged.order_by("pk")}
    answered = _answered_by_people([about for _kind, _place, about in found.keys() - opened.keys()])
    fresh = [
        _row(finding, at=at)
        for key, finding in found.items()
        if key not in opened and answered.get(key) != (finding.expected_minor, finding.found_minor)
    ]
    for row in Difference.objects.bulk_create(fresh, batch_size=BATCH):
        _put_on_record(row, at=at)
    for key, row in opened.items():
        if key not in found:
            answer(row, by=FINDER, reason=BY_ITSELF, at=at)
        elif (row.expected_minor, row.found_minor) != (found[key].expected_minor, found[key].found_minor):
            row.expected_minor, row.found_minor = found[key].expected_minor, found[key].found_minor
            row.save(update_fields=["expected_minor", "found_minor"])


@transaction.atomic
def open_once(kind: DifferenceKind, findings: Iterable[Finding], *, at: datetime) -> None:
    """Keep those of a kind that were never kept: what two people must clear is opened once, and never by a comparison again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('treasury.differences'))")
    found = {finding.about: finding for finding in findings}
    known = Difference.objects.filter(kind=kind, about__in=list(found)).values_list("about", flat=True)
    for about in sorted(found.keys() - set(known)):
        row = _row(found[about], at=at)
        row.save()
        _put_on_record(row, at=at)


def _put_on_record(row: Difference, *, at: datetime) -> None:
    told = {
        "kind": row.kind,
        "of": row.about,
        "currency": row.currency,
        "expected": row.expected_minor,
        "found": row.found_minor,
    }
    audit.write("treasury.difference_found", about=row.reference, by=FINDER, at=at, **told)


def _answered_by_people(abouts: list[str]) -> dict[tuple[str, str, str], tuple[int | None, int | None]]:
    """The figures for which somebody has answered last."""
    rows = Difference.objects.filter(about__in=abouts, resolved_at__isnull=False).exclude(resolution=BY_ITSELF)
    return {
        (row.kind, row.place, row.about): (row.expected_minor, row.found_minor) for row in rows.order_by("resolved_at")
    }


def open_fresh(findings: Iterable[Finding], *, at: datetime) -> None:
    """Keep many that cannot be open already: entries that no file has told before. Whoever brought them puts them on record."""
    Difference.objects.bulk_create([_row(finding, at=at) for finding in findings], batch_size=BATCH)


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


@transaction.atomic
def resolve(reference: str, *, reason: str, by: Actor, at: datetime) -> DifferenceFacts:
    """A treasurer answers for it, in words that stay. Money that lies in suspense is another matter: words do not move it.

    Refuses with TreasurerOnly, DifferenceNotFound, DifferenceResolved, ReasonMissing, StillInSuspense.
    """
    said = said_by_treasurer(reason, by=by)
    row = Difference.objects.select_for_update().filter(reference=reference if is_reference(reference) else "").first()
    if row is None:
        raise DifferenceNotFound
    if row.resolved_at is not None:
        raise DifferenceResolved
    if row.kind in CLEARS and row.found_minor:
        raise StillInSuspense
    answer(row, by=by, reason=said, at=at)
    return row.facts()


def said_by_treasurer(words: str, *, by: Actor) -> str:
    """The words of an employee of the treasury. Refuses with TreasurerOnly and ReasonMissing."""
    require_person(by)
    said = " ".join(words.split())[:REASON_LENGTH_MAX]
    if not said:
        raise ReasonMissing
    return said


def require_person(by: Actor) -> None:
    """An employee of the treasury; the system decides nothing. Refuses with TreasurerOnly."""
    if by.kind != ActorKind.STAFF or "treasurer" not in by.roles:
        raise TreasurerOnly


def answer(row: Difference, *, by: Actor, reason: str, at: datetime) -> None:
    """Write the answer down. Needs the row's lock."""
    row.resolved_at, row.resolved_by, row.resolution = at, by.label, reason
    row.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    audit.write("treasury.difference_answered", about=row.reference, by=by, at=at, reason=reason)
