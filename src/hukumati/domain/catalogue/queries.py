"""What is published. Versions are immutable, so each is loaded once a process; one small query tells which ones stand now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection

from hukumati.domain.catalogue import places, words
from hukumati.domain.catalogue.facts import (
    InstitutionFacts,
    InstitutionNotFound,
    ServiceHit,
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

HITS_MAX = 30
PROPOSALS_MAX = 60
QUERY_LETTERS_MAX = 120
ALIKE_ENOUGH = 0.45

STANDING = """
SELECT listing.service_id, snapshot.version, snapshot.content_sha256, snapshot.published_at, listing.suspended_at IS NOT NULL
FROM catalogue_servicelisting AS listing JOIN catalogue_servicesnapshot AS snapshot ON snapshot.id = listing.snapshot_id
"""
FOUND = """
SELECT service_id, ts_rank(search, query, 1) AS rank
FROM catalogue_servicelisting, to_tsquery('simple', %s) AS query
WHERE search @@ query ORDER BY rank DESC, service_id LIMIT %s
"""
ALIKE = """
SELECT service_id, word_similarity(%s, alike) AS rank
FROM catalogue_servicelisting WHERE word_similarity(%s, alike) > %s ORDER BY rank DESC, service_id LIMIT %s
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


_loaded: dict[_Standing, ServiceVersion] = {}


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
    """What the catalogue shows: services that can be started first, then by institution and name. Retired ones are not shown."""
    order = list(places.institutions())
    services = [_load(_Standing(*row)) for row in _rows(STANDING, [])]
    shown = [s for s in services if s.stage != Stage.RETIRED and (not institution or s.institution == institution)]
    return sorted(shown, key=lambda s: (not s.startable, order.index(s.institution), s.name.ar))


def search(query: str, *, language: str = "ar", limit: int = HITS_MAX) -> list[ServiceHit]:
    """Services by what people type: all words, else some of them, else words spelt alike. `language` orders equals."""
    asked = words.asked_stems(query[:QUERY_LETTERS_MAX])
    if not asked:
        return []
    same = places.synonyms()
    every = words.tsquery(asked, same)
    found = _rows(FOUND, [every, limit]) or (
        _rows(FOUND, [words.tsquery(asked, same, joined=" | "), limit]) if len(asked) > 1 else []
    )
    wanted = tuple(dict.fromkeys(other for word in asked for other in same.get(word, (word,))))
    if found:
        return _hits(found, wanted, language=language)
    typed = words.spelt(asked)
    return _hits(_rows(ALIKE, [typed, typed, ALIKE_ENOUGH, limit]), (), language=language)


def list_institutions(*, among: Sequence[ServiceVersion] | None = None) -> list[InstitutionFacts]:
    """Every institution with the number of its services in the catalogue, or among those that the caller has just listed."""
    shown = [service.institution for service in (list_published() if among is None else among)]
    return [
        replace(institution, services_count=shown.count(institution.id))
        for institution in places.institutions().values()
    ]


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


def _hits(rows: Sequence[Sequence[Any]], wanted: tuple[str, ...], *, language: str) -> list[ServiceHit]:
    services = {service.id: service for service in list_published()}
    hits = [_hit(services[service_id], wanted, float(rank)) for service_id, rank in rows if service_id in services]
    # Between two that fit, people want the one they can do now.
    return sorted(
        hits, key=lambda hit: (-hit.rank * (2 if hit.service.startable else 1), hit.service.name.in_(language))
    )


def _hit(service: ServiceVersion, wanted: tuple[str, ...], rank: float) -> ServiceHit:
    places_looked = (
        ("name", (service.name.ar, service.name.en)),
        ("keyword", service.keywords),
        ("text", (service.summary.ar, service.summary.en)),
    )
    for why, texts in places_looked:
        for text in texts:
            if any(matched for _run, matched in words.marked(text, wanted)):
                return ServiceHit(service, why, wanted, rank, text if why == "keyword" else "")
    return ServiceHit(service, "alike", wanted, rank)


def _load(standing: _Standing) -> ServiceVersion:
    if standing not in _loaded:
        row = ServiceSnapshot.objects.get(service_id=standing.service_id, version=standing.version)
        source = Source(row.content)
        if source.sha256 != standing.sha256:
            raise SnapshotTamperedError(f"{standing.service_id} v{standing.version} is not what was published")
        service = replace(load_source(source), published_at=standing.published_at)
        _loaded[standing] = replace(service, stage=Stage.SUSPENDED) if standing.suspended else service
    return _loaded[standing]


def _rows(sql: str, values: Sequence[str | float]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
