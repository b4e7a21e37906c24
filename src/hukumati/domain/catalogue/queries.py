"""What is published. Versions are immutable, so each is loaded once a process and kept while it is asked for; lists never load any."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from hukumati.domain.catalogue import places
from hukumati.domain.catalogue.changes import FileChange, changed_files
from hukumati.domain.catalogue.facts import (
    InstitutionFacts,
    InstitutionNotFound,
    ServiceNotFound,
    ServiceVersion,
    Stage,
)
from hukumati.domain.catalogue.folder.loader import load_source
from hukumati.domain.catalogue.folder.source import Source
from hukumati.domain.catalogue.models import Proposal, ServiceSnapshot
from hukumati.domain.catalogue.publication import Decision, ProposalFacts, ProposalNotFound
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

VERSIONS_KEPT_MAX = 256
"""How many loaded versions a process keeps: what is asked for stays, and memory stays bounded however many services there are."""
PROPOSALS_MAX = 60

STANDING = """
SELECT listing.service_id, snapshot.version, snapshot.content_sha256, snapshot.published_at, listing.suspended_at IS NOT NULL
FROM catalogue_servicelisting AS listing JOIN catalogue_servicesnapshot AS snapshot ON snapshot.id = listing.snapshot_id
"""


class SnapshotTamperedError(Exception):
    """A published version no longer has the hash under which it was published."""


@dataclass(frozen=True, slots=True)
class _Standing:
    service_id: str
    version: int
    sha256: str
    published_at: datetime
    suspended: bool


def get_published(service_id: str, version: int | None = None) -> ServiceVersion:
    """The version that stands in the catalogue, or the one asked for. Refuses with ServiceNotFound."""
    if version is None:
        rows = _rows(STANDING + "WHERE listing.service_id = %s", [service_id])
    else:
        sql = "SELECT service_id, version, content_sha256, published_at, false FROM catalogue_servicesnapshot WHERE service_id = %s AND version = %s"
        rows = _rows(sql, [service_id, version])
    if not rows:
        raise ServiceNotFound(service_id)
    return _load(_Standing(*rows[0]))


def list_published(*, institution: str = "") -> list[ServiceVersion]:
    """Every published version, loaded: for commands and proofs. A page asks for entries instead. Retired ones are left out."""
    order = list(places.institutions())
    where = "WHERE listing.institution = %s" if institution else ""
    services = [_load(_Standing(*row)) for row in _rows(STANDING + where, [institution] if institution else [])]
    shown = [service for service in services if service.stage != Stage.RETIRED]
    return sorted(shown, key=lambda s: (not s.startable, order.index(s.institution), s.name.ar))


def get_institution(institution: str) -> InstitutionFacts:
    """Refuses with InstitutionNotFound."""
    known = places.institutions()
    if institution not in known:
        raise InstitutionNotFound(institution)
    return known[institution]


def get_proposal(reference: str, *, institutions: Collection[str]) -> ProposalFacts:
    """A proposal of one of these institutions. Refuses with ProposalNotFound."""
    row = Proposal.objects.filter(reference=reference, institution__in=institutions).first()
    if row is None:
        raise ProposalNotFound(reference)
    return proposal_facts(row)


def list_changed_files(reference: str, *, against: int) -> tuple[FileChange, ...]:
    """What a proposal changes in the files of its folder, against a published version.

    For whoever may see the proposal, which `get_proposal` has told.
    """
    row = Proposal.objects.get(reference=reference)
    older = ServiceSnapshot.objects.filter(service_id=row.service_id, version=against).first()
    return changed_files(older.content if older else {}, row.content)


def find_waiting(service_id: str) -> ProposalFacts | None:
    """The proposal of this service that waits for a decision; there is one at most."""
    row = Proposal.objects.filter(service_id=service_id, decision=Decision.WAITING).first()
    return proposal_facts(row) if row else None


def list_proposals(
    *, institutions: Collection[str], service_id: str = "", limit: int = PROPOSALS_MAX
) -> list[ProposalFacts]:
    """Those that wait first, the longest waiting before; then the latest decided."""
    rows = Proposal.objects.filter(institution__in=institutions)
    rows = rows.filter(service_id=service_id) if service_id else rows
    waiting = rows.filter(decision=Decision.WAITING).order_by("proposed_at")[:limit]
    decided = rows.exclude(decision=Decision.WAITING).order_by("-decided_at")[:limit]
    return [proposal_facts(row) for row in [*waiting, *decided]][:limit]


def count_waiting_proposals(*, institutions: Collection[str]) -> int:
    """How many proposals of these institutions wait for a second person."""
    return Proposal.objects.filter(institution__in=institutions, decision=Decision.WAITING).count()


def proposed_version(reference: str) -> ServiceVersion:
    """What a proposal would publish. Refuses with ProposalNotFound."""
    row = Proposal.objects.filter(reference=reference).first()
    if row is None:
        raise ProposalNotFound(reference)
    return load_source(Source(row.content))


def proposal_facts(row: Proposal) -> ProposalFacts:
    return ProposalFacts(
        reference=row.reference,
        service_id=row.service_id,
        version=row.version,
        institution=row.institution,
        stage=Stage(row.stage),
        name=Text(row.name_ar, row.name_en),
        why=row.why,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decision=Decision(row.decision),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        content_sha256=row.content_sha256,
    )


@lru_cache(maxsize=VERSIONS_KEPT_MAX)
def _load(standing: _Standing) -> ServiceVersion:
    row = ServiceSnapshot.objects.get(service_id=standing.service_id, version=standing.version)
    source = Source(row.content)
    if source.sha256 != standing.sha256:
        raise SnapshotTamperedError(f"{standing.service_id} v{standing.version} is not what was published")
    service = replace(load_source(source), published_at=standing.published_at)
    return replace(service, stage=Stage.SUSPENDED) if standing.suspended else service


def _rows(sql: str, values: Sequence[str | float]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
