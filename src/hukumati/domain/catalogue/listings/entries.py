"""Lists of services, each a light row: a page of thousands costs one query and loads no folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from hukumati.domain.catalogue import places
from hukumati.domain.catalogue.facts import Kind, ServiceNotFound, Stage
from hukumati.domain.catalogue.listings.facts import DescribedService, Directory, EntriesPage, Entry, Wanted
from hukumati.domain.catalogue.models import ServiceDescription, ServiceListing
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

ON_A_PAGE = 48
COUNTS = """
SELECT 'institution', institution, count(*) FROM catalogue_servicelisting WHERE stage <> 'retired' GROUP BY 2
UNION ALL SELECT 'category', category, count(*) FROM catalogue_servicelisting WHERE stage <> 'retired' GROUP BY 2
UNION ALL SELECT 'life_event', unnest(life_events), count(*) FROM catalogue_servicelisting WHERE stage <> 'retired' GROUP BY 2
"""
COLUMNS = (
    "service_id", "institution", "name_ar", "name_en", "summary_ar", "summary_en", "icon", "kind", "stage", "fees", "answer_within_working_days",
    "at_once", "category", "life_events", "suspended_at", "asks",
)  # fmt: skip


def page_of_entries(wanted: Wanted, *, on: date, page: int = 1, size: int = ON_A_PAGE) -> EntriesPage:
    """A page of what is offered: by institution, and in each what can be done now first; of a subject, what can be done now first of all."""
    rows = _shown(wanted)
    count = rows.count()
    pages = max(1, -(-count // size))
    number = min(max(page, 1), pages)
    first = ("-can_start", "position") if wanted.category or wanted.life_event else ("position", "-can_start")
    within = rows.order_by(*first, "name_ar", "service_id")[(number - 1) * size : number * size]
    return EntriesPage(tuple(entries_of(within.values_list(*COLUMNS), on=on)), count, number, pages)


def list_first_entries(*, on: date, limit: int) -> list[Entry]:
    """A few for a front page: what can be done now first."""
    rows = _shown(Wanted()).order_by("-can_start", "position", "name_ar", "service_id")[:limit]
    return entries_of(rows.values_list(*COLUMNS), on=on)


def directory() -> Directory:
    """Institutions, categories and events of life, each with the number of its services: one query."""
    counts = {(kind, name): count for kind, name, count in _counts()}
    return Directory(
        tuple(
            replace(one, services_count=counts.get(("institution", one.id), 0))
            for one in places.institutions().values()
        ),
        tuple(replace(one, services_count=counts.get(("category", one.id), 0)) for one in places.categories().values()),
        tuple(
            replace(one, services_count=counts.get(("life_event", one.id), 0)) for one in places.life_events().values()
        ),
    )


def _counts() -> list[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return list(cursor.fetchall())


def get_described(service_id: str, *, on: date) -> DescribedService:
    """All that is told of a service that is only described, and its way so far. Refuses with ServiceNotFound; a folder has its own page."""
    row = ServiceListing.objects.filter(pk=service_id, snapshot__isnull=True).values(*COLUMNS, "keywords").first()
    if row is None:
        raise ServiceNotFound(service_id)
    return described(row, ServiceDescription.objects.get(pk=service_id), on=on)


def described(row: dict[str, Any], description: ServiceDescription, *, on: date) -> DescribedService:
    """A listing and its description as one."""
    return DescribedService(
        entry=entry_of(row, on=on),
        who=_text_or_none(description.who_ar, description.who_en),
        papers=tuple(Text(paper["ar"], paper["en"]) for paper in description.papers),
        offices=tuple(description.offices),
        place=_text_or_none(description.place_ar, description.place_en),
        hours=_text_or_none(description.hours_ar, description.hours_en),
        owner=description.owner,
        keywords=tuple(row["keywords"]),
        legal_basis=tuple(description.legal_basis),
        pay_by=tuple(description.pay_by),
        pick_up=tuple(description.pick_up),
        demonstration=description.demonstration,
    )


def clerk_states(institution: str) -> list[str]:
    """States in which some published service of this institution waits for a clerk."""
    found = ServiceListing.objects.filter(institution=institution, snapshot__isnull=False)
    return sorted({state for states in found.values_list("clerk_states", flat=True) for state in states})


def entries_of(rows: Iterable[Sequence[Any]], *, on: date) -> list[Entry]:
    return [entry_of(dict(zip(COLUMNS, row, strict=True)), on=on) for row in rows]


def entry_of(row: dict[str, Any], *, on: date) -> Entry:
    """A row as lists show it."""
    return Entry(
        id=row["service_id"],
        institution=row["institution"],
        name=Text(row["name_ar"], row["name_en"]),
        summary=Text(row["summary_ar"], row["summary_en"]),
        icon=row["icon"],
        kind=Kind(row["kind"]),
        stage=Stage.SUSPENDED if row["suspended_at"] else Stage(row["stage"]),
        fee_from=fee_on(row["fees"], on),
        answer_within_working_days=row["answer_within_working_days"],
        at_once=row["at_once"],
        category=row["category"],
        life_events=tuple(row["life_events"]),
        asks=tuple(_ask(path) for path in row["asks"]),
    )


def _ask(path: str) -> tuple[str, str]:
    registry, _slash, service = path.rpartition("/")
    return registry, service


def fee_on(fees: Sequence[Sequence[Any]] | None, on: date) -> Money | None:
    """What it costs on a day: the last change before it counts."""
    if fees is None:
        return None
    day = on.isoformat()
    begun = [(since, amount, currency) for since, amount, currency in fees if since <= day]
    return Money(begun[-1][1], begun[-1][2]) if begun else Money(0)


def _text_or_none(ar: str, en: str) -> Text | None:
    return Text(ar, en) if ar else None


def _shown(wanted: Wanted) -> QuerySet[ServiceListing]:
    """Retired services are not shown in lists; their pages stay, for whoever kept the address."""
    asked = Q()
    if wanted.institution:
        asked &= Q(institution=wanted.institution)
    if wanted.category:
        asked &= Q(category=wanted.category)
    if wanted.life_event:
        asked &= Q(life_events__contains=[wanted.life_event])
    if wanted.online:
        asked &= Q(can_start=True)
    return ServiceListing.objects.exclude(stage=Stage.RETIRED).filter(asked)
