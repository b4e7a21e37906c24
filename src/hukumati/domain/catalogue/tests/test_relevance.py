"""Search finds what people look for, and goes on doing so."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import call_command

from hukumati.domain.catalogue.tests.relevance import measure

DAY = date(2026, 11, 23)


# Slightly under what was measured; raise them when the search gets better. Measured: 0.98 and 0.98, of what it was not tuned on 0.92 and 0.91.
FLOORS = {"all": (0.94, 0.94), "unseen": (0.85, 0.85)}
QUERIES_MIN = 100


@pytest.mark.django_db
def test_search_finds_what_people_look_for_as_well_as_before():
    call_command("services", "publish", "--all", stdout=io.StringIO())
    call_command("services", "import", stdout=io.StringIO())
    measured = measure(on=DAY)
    assert len(measured["all"].places) >= QUERIES_MIN
    for name, (reciprocal_rank, top) in FLOORS.items():
        assert measured[name].reciprocal_rank >= reciprocal_rank, measured[name].missed
        assert measured[name].top >= top, measured[name].missed
