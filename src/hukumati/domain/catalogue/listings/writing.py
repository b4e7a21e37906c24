"""Writing what lists and search read. Every publication writes its row anew, because the way words are compared may have changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from hukumati.domain.catalogue import places, rules, tariff
from hukumati.domain.catalogue.models import CatalogueWord, ServiceDescription, ServiceListing
from hukumati.domain.catalogue.spelling import skeleton, spelt
from hukumati.domain.catalogue.words import stems
from hukumati.kernel.process import By

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.models import ServiceSnapshot

ALWAYS = date.min
AT_ONCE = 1000
LISTING_FIELDS = [
    field_.name
    for field_ in ServiceListing._meta.concrete_fields  # noqa: SLF001 (Django's documented way to a model's fields)
    if not field_.primary_key and not field_.generated and not field_.name.startswith("suspended")
]
DESCRIPTION_FIELDS = [
    field_.name
    for field_ in ServiceDescription._meta.concrete_fields  # noqa: SLF001
    if not field_.primary_key
]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the catalogue with its description, ready to be written."""

    id: str
    listing: dict[str, Any]
    description: dict[str, Any]
    words: frozenset[str] = field(default_factory=frozenset)


def list_version(service: ServiceVersion, snapshot: ServiceSnapshot) -> None:
    """Show this version of a folder."""
    write([_of_version(service, snapshot)])


def write(rows: Sequence[Listed]) -> None:
    """Show these; what stood under the same ids before is replaced, but a suspension holds."""
    ServiceListing.objects.bulk_create(
        [ServiceListing(service_id=row.id, **row.listing) for row in rows],
        update_conflicts=True,
        unique_fields=["service_id"],
        update_fields=LISTING_FIELDS,
        batch_size=AT_ONCE,
    )
    ServiceDescription.objects.bulk_create(
        [ServiceDescription(listing_id=row.id, **row.description) for row in rows],
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=DESCRIPTION_FIELDS,
        batch_size=AT_ONCE,
    )
    _keep_words(frozenset().union(*(row.words for row in rows)) if rows else frozenset())


def listed(
    service_id: str,
    *,
    texts: Sequence[tuple[str, Sequence[str]]],
    called: Iterable[str],
    listing: dict[str, Any],
    description: dict[str, Any],
) -> Listed:
    """Put together a row; `texts` are (weight, texts) for the search, `called` are the names and keywords that ranking compares."""
    weighed = [(weight, [word for text in those for word in stems(text)]) for weight, those in texts]
    vector = sum(
        (SearchVector(Value(" ".join(found)), weight=weight, config="simple") for weight, found in weighed[1:]),
        SearchVector(Value(" ".join(weighed[0][1])), weight=weighed[0][0], config="simple"),
    )
    phrases = [" ".join(stems(name)) for name in called]
    return Listed(
        service_id,
        {**listing, "search": vector, "called": phrases},
        description,
        frozenset(word for _weight, found in weighed for word in found),
    )


def institution_words(institution: str) -> tuple[str, str]:
    name = places.institution_name(institution)
    return name.ar, name.en


def position_of(institution: str) -> int:
    return list(places.institutions()).index(institution)


def _of_version(service: ServiceVersion, snapshot: ServiceSnapshot) -> Listed:
    return listed(
        service.id,
        texts=(
            ("A", (service.name.ar, service.name.en)),
            ("B", service.keywords),
            ("D", (service.summary.ar, service.summary.en, *institution_words(service.institution))),
        ),
        called=(service.name.ar, service.name.en, *service.keywords),
        listing={
            "snapshot": snapshot,
            "institution": service.institution,
            "position": position_of(service.institution),
            "name_ar": service.name.ar,
            "name_en": service.name.en,
            "summary_ar": service.summary.ar,
            "summary_en": service.summary.en,
            "icon": service.icon,
            "kind": service.kind,
            "stage": service.stage,
            "category": service.category,
            "life_events": list(service.life_events),
            "fees": _fees_by_day(service),
            "answer_within_working_days": service.answer_within_working_days,
            "at_once": rules.passes_without_review(service),
            "asks": ["/".join(ask) for ask in service.asks],
            "clerk_states": _clerk_states(service),
            "keywords": list(service.keywords),
            "changed_at": snapshot.published_at,
        },
        description={
            "who_ar": service.who.ar,
            "who_en": service.who.en,
            "papers": [{"ar": paper.ar, "en": paper.en} for paper in service.papers],
            "offices": list(service.offices),
            "legal_basis": list(service.legal_basis),
            "pay_by": list(service.pay_by),
            "pick_up": sorted(service.pick_up),
        },
    )


def _fees_by_day(service: ServiceVersion) -> list[list[Any]]:
    """What the least of it costs from each day on which the tariff changes."""
    days = {ALWAYS} | {
        day for line in service.fee_lines for day in (line.valid_from, line.valid_until) if day is not None
    }
    totals = [(day, tariff.least(service, on=day)) for day in sorted(days)]
    return [[day.isoformat(), total.amount_minor, total.currency] for day, total in totals]


def _clerk_states(service: ServiceVersion) -> list[str]:
    steps = service.process.steps if service.process else ()
    return sorted({step.from_ for step in steps if step.by == By.CLERK})


def _keep_words(found: frozenset[str]) -> None:
    """Words stay when their service goes: one that leads nowhere harms nobody."""
    CatalogueWord.objects.bulk_create(
        [CatalogueWord(word=word, spelt=spelt(word), skeleton=skeleton(word)) for word in sorted(found)],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
