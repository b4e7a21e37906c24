"""The worker on the real database: what it does with what was deferred, and with what a dead one left behind."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from hukumati.infra.jobs import enqueue, job, runner

done: list[str] = []


@job(queue="ordinary")
def note(*, word: str) -> None:
    done.append(word)


@transaction.atomic
def enqueue_and_roll_back(word):
    enqueue(f"{__name__}.note", word=word)
    raise ZeroDivisionError


@job(queue="ordinary")
def note_and_roll_back(*, word: str) -> None:
    with pytest.raises(ZeroDivisionError):
        enqueue_and_roll_back(word)
    done.append("rolled back")


@job(queue="elsewhere")
def note_elsewhere(*, word: str) -> None:
    done.append(word)


@job(queue="ordinary", retry=False)
def fail() -> None:
    raise ValueError("on purpose")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


def count_jobs(status):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = %s", [status])
        return cursor.fetchone()[0]


@pytest.fixture
def work(transactional_db):
    def run(**options):
        runner.run(wait=False, **options)

    return run


def test_a_deferred_job_is_done_once_and_leaves_nothing(work):
    enqueue(f"{__name__}.note", word="done")
    work()
    work()
    assert done == ["done"]
    assert count_jobs("succeeded") == 0


def test_a_job_deferred_in_a_rolled_back_transaction_never_was(work):
    with pytest.raises(ZeroDivisionError):
        enqueue_and_roll_back("never")
    work()
    assert done == []


def test_a_job_defers_another_in_its_own_transaction(work):
    enqueue(f"{__name__}.note_and_roll_back", word="never")
    work()
    assert done == ["rolled back"]


def test_with_a_key_at_most_one_waits(work):
    for _ in range(3):
        enqueue(f"{__name__}.note", key="one", word="done")
    work()
    assert done == ["done"]


def test_a_worker_takes_from_the_queues_it_was_given(work):
    app.tasks[f"{__name__}.note_elsewhere"].defer(word="elsewhere")
    app.tasks[f"{__name__}.note"].defer(word="ordinary")
    work(queues=["elsewhere"])
    assert done == ["elsewhere"]
    work()
    assert done == ["elsewhere", "ordinary"]


def test_a_job_that_fails_for_good_stays_to_be_seen(work):
    app.tasks[f"{__name__}.fail"].defer()
    work()
    assert count_jobs("failed") == 1


def test_what_a_dead_worker_had_begun_is_begun_again(work):
    enqueue(f"{__name__}.note", word="taken up again")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
    work()  # prunes the dead worker; its job is put back beside
    work()
    assert done == ["taken up again"]


@pytest.mark.django_db
def test_what_is_due_every_second_survives_its_own_faults():
    moments = []

    def fault(*, at):
        moments.append(at)
        raise ValueError("on purpose")

    runner._called_once("fault", fault)
    assert moments[0].tzinfo is not None
