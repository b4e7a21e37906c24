"""Figures of an institution, from the rows of its services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from hukumati.domain.catalogue import places
from hukumati.domain.catalogue.facts import Stage
from hukumati.domain.catalogue.listings.facts import InstitutionFigures

if TYPE_CHECKING:
    from collections.abc import Sequence

BY_STAGE = """
SELECT CASE WHEN suspended_at IS NULL THEN stage ELSE 'suspended' END, count(*)
FROM catalogue_servicelisting WHERE institution = %s AND stage <> 'retired' GROUP BY 1
"""
DAYS_MEDIAN = """
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY answer_within_working_days)
FROM catalogue_servicelisting WHERE institution = %s AND stage <> 'retired' AND answer_within_working_days IS NOT NULL
"""


def figures_of(institution: str) -> InstitutionFigures:
    """Services by stage, the promised days, the offices. Refuses with InstitutionNotFound."""
    places.institution_name(institution)
    found = {Stage(stage): count for stage, count in _rows(BY_STAGE, [institution])}
    return InstitutionFigures(
        by_stage={stage: found[stage] for stage in Stage if stage in found},
        days_median=_rows(DAYS_MEDIAN, [institution])[0][0],
        offices_count=len(places.list_offices(institution=institution)),
    )


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
