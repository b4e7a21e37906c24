"""Versions of the payment policy. What was proposed stays as it was; it is decided once, by another person, and rules from a moment on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from datetime import datetime


class PolicyQuerySet(models.QuerySet["PolicyVersion"]):
    def released(self) -> PolicyQuerySet:
        """Those that rule, ruled or will rule."""
        return self.filter(effective_at__isnull=False, withdrawn_at__isnull=True)

    def in_force(self, at: datetime) -> PolicyVersion | None:
        return self.released().filter(effective_at__lte=at).order_by("-effective_at").first()


class PolicyVersion(models.Model):
    """One version of the whole policy."""

    number = models.IntegerField(unique=True)
    base = models.IntegerField(null=True)
    content = models.JSONField()
    instrument = models.TextField()
    article = models.TextField()
    reason = models.TextField()
    asked_from = models.DateTimeField(null=True)
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    decision = models.TextField(blank=True, default="")
    decided_by = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True, default="")
    back_test = models.JSONField(null=True)
    effective_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gt=0), name="policy_number_is_positive"),
            models.CheckConstraint(
                condition=~Q(instrument="") & ~Q(article="") & ~Q(reason=""), name="policy_rests_on_an_article"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by="") & ~Q(decided_by=F("proposed_by")), name="policy_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by="", decided_at__isnull=True)
                | Q(decision__in=["released", "rejected"], decided_at__isnull=False) & ~Q(decided_by=""),
                name="policy_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decision="released", effective_at__gte=F("decided_at"))
                | ~Q(decision="released") & Q(effective_at__isnull=True),
                name="policy_rules_nothing_past",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by="", withdrawn_at__isnull=True)
                | ~Q(withdrawn_by="") & Q(withdrawn_at__lt=F("effective_at")),
                name="policy_withdrawn_before_it_ruled",
            ),
            models.UniqueConstraint(
                fields=["effective_at"],
                condition=Q(effective_at__isnull=False, withdrawn_at__isnull=True),
                name="policy_one_from_each_moment",
            ),
            models.UniqueConstraint(
                fields=["base"],
                condition=Q(decision="released", withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="policy_follows_each_once",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="policy_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="policy_proposed_first", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__decision="")
            ),
            pgtrigger.ReadOnly(
                name="policy_says_what_it_said",
                fields=[
                    "number",
                    "base",
                    "content",
                    "instrument",
                    "article",
                    "reason",
                    "asked_from",
                    "proposed_by",
                    "proposed_at",
                ],
            ),
            pgtrigger.Protect(
                name="policy_decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__decision="")
                & (
                    pgtrigger.Q(old__decision__df=pgtrigger.F("new__decision"))
                    | pgtrigger.Q(old__decided_by__df=pgtrigger.F("new__decided_by"))
                    | pgtrigger.Q(old__effective_at__df=pgtrigger.F("new__effective_at"))
                    | pgtrigger.Q(old__back_test__df=pgtrigger.F("new__back_test"))
                ),
            ),
            pgtrigger.Protect(
                name="policy_withdrawn_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]
