"""Background work, on procrastinate: a job is deferred inside the caller's transaction, so it exists if and only if the change does.

Jobs take ids in, load, call one action; they are idempotent, because a job may run twice.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

STUBBORN = RetryStrategy(max_attempts=12, exponential_wait=2)  # 2, 4, 8 … seconds: over an hour together


def job(
    *, queue: str = "default", retry: RetryStrategy | bool = STUBBORN, priority: int = 0
) -> Callable[[Callable[..., None]], Any]:
    """Declare a job. Its name is its dotted path, so that `enqueue` and the wiring can name it without importing it."""

    def declare(function: Callable[..., None]) -> Any:
        name = f"{function.__module__}.{function.__qualname__}"
        return app.task(name=name, queue=queue, retry=retry, priority=priority)(function)

    return declare


def every(cron: str, *, queue: str = "clock") -> Callable[[Callable[..., None]], Any]:
    """Declare a job that the clock starts. `cron` may carry a sixth field for seconds. The job receives `timestamp`."""

    def declare(function: Callable[..., None]) -> Any:
        name = f"{function.__module__}.{function.__qualname__}"
        task = app.task(name=name, queue=queue, queueing_lock=name, pass_context=False)(function)
        return app.periodic(cron=cron)(task)

    return declare


def enqueue(name: str, *, at: datetime | None = None, key: str | None = None, **arguments: Any) -> None:
    """Defer the job called `name` (dotted path) in the current transaction. With `key`, at most one is waiting."""
    task = app.configure_task(name, schedule_at=at, queueing_lock=key, allow_unknown=True)
    # Inside a worker the app speaks over connections of its own; a job must be born on Django's, in the caller's transaction.
    task.job_manager = JobManager(DjangoConnector())
    if key is None:
        task.defer(**arguments)
        return
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(**arguments)
