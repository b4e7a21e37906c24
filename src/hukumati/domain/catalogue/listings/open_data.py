"""The whole catalogue for everybody: a table, linked data, and what the data set is. Written as it is read, some hundred services at a time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.utils import timezone

from hukumati.domain.catalogue.facts import Stage
from hukumati.domain.catalogue.listings import cpsv
from hukumati.domain.catalogue.listings.entries import COLUMNS as ENTRY_COLUMNS
from hukumati.domain.catalogue.listings.entries import described
from hukumati.domain.catalogue.listings.rows import COLUMNS, FORMULA, PLANNED
from hukumati.domain.catalogue.models import ServiceDescription, ServiceListing, StageMove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from hukumati.domain.catalogue.listings.facts import DescribedService
    from hukumati.kernel.text import Text

AT_ONCE: Final = 500
STATE = """
SELECT count(*), md5(coalesce(string_agg(service_id || stage || coalesce(changed_at::text, '') || coalesce(suspended_at::text, ''), ',' ORDER BY service_id), ''))
FROM catalogue_servicelisting
"""


@dataclass(frozen=True, slots=True)
class OpenFormat:
    """A way to take the catalogue along."""

    content_type: str
    write: Callable[[str], Iterator[str]]


def fingerprint(name: str, *, on: date) -> str:
    """Changes when what would be written changes: with a service, and with the day, because fees change on days."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        told = "|".join(map(str, (*cursor.fetchone(), name, on)))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def safe_cell(text: str) -> str:
    """A spreadsheet takes what begins like this for a formula; the apostrophe says that it is text."""
    return f"'{text}" if text.startswith((*FORMULA, "\t", "\r")) else text


def _table(_base: str) -> Iterator[str]:
    """The columns of the import, so that what was taken along can be brought back."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for services in _services():
        told = _told_moves(services)
        for service in services:
            row = _row(service, told)
            writer.writerow([safe_cell(row.get(column, "")) for column in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _linked(base: str) -> Iterator[str]:
    graph = cpsv.Graph(base.rstrip("/"))
    yield f'{{"@context":{_json(cpsv.CONTEXT)},"@graph":[\n'
    yield ",\n".join(_json(node) for node in graph.around())
    for services in _services():
        yield "".join(f",\n{_json(node)}" for service in services for node in graph.service(service))
    yield "\n]}\n"


def _data_set(base: str) -> Iterator[str]:
    yield json.dumps(cpsv.Graph(base.rstrip("/")).data_set(), ensure_ascii=False, indent=1) + "\n"


FORMATS: Final = {
    "csv": OpenFormat("text/csv; charset=utf-8", _table),
    "jsonld": OpenFormat("application/ld+json", _linked),
    "dcat": OpenFormat("application/ld+json", _data_set),
}


def _services() -> Iterator[list[DescribedService]]:
    """Everything that is offered, by id, some hundred at a time: no list of thousands is held, and no cursor stays open."""
    last, on = "", timezone.localdate()
    while True:
        rows = list(
            ServiceListing.objects.filter(service_id__gt=last)
            .exclude(stage=Stage.RETIRED)
            .order_by("service_id")
            .values(*ENTRY_COLUMNS, "keywords")[:AT_ONCE]
        )
        if not rows:
            return
        last = rows[-1]["service_id"]
        descriptions = ServiceDescription.objects.in_bulk([row["service_id"] for row in rows])
        blank = ServiceDescription()
        yield [described(row, descriptions.get(row["service_id"], blank), on=on) for row in rows]


def _told_moves(services: Iterable[DescribedService]) -> dict[tuple[str, str], date]:
    """The latest plan of each stage, and the day on which the present stage was reached."""
    told: dict[tuple[str, str], date] = {}
    for move in StageMove.objects.filter(service_id__in=[service.entry.id for service in services]).order_by("id"):
        if move.planned_on:
            told[move.service_id, PLANNED.get(Stage(move.stage), "")] = move.planned_on
        elif move.happened_on:
            told[move.service_id, f"since {move.stage}"] = move.happened_on
    return told


def _row(service: DescribedService, told: dict[tuple[str, str], date]) -> dict[str, str]:
    entry = service.entry
    since = told.get((entry.id, f"since {entry.stage}"))
    row = {
        "id": entry.id,
        "institution": entry.institution,
        "category": entry.category,
        "life_events": ";".join(entry.life_events),
        "papers_ar": ";".join(paper.ar for paper in service.papers),
        "papers_en": ";".join(paper.en for paper in service.papers),
        "fee": "" if entry.fee_from is None else str(entry.fee_from).replace(",", ""),
        "currency": "" if entry.fee_from is None else entry.fee_from.currency,
        "answer_within_working_days": ""
        if entry.answer_within_working_days is None
        else str(entry.answer_within_working_days),
        "offices": ";".join(service.offices),
        "keywords": ";".join(service.keywords),
        "owner": service.owner,
        "stage": str(entry.stage),
        "since": since.isoformat() if since else "",
        "demonstration": "yes" if service.demonstration else "",
    }
    row |= {column: day.isoformat() for column in PLANNED.values() if (day := told.get((entry.id, column)))}
    for name, words in (
        ("name", entry.name),
        ("summary", entry.summary),
        ("who", service.who),
        ("place", service.place),
        ("hours", service.hours),
    ):
        row |= _both(name, words)
    return row


def _both(name: str, words: Text | None) -> dict[str, str]:
    return {f"{name}_ar": words.ar, f"{name}_en": words.en} if words else {}


def _json(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))
