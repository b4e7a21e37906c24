"""Copies that wait at counters."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class PickUp(models.Model):
    """One paper copy set, its code (hashed, keyed), and who handed it over."""

    reference = models.TextField(unique=True)
    about = models.TextField(unique=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    office = models.TextField()
    state = models.TextField(default="waiting")
    code_hash = models.TextField()
    tries = models.IntegerField(default=0)
    codes_on = models.DateField()
    codes_that_day = models.IntegerField(default=1)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "handed_over", "expired"]), name="pick_up_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="handed_over", handed_over_at__isnull=False) & ~Q(handed_over_by="")
                | ~Q(state="handed_over") & Q(handed_over_at__isnull=True, handed_over_by=""),
                name="pick_up_handed_over_at_and_by_iff_handed_over",
            ),
            models.CheckConstraint(condition=Q(tries__gte=0, tries__lte=5), name="pick_up_tries_are_limited"),
        ]
        indexes = [
            models.Index(
                fields=["office", "offered_at"], condition=Q(state="waiting"), name="pick_up_waiting_at_office"
            ),
            models.Index(fields=["expires_at"], condition=Q(state="waiting"), name="pick_up_waiting_until"),
        ]
