"""Whether registries answer now, known before a citizen starts. Kept a few seconds, and shared by all processes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from hukumati.domain.exchange import registries
from hukumati.domain.exchange.facts import RegistryState
from hukumati.domain.exchange.models import RegistryWatch
from hukumati.infra.ports import adapter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hukumati.domain.exchange.ports import Registry

KEPT = timedelta(seconds=5)
FRESH = timedelta(seconds=25)
"""Older than this, the page checks by itself; the clock's job (every 10 s) normally keeps it younger."""

AT_ONCE_MAX = 16

_kept: dict[str, tuple[datetime, RegistryState]] = {}
_checking = threading.Lock()


def preflight(wanted: Iterable[str], *, at: datetime) -> dict[str, RegistryState]:
    """The state of each registry, as seen not long ago. Never raises: what cannot be known is down."""
    states = {name: kept[1] for name in wanted if (kept := _kept.get(name)) and abs(at - kept[0]) < KEPT}
    missing = sorted(set(wanted) - set(states))
    if missing:
        states |= _stored(missing, at=at)
        for name in sorted(set(missing) - set(states)):
            states[name] = check_now(name, at=at)
        _kept.update({name: (at, states[name]) for name in missing})
    return states


def check_now(registry: str, *, at: datetime) -> RegistryState:
    """Try the registry and let all processes know."""
    # One try at a time in a process: a slow registry must not hold every thread of the web server.
    if not _checking.acquire(timeout=3):
        return RegistryState(registry, up=False, checked_at=at)
    try:
        up = bool(adapter("exchange.registry").check(registry, service=registries.get_registry(registry).probe))
    finally:
        _checking.release()
    return _record(registry, up=up, at=at)


def check_all(*, at: datetime) -> None:
    """Try every registry, side by side: one that hangs keeps nobody from knowing of the others in time."""
    every = registries.list_registries()
    port: Registry = adapter("exchange.registry")
    with ThreadPoolExecutor(max_workers=AT_ONCE_MAX) as checking:
        answers = list(checking.map(lambda one: port.check(one.registry, service=one.probe), every))
    for registry, up in zip(every, answers, strict=True):
        _record(registry.registry, up=bool(up), at=at)


def _record(registry: str, *, up: bool, at: datetime) -> RegistryState:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_registrywatch (registry, up, checked_at) VALUES (%s, %s, %s) "
            "ON CONFLICT (registry) DO UPDATE SET up = EXCLUDED.up, checked_at = EXCLUDED.checked_at "
            "WHERE exchange_registrywatch.checked_at <= EXCLUDED.checked_at",
            [registry, up, at],
        )
    state = RegistryState(registry, up=up, checked_at=at)
    _kept[registry] = (at, state)
    return state


def forget() -> None:
    """Drop what this process keeps."""
    _kept.clear()


def _stored(names: list[str], *, at: datetime) -> dict[str, RegistryState]:
    rows: Any = RegistryWatch.objects.filter(registry__in=names, checked_at__gt=at - FRESH)
    return {row.registry: RegistryState(row.registry, up=row.up, checked_at=row.checked_at) for row in rows}
