"""Who read what about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.exchange import registries
from hukumati.domain.exchange.facts import ReadFacts
from hukumati.domain.exchange.models import Read
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
