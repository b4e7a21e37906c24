"""Tables of the ledger. Balance and immutability are triggers in migration 0001, plain SQL on purpose: no library switch turns them off."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q


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
    day = models.DateField()
    """The day of its posting in Hebron; the database fills and checks it."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["posting", "position"], name="line_has_one_place"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="line_moves_something"),
            models.CheckConstraint(
                condition=Q(account__regex=r"^[a-z_]+(:[A-Za-z0-9_.-]+)*$"), name="line_account_is_well_named"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "currency", "day"], include=["amount_minor"], name="line_by_account_and_day"
            ),
            models.Index(fields=["case_reference"], name="line_by_case"),
            BrinIndex(fields=["day"], name="line_by_day", autosummarize=True, pages_per_range=32),
        ]


class ClosedDay(models.Model):
    """A day, in Hebron, that takes no more postings; nor does any before it. Its insert waits for the postings in flight."""

    day = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()


class DayBalance(models.Model):
    """What one account moved on a closed day, and held at its end. An account that did not move has no row."""

    day = models.ForeignKey(ClosedDay, on_delete=models.PROTECT, related_name="+", db_index=False, db_column="day")
    account = models.TextField()
    currency = models.TextField()
    opening_minor = models.BigIntegerField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    lines_count = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "currency", "day"], name="day_balance_written_once"),
            models.CheckConstraint(
                condition=Q(closing_minor=F("opening_minor") + F("debit_minor") - F("credit_minor")),
                name="day_balance_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(debit_minor__gte=0, credit_minor__gte=0, lines_count__gt=0), name="day_balance_moved"
            ),
        ]


class DayCertificate(models.Model):
    """The signed account of a closed day. `previous` is the digest of the day before; the first day has none."""

    day = models.OneToOneField(ClosedDay, on_delete=models.PROTECT, related_name="+", primary_key=True, db_column="day")
    body = models.BinaryField()
    digest = models.TextField()
    previous = models.TextField(blank=True)
    protected = models.BinaryField()
    signature = models.BinaryField()
    certified_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["previous"], name="certificate_chain_has_no_fork"),
            models.UniqueConstraint(fields=["digest"], name="certificate_digest_is_unique"),
        ]


class SavedQuery(models.Model):
    """A question about the books that an auditor asks again. It holds no figure."""

    owner = models.TextField()
    name = models.TextField()
    question = models.JSONField()
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_query_one_by_name"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(owner=""), name="saved_query_is_named"),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], condition=Q(shared=True), name="saved_query_shared")]
