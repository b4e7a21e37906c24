"""The breaker as a table of moments."""

from __future__ import annotations

import pytest

from hukumati.infra.http.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(faults_max=3, open_seconds=10, clock=clock)


def open_up(breaker):
    for _ in range(3):
        assert breaker.let_through()
        breaker.failed()


def test_single_faults_do_not_open_it(breaker):
    for _ in range(5):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.state == "closed"
    assert breaker.let_through()


def test_faults_in_a_row_open_it(breaker):
    open_up(breaker)
    assert breaker.state == "open"
    assert not breaker.let_through()


def test_after_a_while_one_caller_tries(breaker, clock):
    open_up(breaker)
    clock.now += 10
    assert breaker.state == "half_open"
    assert [breaker.let_through() for _ in range(3)] == [True, False, False]


def test_a_good_try_closes_it(breaker, clock):
    open_up(breaker)
    clock.now += 10
    breaker.let_through()
    breaker.succeeded()
    assert breaker.state == "closed"


def test_a_bad_try_keeps_it_open_for_as_long_again(breaker, clock):
    open_up(breaker)
    clock.now += 10
    breaker.let_through()
    breaker.failed()
    clock.now += 9
    assert not breaker.let_through()
    clock.now += 1
    assert breaker.let_through()


def test_a_try_that_never_reports_back_is_replaced(breaker, clock):
    open_up(breaker)
    clock.now += 10
    assert breaker.let_through()
    clock.now += 10
    assert breaker.let_through()
