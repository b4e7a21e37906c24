"""The way of every service from listed to open, as data: planned, reached, by whom, and how far all have come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from hukumati.domain.catalogue import places
from hukumati.domain.catalogue.facts import Stage
from hukumati.domain.catalogue.listings.facts import BurnUp, BurnUpMonth, MoveFacts
from hukumati.domain.catalogue.models import ServiceDescription, StageMove

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from hukumati.kernel.actor import Actor

ONLINE = (Stage.PILOT, Stage.OPEN)
MONTHS_MAX = 60

STAGES_NOW = """
SELECT CASE WHEN suspended_at IS NULL THEN stage ELSE 'suspended' END, count(*) FROM catalogue_servicelisting GROUP BY 1
"""
LATEST_PLAN = """
SELECT DISTINCT ON (service_id) service_id, planned_on FROM catalogue_stagemove
WHERE stage = 'open' AND planned_on IS NOT NULL ORDER BY service_id, id DESC
"""
FIRST_ONLINE = """
SELECT service_id, min(happened_on) AS happened_on FROM catalogue_stagemove
WHERE stage IN ('pilot', 'open') AND happened_on IS NOT NULL GROUP BY service_id
"""
BY_MONTH = f"""
WITH plan AS ({LATEST_PLAN}), online AS ({FIRST_ONLINE})
SELECT month, sum(planned)::int, sum(online)::int FROM (
  SELECT date_trunc('month', planned_on)::date AS month, 1 AS planned, 0 AS online FROM plan
  UNION ALL SELECT date_trunc('month', happened_on)::date, 0, 1 FROM online) AS steps
GROUP BY month ORDER BY month
"""  # noqa: S608 (constants of this module)
PLANNED_AND_LATE = f"""
WITH plan AS ({LATEST_PLAN}), online AS ({FIRST_ONLINE})
SELECT count(*), count(*) FILTER (WHERE planned_on < %s AND online.service_id IS NULL) FROM plan LEFT JOIN online USING (service_id)
"""  # noqa: S608


def record_reached(service_id: str, *, stage: Stage, institution: str, by: Actor, at: datetime) -> None:
    """Write down that a service stands at this stage since today; once is enough."""
    last = StageMove.objects.filter(service_id=service_id, happened_on__isnull=False).order_by("-id").first()
    if last is not None and last.stage == stage:
        return
    StageMove.objects.create(
        service_id=service_id,
        stage=stage,
        owner=_owner(service_id) or places.institution_name(institution).en,
        happened_on=timezone.localdate(at),
        by=by.label,
        recorded_at=at,
    )


def record_rows(moves: Iterable[StageMove]) -> None:
    """Write down what an imported plan says, where it says something new."""
    wanted = list(moves)
    known = _latest({move.service_id for move in wanted})
    StageMove.objects.bulk_create(
        [
            move
            for move in wanted
            if known.get((move.service_id, move.stage, move.planned_on is not None))
            != (move.planned_on, move.happened_on, move.owner)
        ]
    )


def last_stages(services: set[str]) -> dict[str, str]:
    """The stage that each of these reached last."""
    rows = StageMove.objects.filter(service_id__in=services, happened_on__isnull=False).order_by("id")
    return dict(rows.values_list("service_id", "stage"))


def list_moves(service_id: str) -> tuple[MoveFacts, ...]:
    """The way of one service, stage by stage: the latest plan beside the day it was reached."""
    rows = StageMove.objects.filter(service_id=service_id).order_by("id")
    by_stage: dict[str, list[StageMove]] = {}
    for row in rows:
        by_stage.setdefault(row.stage, []).append(row)
    return tuple(_move(Stage(stage), by_stage[stage]) for stage in Stage if stage in by_stage)


def burn_up(*, on: date) -> BurnUp:
    """All services together: what is planned, what is online, month by month."""
    by_stage = {Stage(stage): count for stage, count in _rows(STAGES_NOW)}
    described = sum(count for stage, count in by_stage.items() if stage != Stage.RETIRED)
    planned, late = _rows(PLANNED_AND_LATE, [on])[0]
    return BurnUp(
        expected=max(places.services_expected(), described),
        described=described,
        by_stage=by_stage,
        planned=planned,
        late=late,
        demonstration=ServiceDescription.objects.filter(demonstration=True).exists(),
        months=_months(_rows(BY_MONTH), on=on),
    )


def _months(rows: Sequence[tuple[Any, ...]], *, on: date) -> tuple[BurnUpMonth, ...]:
    """Every month between the first and the last, with sums up to its end; what is to come has no sum of what is online."""
    steps = {month: (planned, online) for month, planned, online in rows}
    if not steps:
        return ()
    month, last = min(steps), max(*steps, on.replace(day=1))
    told: list[BurnUpMonth] = []
    planned = online = 0
    while month <= last and len(told) < MONTHS_MAX:
        more_planned, more_online = steps.get(month, (0, 0))
        planned, online = planned + more_planned, online + more_online
        told.append(BurnUpMonth(month, planned, online if month <= on else None))
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return tuple(told)


def _move(stage: Stage, rows: Sequence[StageMove]) -> MoveFacts:
    planned = [row.planned_on for row in rows if row.planned_on]
    happened = [row.happened_on for row in rows if row.happened_on]
    return MoveFacts(stage, rows[-1].owner, planned[-1] if planned else None, happened[-1] if happened else None)


def _latest(services: set[str]) -> dict[tuple[str, str, bool], tuple[date | None, date | None, str]]:
    """For each service and stage the latest plan, and the latest day it was reached."""
    rows = StageMove.objects.filter(service_id__in=services).order_by("id")
    return {
        (row.service_id, row.stage, row.planned_on is not None): (row.planned_on, row.happened_on, row.owner)
        for row in rows
    }


def _owner(service_id: str) -> str:
    owners = ServiceDescription.objects.filter(pk=service_id).values_list("owner", flat=True)
    last = StageMove.objects.filter(service_id=service_id).order_by("-id").values_list("owner", flat=True)
    return next((owner for owner in (owners.first(), last.first()) if owner), "")


def _rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())
