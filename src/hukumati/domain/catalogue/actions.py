"""Proposing, publishing by another person, suspending, resuming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.catalogue import queries
from hukumati.domain.catalogue.facts import ServiceNotFound, Stage, VersionChangedUnderItsNumber, VersionWentBack
from hukumati.domain.catalogue.folder.checks import load_proved
from hukumati.domain.catalogue.folder.loader import load_source
from hukumati.domain.catalogue.folder.source import Source
from hukumati.domain.catalogue.listings import moves, writing
from hukumati.domain.catalogue.models import Proposal, ServiceListing, ServiceSnapshot
from hukumati.domain.catalogue.publication import (
    Decision,
    NothingChanged,
    NotServiceOwner,
    ProposalDecided,
    ProposalNotFound,
    ReasonNotGiven,
    SamePerson,
)
from hukumati.domain.identity import api as identity
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind
from hukumati.kernel.reference import new_reference
from hukumati.kernel.text import cleaned

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.publication import ProposalFacts
    from hukumati.kernel.actor import Actor

REASON_CHARACTERS_MAX = 1000


@transaction.atomic
def propose(path: Path, *, why: str, by: Actor, at: datetime) -> ProposalFacts:
    """Prove a service folder and lay it before another person. The same content once more is the same proposal; other content takes its place.

    Raises ServiceFaultsError. Refuses with NotServiceOwner, ReasonNotGiven, NothingChanged, VersionChangedUnderItsNumber, VersionWentBack.
    """
    service, content = load_proved(path)
    _require_owner(service.institution, by=by)
    reason = cleaned(why)[:REASON_CHARACTERS_MAX]
    if not reason:
        raise ReasonNotGiven
    _require_new(service)
    waiting = Proposal.objects.select_for_update().filter(service_id=service.id, decision=Decision.WAITING).first()
    if waiting is not None and waiting.content_sha256 == service.content_sha256:
        return queries.proposal_facts(waiting)
    if waiting is not None:
        _decide(waiting, Decision.SUPERSEDED, by=by, at=at)
    row = Proposal.objects.create(
        reference=new_reference("V", year=at.year),
        service_id=service.id,
        version=service.version,
        institution=service.institution,
        stage=service.stage,
        name_ar=service.name.ar,
        name_en=service.name.en,
        content=content,
        content_sha256=service.content_sha256,
        why=reason,
        proposed_by=by.label,
        proposed_at=at,
    )
    facts = {"version": service.version, "proposal": row.reference, "sha256": service.content_sha256}
    audit.write("catalogue.service_proposed", about=service.id, by=by, at=at, **facts)
    return queries.proposal_facts(row)


@transaction.atomic
def publish(reference: str, *, by: Actor, at: datetime) -> ServiceVersion:
    """Approve a proposal: its content becomes a version that never changes, and the one that the catalogue shows.

    Refuses with ProposalNotFound, ProposalDecided, NotServiceOwner, SamePerson, VersionChangedUnderItsNumber, VersionWentBack.
    """
    proposal = _lock(reference, by=by)
    if proposal.proposed_by == by.label or _are_one_person(proposal, by):
        raise SamePerson(reference)
    service = load_source(Source(proposal.content))
    _require_new(service)
    _decide(proposal, Decision.APPROVED, by=by, at=at)
    snapshot = ServiceSnapshot.objects.create(
        service_id=service.id,
        version=service.version,
        stage=service.stage,
        content=proposal.content,
        content_sha256=service.content_sha256,
        proposed_by=proposal.proposed_by,
        why=proposal.why,
        published_by=by.label,
        published_at=at,
    )
    writing.list_version(service, snapshot)
    moves.record_reached(service.id, stage=service.stage, institution=service.institution, by=by, at=at)
    facts = {"version": service.version, "stage": str(service.stage), "sha256": service.content_sha256}
    audit.write("catalogue.service_published", about=service.id, by=by, at=at, proposal=reference, **facts)
    return queries.get_published(service.id)


@transaction.atomic
def reject(reference: str, *, reason: str, by: Actor, at: datetime) -> ProposalFacts:
    """Leave what is published as it is, and tell the author why. Refuses with ProposalNotFound, ProposalDecided, NotServiceOwner, ReasonNotGiven."""
    proposal = _lock(reference, by=by)
    words = cleaned(reason)[:REASON_CHARACTERS_MAX]
    if not words:
        raise ReasonNotGiven
    _decide(proposal, Decision.REJECTED, by=by, at=at, reason=words)
    audit.write("catalogue.proposal_rejected", about=proposal.service_id, by=by, at=at, proposal=reference)
    return queries.proposal_facts(proposal)


@transaction.atomic
def list_again(service_id: str) -> None:
    """Write the search words of what is published anew: the way words are compared may have changed. Refuses with ServiceNotFound."""
    listing = ServiceListing.objects.select_related("snapshot").filter(pk=service_id).first()
    if listing is None or listing.snapshot is None:
        raise ServiceNotFound(service_id)
    writing.list_version(load_source(Source(listing.snapshot.content)), listing.snapshot)


@transaction.atomic
def suspend(service_id: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Nobody can start it until it is resumed; applications already filed go on. Refuses with ServiceNotFound."""
    if not ServiceListing.objects.filter(pk=service_id).update(suspended_at=at, suspended_because=reason):
        raise ServiceNotFound(service_id)
    moves.record_reached(service_id, stage=Stage.SUSPENDED, institution=_institution_of(service_id), by=by, at=at)
    audit.write("catalogue.service_suspended", about=service_id, by=by, at=at)


@transaction.atomic
def resume(service_id: str, *, by: Actor, at: datetime) -> None:
    """It stands again at the stage of its version. Refuses with ServiceNotFound."""
    if not ServiceListing.objects.filter(pk=service_id).update(suspended_at=None, suspended_because=""):
        raise ServiceNotFound(service_id)
    stage = Stage(ServiceListing.objects.values_list("stage", flat=True).get(pk=service_id))
    moves.record_reached(service_id, stage=stage, institution=_institution_of(service_id), by=by, at=at)
    audit.write("catalogue.service_resumed", about=service_id, by=by, at=at)


def _lock(reference: str, *, by: Actor) -> Proposal:
    """A proposal that waits, for one who may decide on it: others learn nothing of it."""
    proposal = Proposal.objects.select_for_update().filter(reference=reference).first()
    if proposal is None:
        raise ProposalNotFound(reference)
    _require_owner(proposal.institution, by=by)
    if proposal.decision != Decision.WAITING:
        raise ProposalDecided(reference, proposal.decision)
    return proposal


def _decide(proposal: Proposal, decision: Decision, *, by: Actor, at: datetime, reason: str = "") -> None:
    proposal.decision, proposal.decided_by, proposal.decided_at, proposal.reason = decision, by.label, at, reason
    proposal.save(update_fields=["decision", "decided_by", "decided_at", "reason"])


def _require_owner(institution: str, *, by: Actor) -> None:
    """The system acts in demonstrations and tests only: on the command line of an installation an operator names an employee."""
    if by.kind == ActorKind.SYSTEM:
        return
    staff = identity.get_staff_by_reference(by.id) if by.kind == ActorKind.STAFF else None
    if staff is None or not staff.has_role(identity.Role.SERVICE_OWNER, institution=institution):
        raise NotServiceOwner(institution)


def _are_one_person(proposal: Proposal, by: Actor) -> bool:
    """Two accounts of one person are one person."""
    kind, _colon, author = proposal.proposed_by.partition(":")
    return kind == ActorKind.STAFF and by.kind == ActorKind.STAFF and identity.is_same_person(author, by.id)


def _require_new(service: ServiceVersion) -> None:
    """Not older than what is published, and not other content under a number that is taken."""
    listing = (
        ServiceListing.objects.select_for_update(of=("self",)).select_related("snapshot").filter(pk=service.id).first()
    )
    standing = listing.snapshot if listing else None
    if standing is not None and standing.version > service.version:
        raise VersionWentBack(service.id, service.version, standing.version)
    taken = ServiceSnapshot.objects.filter(service_id=service.id, version=service.version).first()
    if taken is not None and taken.content_sha256 != service.content_sha256:
        raise VersionChangedUnderItsNumber(service.id, service.version)
    if taken is not None:
        raise NothingChanged(service.id, service.version)


def _institution_of(service_id: str) -> str:
    return service_id.partition(".")[0]
