"""The door: publish an event in the transaction that caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from hukumati.infra.jobs import enqueue
from hukumati.infra.outbox.models import Event

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["publish"]


def publish(name: str, *, about: str, at: datetime, **facts: Any) -> None:
    """Write the event and one job for each subscriber that settings.SUBSCRIBERS names.

    Subscribers are jobs that receive `about` and the facts (JSON values) as keyword arguments. Needs an open transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{name} was published outside a transaction")
    Event.objects.create(name=name, about=about, facts=facts, happened_at=at)
    for subscriber in settings.SUBSCRIBERS.get(name, ()):
        enqueue(subscriber, about=about, **facts)
