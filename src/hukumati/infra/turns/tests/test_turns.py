"""Turns are given in order, at the room's pace, and to each caller once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from hukumati.infra.turns.api import Pace, length, place, take_turn

NOON = datetime(2026, 7, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PACE = Pace(turns_a_second=2, burst=3)


@pytest.mark.django_db
def test_a_burst_passes_and_the_rest_wait_one_interval_each():
    due = [take_turn("results", pace=PACE, at=NOON) for _ in range(6)]
    assert [moment <= NOON for moment in due] == [True, True, True, False, False, False]
    assert [moment - NOON for moment in due[3:]] == [SECOND / 2, SECOND, SECOND * 1.5]
    assert length("results", pace=PACE, at=NOON) == 3
    assert [place(moment, pace=PACE, at=NOON) for moment in due] == [0, 0, 0, 1, 2, 3]


@pytest.mark.django_db
def test_a_turn_comes_nearer_as_time_goes_by_and_a_quiet_room_lets_a_burst_through_again():
    due = [take_turn("results", pace=PACE, at=NOON) for _ in range(6)][-1]
    assert place(due, pace=PACE, at=NOON + SECOND) == 1
    assert place(due, pace=PACE, at=NOON + 2 * SECOND) == 0
    later = NOON + 60 * SECOND
    assert [take_turn("results", pace=PACE, at=later) <= later for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_rooms_do_not_wait_for_each_other():
    for _ in range(20):
        take_turn("results", pace=PACE, at=NOON)
    assert take_turn("sign_in", pace=PACE, at=NOON) <= NOON
    assert length("nobody was ever here", pace=PACE, at=NOON) == 0


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_turns():
    due, start = [], threading.Barrier(8)

    def come():
        start.wait()
        due.extend(take_turn("results", pace=PACE, at=NOON) for _ in range(10))
        connection.close()

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(due)) == 80
    assert max(due) - min(due) == 79 * PACE.interval


@given(st.integers(1, 50), st.integers(0, 10_000))
def test_a_place_is_never_negative_and_falls_to_nothing(rate, waited):
    pace = Pace(turns_a_second=rate)
    due = NOON + timedelta(milliseconds=waited)
    assert place(due, pace=pace, at=NOON) >= 0
    assert place(due, pace=pace, at=due) == 0
