"""Who read what about whom, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.exchange import registries
from hukumati.domain.exchange.facts import ReadFacts, WriteFacts
from hukumati.domain.exchange.models import Read, Write
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hukumati.kernel.national_id import NationalId

READS_MAX = 200


def list_reads_about(person: NationalId, *, limit: int = 50, before: datetime | None = None) -> list[ReadFacts]:
    """The reads of this person's data, newest first; `before` continues a list."""
    reads = Read.objects.filter(subject=person.digits)
    if before is not None:
        reads = reads.filter(asked_at__lt=before)
    return _facts(reads, limit=limit)


def list_reads_for(case_reference: str, *, limit: int = READS_MAX) -> list[ReadFacts]:
    """What was read for one case, newest first."""
    return _facts(Read.objects.filter(case_reference=case_reference), limit=limit)


def list_writes_about(person: NationalId, *, limit: int = 50, before: datetime | None = None) -> list[WriteFacts]:
    """What registries were told about this person, newest first; `before` continues a list."""
    writes = Write.objects.filter(subject=person.digits)
    if before is not None:
        writes = writes.filter(told_at__lt=before)
    return _write_facts(writes, limit=limit)


def list_writes_for(case_reference: str, *, limit: int = READS_MAX) -> list[WriteFacts]:
    """What was told for one case, newest first."""
    return _write_facts(Write.objects.filter(case_reference=case_reference), limit=limit)


def _write_facts(writes: QuerySet[Write], *, limit: int) -> list[WriteFacts]:
    rows = writes.select_related("grant").prefetch_related("outcomes").order_by("-told_at", "-id")
    return [
        WriteFacts(
            reference=row.reference,
            at=row.told_at,
            institution=registries.get_registry(row.registry).name,
            registry=row.registry,
            service=row.service,
            case_reference=row.case_reference,
            purpose=Text(row.grant.purpose_ar, row.grant.purpose_en),
            facts=row.facts,
            who=row.told_by_kind,
            outcome=max(row.outcomes.all(), key=lambda outcome: outcome.pk).outcome if row.outcomes.all() else "told",
        )
        for row in rows[: min(limit, READS_MAX)]
    ]


def _facts(reads: QuerySet[Read], *, limit: int) -> list[ReadFacts]:
    rows = reads.select_related("grant", "outcome").order_by("-asked_at", "-id")[: min(limit, READS_MAX)]
    return [_read_facts(row) for row in rows]


def _read_facts(row: Read) -> ReadFacts:
    outcome = getattr(row, "outcome", None)
    return ReadFacts(
        reference=row.reference,
        at=row.asked_at,
        institution=registries.get_registry(row.registry).name,
        registry=row.registry,
        service=row.service,
        case_reference=row.case_reference,
        purpose=Text(row.grant.purpose_ar, row.grant.purpose_en),
        attributes=tuple(row.attributes),
        who=row.asked_by_kind,
        outcome=outcome.outcome if outcome else "asked",
    )
