"""Taking over lists of services: many rows, each on its own or all or none; the same list once more changes nothing."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hukumati.domain.catalogue import places
from hukumati.domain.catalogue.facts import Kind, Stage
from hukumati.domain.catalogue.listings import moves, rows, writing
from hukumati.domain.catalogue.listings.facts import ImportReport, RowFault
from hukumati.domain.catalogue.models import ServiceDescription, ServiceListing, StageMove
from hukumati.infra.audit import api as audit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from hukumati.domain.catalogue.listings.files import Read
    from hukumati.domain.catalogue.listings.rows import ListedRow
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.text import Text

    type Refuse = Callable[[int, Mapping[str, str], Sequence[RowFault]], None]

ROWS_AT_ONCE = 500
FAULTS_TOLD_MAX = 200
ICON = "file-text"


class ListRefusedError(ValueError):
    """All or none was asked for, and some row does not hold: nothing was taken. Carries the report."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(f"{report.refused} row(s) do not hold; nothing was taken")
        self.report = report


def import_services(read: Iterable[Read], *, sha256: str, refuse: Refuse, by: Actor, at: datetime) -> ImportReport:
    """Take every row that holds; `refuse` is told of each that does not. A row that disappears from a list stays: services end by `retired`."""
    report = ImportReport(sha256=sha256)
    taking = _Taking(report, refuse, by=by, at=at)
    for some in batched(read, ROWS_AT_ONCE):
        with transaction.atomic():
            taking.take(some)
    with transaction.atomic():
        _tell(report, by=by, at=at)
    return report


@transaction.atomic
def import_all_services(read: Iterable[Read], *, sha256: str, refuse: Refuse, by: Actor, at: datetime) -> ImportReport:
    """Take all rows, or none. Raises ListRefusedError."""
    report = import_services(read, sha256=sha256, refuse=refuse, by=by, at=at)
    if report.refused:
        raise ListRefusedError(report)
    return report


def _tell(report: ImportReport, *, by: Actor, at: datetime) -> None:
    counts = {"new": report.new, "changed": report.changed, "same": report.same, "refused": report.refused}
    audit.write("catalogue.services_imported", about="catalogue", by=by, at=at, sha256=report.sha256, **counts)


class _Taking:
    """One list being taken over, some rows at a time."""

    def __init__(self, report: ImportReport, refuse: Refuse, *, by: Actor, at: datetime) -> None:
        self.report, self.refuse, self.by, self.at = report, refuse, by, at
        self.seen: set[int] = set()
        self.names = rows.Names(
            frozenset(places.institutions()),
            frozenset(places.categories()),
            frozenset(places.life_events()),
            frozenset(office.id for office in places.list_offices()),
        )

    def take(self, read: Iterable[Read]) -> None:
        checked = [row for one in read if (row := self._checked(one)) is not None]
        folders = self._folders([row.id for _line, _raw, row in checked])
        held = [row for line, raw, row in checked if row.id in folders or self._is_for_a_row(line, raw, row)]
        rest = [row for row in held if row.id not in folders]
        known = self._known([row.id for row in rest])
        changed = [row for row in rest if known.get(row.id) != row.sha256]
        writing.write([_listed(row, at=self.at) for row in changed])
        reached = moves.last_stages({row.id for row in rest})
        moves.record_rows(move for row in held for move in self._moves(row, reached, is_folder=row.id in folders))
        self.report.new += sum(row.id not in known for row in changed)
        self.report.changed += sum(row.id in known for row in changed)
        self.report.same += len(held) - len(changed)

    def _folders(self, ids: Sequence[str]) -> set[str]:
        """Those that stand as a folder: a row about them tells their plan only."""
        return set(ServiceListing.objects.filter(pk__in=ids, snapshot__isnull=False).values_list("pk", flat=True))

    def _known(self, ids: Sequence[str]) -> dict[str, str]:
        return dict(ServiceDescription.objects.filter(pk__in=ids).values_list("pk", "row_sha256"))

    def _is_for_a_row(self, line: int, raw: Mapping[str, str], row: ListedRow) -> bool:
        if row.stage in rows.STAGES:
            return True
        hint = f"“{row.stage}” is reached by publishing a folder; a row is {', '.join(rows.STAGES)}"
        self._refused(line, raw, [RowFault(line, "stage", hint)])
        return False

    def _checked(self, one: Read) -> tuple[int, Mapping[str, str], ListedRow] | None:
        if isinstance(one, RowFault):
            self._refused(one.line, {}, [one])
            return None
        line, raw = one
        row = rows.check(raw, line=line, names=self.names)
        if isinstance(row, list):
            self._refused(line, raw, row)
            return None
        # A number for each id instead of the id: a list of a million must not be held.
        if hash(row.id) in self.seen:
            self._refused(line, raw, [RowFault(line, "id", "stands in this list twice; keep one")])
            return None
        self.seen.add(hash(row.id))
        return line, raw, row

    def _refused(self, line: int, raw: Mapping[str, str], faults: Sequence[RowFault]) -> None:
        self.report.refused += 1
        self.report.faults += faults[: FAULTS_TOLD_MAX - len(self.report.faults)]
        self.refuse(line, raw, faults)

    def _moves(self, row: ListedRow, reached: Mapping[str, str], *, is_folder: bool) -> list[StageMove]:
        """What the row says about its way. How far a folder has come, only its publication says."""
        owner = row.owner or places.institution_name(row.institution).ar
        common = {"service_id": row.id, "owner": owner, "by": self.by.label, "recorded_at": self.at}
        told = [StageMove(stage=stage, planned_on=day, **common) for stage, day in row.planned.items()]
        if not is_folder and (row.since or reached.get(row.id) != row.stage):
            day = row.since or timezone.localdate(self.at)
            told.append(StageMove(stage=row.stage, happened_on=day, **common))
        return told


def _listed(row: ListedRow, *, at: datetime) -> writing.Listed:
    summary, fee = row.summary, row.fee
    return writing.listed(
        row.id,
        texts=(
            ("A", (row.name.ar, row.name.en)),
            ("B", row.keywords),
            ("D", (*_both(summary), *writing.institution_words(row.institution))),
        ),
        called=(row.name.ar, row.name.en, *row.keywords),
        listing={
            "snapshot": None,
            "institution": row.institution,
            "position": writing.position_of(row.institution),
            "name_ar": row.name.ar,
            "name_en": row.name.en,
            "summary_ar": summary.ar if summary else "",
            "summary_en": summary.en if summary else "",
            "icon": places.categories()[row.category].icon if row.category else ICON,
            "kind": Kind.PAID if fee else Kind.OTHER,
            "stage": Stage(row.stage),
            "category": row.category,
            "life_events": list(row.life_events),
            "fees": None if fee is None else [[writing.ALWAYS.isoformat(), fee.amount_minor, fee.currency]],
            "answer_within_working_days": row.answer_within_working_days,
            "at_once": False,
            "clerk_states": [],
            "keywords": list(row.keywords),
            "changed_at": at,
        },
        description=_description(row),
    )


def _description(row: ListedRow) -> dict[str, object]:
    described: dict[str, object] = {
        "papers": [{"ar": paper.ar, "en": paper.en} for paper in row.papers],
        "offices": list(row.offices),
        "owner": row.owner,
        "demonstration": row.demonstration,
        "row_sha256": row.sha256,
    }
    for name, words in (("who", row.who), ("place", row.place), ("hours", row.hours)):
        described[f"{name}_ar"], described[f"{name}_en"] = _both(words) or ("", "")
    return described


def _both(words: Text | None) -> tuple[str, ...]:
    return (words.ar, words.en) if words else ()
