"""Whether registries answer now, known before a citizen starts. Kept a few seconds, and shared by all processes.

What is tried is each service of each registry: one of them may be silent while its neighbours answer, and whoever needs the others is not told that nothing works.
"""

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
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hukumati.domain.exchange.ports import Registry
    from hukumati.domain.exchange.registries import RegistryFacts

type Ask = tuple[str, str]
"""A registry and the service of it that is asked; empty = whichever: its first shows whether it is awake."""

KEPT = timedelta(seconds=5)
FRESH = timedelta(seconds=25)
"""Older than this, the page checks by itself; the clock's job (every 10 s) normally keeps it younger."""

AT_ONCE_MAX = 32

_kept: dict[Ask, tuple[datetime, RegistryState]] = {}
_seen: tuple[datetime, Mapping[Ask, RegistryState]] | None = None
_checking = threading.Lock()


def preflight(wanted: Iterable[Ask], *, at: datetime) -> dict[Ask, RegistryState]:
    """The state of each service that is to be asked, as seen not long ago. Never raises: what cannot be known is down."""
    wanted = {(registry, service or registries.get_registry(registry).services[0]) for registry, service in wanted}
    states = {ask: kept[1] for ask in wanted if (kept := _kept.get(ask)) and abs(at - kept[0]) < KEPT}
    missing = sorted(wanted - set(states))
    if missing:
        stored = _stored(at=at)
        for ask in missing:
            states[ask] = stored.get(ask) or check_now(*ask, at=at)
        _kept.update({ask: (at, states[ask]) for ask in missing})
    return states


def silent(states: Mapping[Ask, RegistryState]) -> list[RegistryFacts]:
    """The registries of these of which something that is needed does not answer, each once."""
    return [registries.get_registry(name) for name in sorted({one.registry for one in states.values() if not one.up})]


def last_seen(*, at: datetime) -> Mapping[Ask, RegistryState]:
    """What is known of every service of every registry, for lists: at most one query in some seconds, and nobody is asked."""
    global _seen  # noqa: PLW0603 (one value a process, replaced whole)
    if _seen is None or abs(at - _seen[0]) >= KEPT:
        _seen = (at, _stored(at=at))
    return _seen[1]


def check_now(registry: str, service: str, *, at: datetime) -> RegistryState:
    """Try the service and let all processes know."""
    # One try at a time in a process: a slow registry must not hold every thread of the web server.
    if not _checking.acquire(timeout=3):
        return RegistryState(registry, service, up=False, checked_at=at)
    try:
        up = bool(adapter("exchange.registry").check(registry, service=service))
    finally:
        _checking.release()
    return _record([RegistryState(registry, service, up=up, checked_at=at)])[0]


def check_all(*, at: datetime) -> None:
    """Try every service of every registry, side by side: one that hangs keeps nobody from knowing of the others in time."""
    every = [(one.registry, service) for one in registries.list_registries() for service in one.services]
    port: Registry = adapter("exchange.registry")
    with ThreadPoolExecutor(max_workers=AT_ONCE_MAX) as checking:
        answers = list(checking.map(lambda ask: port.check(ask[0], service=ask[1]), every))
    _record([RegistryState(*ask, up=bool(up), checked_at=at) for ask, up in zip(every, answers, strict=True)])


def _record(states: list[RegistryState]) -> list[RegistryState]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_registrywatch (registry, service, up, checked_at) "
            "SELECT * FROM unnest(%s::text[], %s::text[], %s::boolean[], %s::timestamptz[]) ORDER BY 1, 2 "
            "ON CONFLICT (registry, service) DO UPDATE SET up = EXCLUDED.up, checked_at = EXCLUDED.checked_at "
            "WHERE exchange_registrywatch.checked_at <= EXCLUDED.checked_at",
            [
                [state.registry for state in states],
                [state.service for state in states],
                [state.up for state in states],
                [state.checked_at for state in states],
            ],
        )
    _kept.update({(state.registry, state.service): (state.checked_at, state) for state in states})
    return states


def forget() -> None:
    """Drop what this process keeps."""
    global _seen  # noqa: PLW0603
    _kept.clear()
    _seen = None


def _stored(*, at: datetime) -> dict[Ask, RegistryState]:
    rows: Any = RegistryWatch.objects.filter(checked_at__gt=at - FRESH)
    return {
        (registry, service): RegistryState(registry, service, up=up, checked_at=checked_at)
        for registry, service, up, checked_at in rows.values_list("registry", "service", "up", "checked_at")
    }
