"""Tables of payouts. An account, once proposed, says what it said: two people stand behind it, and it is ended, never edited."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from hukumati.domain.payouts.facts import BeneficiaryFacts

CURRENCIES = ["ILS", "JOD", "USD"]


class BeneficiaryAccount(models.Model):
    """Where an institution's fees go. Waits for a second person until approved; takes money from `valid_from` until the day before `ended_on`."""

    reference = models.TextField(unique=True)
    institution = models.TextField()
    iban = models.TextField()
    currency = models.TextField()
    instrument = models.TextField()
    article = models.TextField()
    valid_from = models.DateField()
    ended_on = models.DateField(null=True)
    ended_by = models.TextField(blank=True, default="")
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    approved_by = models.TextField(blank=True, default="")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(currency__in=CURRENCIES), name="beneficiary_currency_is_known"),
            models.CheckConstraint(
                condition=Q(iban__regex=r"^PS\d{2}[A-Z]{4}[0-9A-Z]{21}$"), name="beneficiary_iban_is_ours"
            ),
            models.CheckConstraint(
                condition=~Q(institution="") & ~Q(instrument="") & ~Q(article=""),
                name="beneficiary_is_named_by_an_article",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by="") & ~Q(approved_by=F("proposed_by")), name="beneficiary_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at__isnull=True)
                | ~Q(approved_by="") & Q(approved_at__isnull=False),
                name="beneficiary_approved_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_by="", ended_on__isnull=True) | ~Q(ended_by="") & Q(ended_on__gte=F("valid_from")),
                name="beneficiary_ended_whole",
            ),
            ExclusionConstraint(
                name="beneficiary_one_for_each_day",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    (Func(F("valid_from"), F("ended_on"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(approved_by=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["proposed_at"], condition=Q(approved_by=""), name="beneficiary_waiting"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="beneficiary_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="beneficiary_proposed_first",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__approved_by=""),
            ),
            pgtrigger.Protect(
                name="beneficiary_ended_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_on__isnull=False),
            ),
            pgtrigger.Protect(
                name="beneficiary_approved_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__approved_by="")
                & (
                    pgtrigger.Q(old__approved_by__df=pgtrigger.F("new__approved_by"))
                    | pgtrigger.Q(old__approved_at__df=pgtrigger.F("new__approved_at"))
                ),
            ),
            pgtrigger.ReadOnly(
                name="beneficiary_says_what_it_said",
                fields=[
                    "reference",
                    "institution",
                    "iban",
                    "currency",
                    "instrument",
                    "article",
                    "valid_from",
                    "proposed_by",
                    "proposed_at",
                ],
            ),
        ]

    def facts(self) -> BeneficiaryFacts:
        return BeneficiaryFacts(
            reference=self.reference,
            institution=self.institution,
            iban=self.iban,
            currency=self.currency,
            instrument=self.instrument,
            article=self.article,
            valid_from=self.valid_from,
            ended_on=self.ended_on,
            proposed_by=self.proposed_by,
            proposed_at=self.proposed_at,
            approved_by=self.approved_by,
            approved_at=self.approved_at,
        )
