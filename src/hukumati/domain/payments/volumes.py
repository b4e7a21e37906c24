"""What was paid, counted: what a policy or a tariff is held against before it rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count

from hukumati.domain.payments.models import Receipt
from hukumati.domain.policies.facts import Volume
from hukumati.kernel.money import Money

if TYPE_CHECKING:
    from datetime import datetime

VOLUMES_MAX: Final = 100_000


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
