"""Tables of the ledger. Balance and immutability are triggers in migration 0001, plain SQL on purpose: no library switch turns them off."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Posting(models.Model):
    """A set of lines that sum to zero. `kind` and `about` together say it once."""

    reference = models.TextField()
    kind = models.TextField()
    about = models.TextField()
    currency = models.TextField()
    lines_count = models.SmallIntegerField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference"], name="posting_reference_is_unique"),
            models.UniqueConstraint(fields=["kind", "about"], name="posting_said_once"),
            models.CheckConstraint(condition=Q(currency__in=["ILS", "JOD", "USD"]), name="posting_currency_is_known"),
            models.CheckConstraint(condition=Q(lines_count__gte=2), name="posting_has_two_sides"),
        ]
        indexes: ClassVar = [models.Index(fields=["about"], name="posting_by_about")]


class PostingLine(models.Model):
    """One account moved by one posting. Positive is a debit, negative a credit."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    account = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    case_reference = models.TextField()
    instrument = models.TextField()
    article = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["posting", "position"], name="line_has_one_place"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="line_moves_something"),
            models.CheckConstraint(
                condition=Q(account__regex=r"^[a-z_]+(:[A-Za-z0-9_.-]+)*$"), name="line_account_is_well_named"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "currency"], include=["amount_minor"], name="line_by_account"),
            models.Index(fields=["case_reference"], name="line_by_case"),
        ]
