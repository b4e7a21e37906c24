"""How it stands with one provider, for whoever is on call: what came in, what waits, what it sent. Each question reads a bounded part of an index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from hukumati.domain.payments.facts import AttemptState, NoticeOutcome, RefundState, Way
from hukumati.domain.payments.models import Attempt, Notice, Refund
from hukumati.domain.payments.ports import ProviderUnreachableError
from hukumati.domain.payments.providers import list_settled
from hukumati.infra.ports import list_ports
from hukumati.kernel.calendar import HEBRON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet

COUNTED_MAX: Final = 1_000
"""Beyond it "more than" is said: nobody on call needs to know how much more."""
NOTICES_SHOWN: Final = 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a kind wait, at most COUNTED_MAX + 1 counted, and since when the oldest does."""

    count: int
    oldest: datetime | None

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED_MAX


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice without its bytes, which auditors read at the charge."""

    received_at: datetime
    kind: str
    outcome: NoticeOutcome
    verified: bool


@dataclass(frozen=True, slots=True)
class ProviderWatch:
    """`ways` are those that new payments go to it by. `last_paid` is the last payment that it confirmed."""

    name: str
    ways: tuple[Way, ...]
    paid_in_hour: Waiting
    paid_in_day: Waiting
    last_paid: datetime | None
    undecided: Waiting
    left_open: Waiting
    going_back: Waiting
    failed_back: Waiting
    forged_in_day: Waiting
    notices: Sequence[NoticeLine]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a provider answered just now, and how long it took; `why` is empty when it answered."""

    milliseconds: int
    why: str


def list_watched() -> list[str]:
    """Providers that the wiring names."""
    return sorted(name.removeprefix("payments.") for name in list_ports("payments"))


def watch(name: str, *, at: datetime) -> ProviderWatch:
    """How it stands with a provider. LookupError for one that the wiring does not name."""
    if name not in list_watched():
        raise LookupError(name)
    mine = (
        Attempt.objects.filter(provider=name) if name != Way.TERMINAL else Attempt.objects.filter(provider="", way=name)
    )
    paid = mine.filter(state=AttemptState.PAID)
    asked = mine.filter(next_look_at__isnull=False)
    back = Refund.objects.filter(attempt__in=mine)
    notices = Notice.objects.filter(provider=name)
    last = paid.order_by("-settled_at").values_list("settled_at", flat=True).first()
    return ProviderWatch(
        name=name,
        ways=tuple(Way(way) for way, chosen in settings.PAYMENT_PROVIDERS.items() if chosen == name)
        or ((Way.TERMINAL,) if name == Way.TERMINAL else ()),
        paid_in_hour=_waiting(paid.filter(settled_at__gte=at - HOUR), "settled_at"),
        paid_in_day=_waiting(paid.filter(settled_at__gte=at - DAY), "settled_at"),
        last_paid=last,
        undecided=_waiting(asked.filter(state=AttemptState.OPEN), "started_at"),
        left_open=_waiting(asked.filter(state=AttemptState.UNKNOWN), "started_at"),
        going_back=_waiting(back.filter(next_ask_at__isnull=False), "promised_at"),
        failed_back=_waiting(back.filter(state=RefundState.FAILED, settled_at__gte=at - 30 * DAY), "settled_at"),
        forged_in_day=_waiting(notices.filter(verified=False, received_at__gte=at - DAY), "received_at"),
        notices=[
            NoticeLine(row.received_at, row.kind, NoticeOutcome(row.outcome), row.verified)
            for row in notices.defer("body", "headers").order_by("-received_at")[:NOTICES_SHOWN]
        ],
    )


def probe(name: str, *, at: datetime) -> Probe:
    """Ask a provider for today's list, which changes nothing, and tell how it answered. LookupError for one that the wiring does not name."""
    if name not in list_watched():
        raise LookupError(name)
    began = time.monotonic()
    why = ""
    try:
        list_settled(name, at.astimezone(HEBRON).date())
    except ProviderUnreachableError as fault:
        why = str(fault)[:300]
    return Probe(round((time.monotonic() - began) * 1000), why)


def _waiting[M: Model](rows: QuerySet[M], since: str) -> Waiting:
    moments = list(rows.order_by(since).values_list(since, flat=True)[: COUNTED_MAX + 1])
    return Waiting(len(moments), moments[0] if moments else None)
