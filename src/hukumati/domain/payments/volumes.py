"""What was paid, counted: what a policy or a tariff is held against before it rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Func, Sum, TextField, Value

from hukumati.domain.payments.models import ChargeLine, Receipt
from hukumati.domain.policies.facts import Volume
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from datetime import datetime

VOLUMES_MAX: Final = 100_000
LINES_MAX: Final = 1_000


def list_volumes(*, since: datetime, until: datetime) -> list[Volume]:
    """Fees paid from `since` until just before `until`, counted by service, way and sum; the greatest counts when there are too many kinds."""
    rows = (
        Receipt.objects.filter(charge__paid_at__gte=since, charge__paid_at__lt=until)
        .values_list("charge__service", "attempt__way", "charge__total_minor", "charge__currency")
        .annotate(count=Count("pk"))
        .order_by("-count", "charge__service", "attempt__way", "charge__total_minor")[:VOLUMES_MAX]
    )
    told = [Volume(service, way, Money(minor, currency), count) for service, way, minor, currency, count in rows]
    return sorted(told, key=lambda one: (one.service, one.way, one.amount.currency, one.amount.amount_minor))


@dataclass(frozen=True, slots=True)
class LineVolume:
    """One line of a tariff as it was paid: how often, how many of it, and for how much together."""

    code: str
    name: Text
    unit: Money
    times: int
    quantity: int
    amount: Money


def list_line_volumes(service: str, *, since: datetime, until: datetime) -> list[LineVolume]:
    """What the paid fees of a service consisted of, from `since` until just before `until`. The line of a record is told by its code before the colon."""
    rows = (
        ChargeLine.objects.filter(charge__service=service, charge__paid_at__gte=since, charge__paid_at__lt=until)
        .annotate(kind=Func(F("code"), Value(":"), Value(1), function="split_part", output_field=TextField()))
        .values_list("kind", "name_ar", "name_en", "unit_minor", "charge__currency")
        .annotate(times=Count("pk"), many=Sum("quantity"), together=Sum("amount_minor"))
        .order_by("kind", "unit_minor")[:LINES_MAX]
    )
    return [
        LineVolume(kind, Text(ar, en), Money(unit, currency), times, many, Money(together, currency))
        for kind, ar, en, unit, currency, times, many, together in rows
    ]
