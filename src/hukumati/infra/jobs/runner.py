"""One worker process: takes jobs from the queues, lets the clock start the periodic ones, and does what is due every second.

Stops on SIGTERM or SIGINT: takes no more, gives what is running a few seconds. A job that a dead worker left behind is taken up again.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app, connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

CONCURRENCY = 4
CONNECTIONS_MAX = 4
HEARTBEAT_SECONDS = 2.0
STALLED_AFTER_SECONDS = 15.0
GRACE_SECONDS = 6.0
RETRY_STALLED_EVERY_SECONDS = 5.0
POLLING_SECONDS = 5.0

log = structlog.get_logger(__name__)


def run(*, queues: Sequence[str] | None = None, concurrency: int = CONCURRENCY, wait: bool = True) -> None:
    """Work until told to stop, or, with `wait=False`, until no job is left."""
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=CONNECTIONS_MAX)
    with app.replace_connector(connector):
        asyncio.run(_work(queues=queues, concurrency=concurrency, wait=wait))


async def _work(*, queues: Sequence[str] | None, concurrency: int, wait: bool) -> None:
    options: dict[str, Any] = {
        "concurrency": concurrency,
        "wait": wait,
        "delete_jobs": "successful",
        "fetch_job_polling_interval": POLLING_SECONDS,
        "shutdown_graceful_timeout": GRACE_SECONDS,
        "update_heartbeat_interval": HEARTBEAT_SECONDS,
        "stalled_worker_timeout": STALLED_AFTER_SECONDS,
    }
    if queues:
        options["queues"] = queues
    async with app.open_async():
        beside = [asyncio.create_task(_retry_stalled())]
        beside += [asyncio.create_task(_each_second(name)) for name in settings.EACH_SECOND if wait]
        log.info("worker_started", queues=list(queues or ["all"]), concurrency=concurrency)
        try:
            await app.run_worker_async(**options)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            log.info("worker_stopped")


async def _retry_stalled() -> None:
    """What a killed worker had begun is begun again; jobs are idempotent. Another worker may be quicker, which is as good."""
    while True:
        with suppress(ConnectorException):
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
                with suppress(ConnectorException):
                    await app.job_manager.retry_job(job)
                    log.warning("job_taken_up_again", job=job.task_name)
        await asyncio.sleep(RETRY_STALLED_EVERY_SECONDS)


async def _each_second(name: str) -> None:
    """Call a plain function of the time, not a job: a row written and deleted every second would cost more than its work."""
    call = sync_to_async(_called_once, thread_sensitive=False)
    function = import_string(name)
    while True:
        await call(name, function)
        await asyncio.sleep(1)


def _called_once(name: str, function: Callable[..., object]) -> None:
    now: datetime = timezone.now()
    try:
        close_old_connections()
        function(at=now)
    except Exception:
        log.exception("each_second_failed", function=name)
    finally:
        close_old_connections()
