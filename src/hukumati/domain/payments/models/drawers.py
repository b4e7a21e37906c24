"""The cashier's drawer."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from hukumati.domain.payments.facts import DrawerFacts, DrawerState
from hukumati.domain.payments.models.charges import LockingQuerySet
from hukumati.kernel.money import Money


class Drawer(models.Model):
    """One cashier's cash at one office, from opening to count."""

    reference = models.TextField(unique=True)
    cashier = models.TextField()
    office = models.TextField()
    currency = models.TextField(default="ILS")
    state = models.TextField(default=DrawerState.OPEN.value)
    float_minor = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    counted_minor = models.BigIntegerField(null=True)
    expected_minor = models.BigIntegerField(null=True)
    slips_minor = models.BigIntegerField(null=True)
    slips_counted_minor = models.BigIntegerField(null=True)

    objects = LockingQuerySet["Drawer"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[member.value for member in DrawerState]), name="drawer_state_is_known"
            ),
            models.CheckConstraint(condition=Q(float_minor__gte=0), name="drawer_float_is_not_negative"),
            models.CheckConstraint(
                condition=Q(
                    state="open", closed_at__isnull=True, counted_minor__isnull=True, expected_minor__isnull=True
                )
                | Q(state="closed", closed_at__isnull=False, counted_minor__gte=0, expected_minor__isnull=False),
                name="drawer_counted_iff_closed",
            ),
            models.CheckConstraint(
                condition=Q(slips_minor__isnull=True, slips_counted_minor__isnull=True)
                | Q(state="closed", slips_minor__isnull=False, slips_counted_minor__isnull=False),
                name="drawer_slips_counted_whole",
            ),
            models.UniqueConstraint(fields=["cashier"], condition=Q(state="open"), name="drawer_one_open_per_cashier"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["closed_at"], condition=Q(state="closed"), name="drawer_closed_by_time"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="drawer_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="drawer_closed_is_final", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="closed")
            ),
            pgtrigger.ReadOnly(
                name="drawer_stays_whose_it_was",
                fields=["reference", "cashier", "office", "float_minor", "currency", "opened_at"],
            ),
        ]

    def facts(self) -> DrawerFacts:
        return DrawerFacts(
            reference=self.reference,
            cashier=self.cashier,
            office=self.office,
            state=DrawerState(self.state),
            floated=Money(self.float_minor, self.currency),
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            counted=None if self.counted_minor is None else Money(self.counted_minor, self.currency),
            expected=None if self.expected_minor is None else Money(self.expected_minor, self.currency),
            variance=self._variance(),
            slips=None if self.slips_minor is None else Money(self.slips_minor, self.currency),
            slips_counted=None if self.slips_counted_minor is None else Money(self.slips_counted_minor, self.currency),
        )

    def _variance(self) -> Money | None:
        if self.counted_minor is None or self.expected_minor is None:
            return None
        return Money(self.counted_minor - self.expected_minor, self.currency)
