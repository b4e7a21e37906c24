"""Publishing, suspending, resuming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from hukumati.domain.catalogue import places, queries
from hukumati.domain.catalogue.facts import ServiceNotFound, VersionChangedUnderItsNumber, VersionWentBack
from hukumati.domain.catalogue.folder.checks import load_proved
from hukumati.domain.catalogue.models import ServiceListing, ServiceSnapshot
from hukumati.domain.catalogue.words import spelt, stems
from hukumati.infra.audit import api as audit

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.actor import Actor


@transaction.atomic
def publish(path: Path, *, by: Actor, at: datetime) -> ServiceVersion:
    """Snapshot a service folder. Once more without a change is no change.

    Raises ServiceFaultsError. Refuses with VersionChangedUnderItsNumber when this version was published with other content, and with
    VersionWentBack when a newer one stands in the catalogue.
    """
    service, content = load_proved(path)
    listing = ServiceListing.objects.select_for_update().select_related("snapshot").filter(pk=service.id).first()
    if listing is not None and listing.snapshot.version > service.version:
        raise VersionWentBack(service.id, service.version, listing.snapshot.version)
    snapshot, made = ServiceSnapshot.objects.get_or_create(
        service_id=service.id,
        version=service.version,
        defaults={
            "stage": service.stage,
            "content": content,
            "content_sha256": service.content_sha256,
            "published_by": by.label,
            "published_at": at,
        },
    )
    if snapshot.content_sha256 != service.content_sha256:
        raise VersionChangedUnderItsNumber(service.id, service.version)
    _list(service, snapshot)
    if made:
        facts = {"version": service.version, "stage": str(service.stage), "sha256": service.content_sha256}
        audit.write("catalogue.service_published", about=service.id, by=by, at=at, **facts)
    return queries.get_published(service.id)


@transaction.atomic
def suspend(service_id: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Nobody can start it until it is resumed; applications already filed go on. Refuses with ServiceNotFound."""
    if not ServiceListing.objects.filter(pk=service_id).update(suspended_at=at, suspended_because=reason):
        raise ServiceNotFound(service_id)
    audit.write("catalogue.service_suspended", about=service_id, by=by, at=at)


@transaction.atomic
def resume(service_id: str, *, by: Actor, at: datetime) -> None:
    """It stands again at the stage of its version. Refuses with ServiceNotFound."""
    if not ServiceListing.objects.filter(pk=service_id).update(suspended_at=None, suspended_because=""):
        raise ServiceNotFound(service_id)
    audit.write("catalogue.service_resumed", about=service_id, by=by, at=at)


def _list(service: ServiceVersion, snapshot: ServiceSnapshot) -> None:
    """Show this version. The search words are written anew each time, because the way words are compared may have changed."""
    institution = places.institution_name(service.institution)
    name = _words(service.name.ar, service.name.en)
    keywords = _words(*service.keywords)
    text = _words(service.summary.ar, service.summary.en, institution.ar, institution.en)
    ServiceListing.objects.update_or_create(
        service_id=service.id,
        defaults={
            "snapshot": snapshot,
            "institution": service.institution,
            "search": SearchVector(Value(name), weight="A", config="simple")
            + SearchVector(Value(keywords), weight="B", config="simple")
            + SearchVector(Value(text), weight="D", config="simple"),
            "alike": spelt([name, keywords]),
        },
    )


def _words(*texts: str) -> str:
    return " ".join(word for text in texts for word in stems(text))
