"""Tables of treasury. What banks and providers said is frozen; what was made of it is added, never changed."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from hukumati.domain.treasury.facts import (
    ClearingFacts,
    ClearingKind,
    DifferenceFacts,
    DifferenceKind,
    FileFacts,
    FileKind,
    MatchKind,
)
from hukumati.kernel.money import Money

CURRENCIES = ["ILS", "JOD", "USD"]


def frozen(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class BankFile(models.Model):
    """A file from a bank, byte for byte. The same bytes are taken once."""

    reference = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField()
    digest = models.TextField(unique=True)
    body = models.BinaryField()
    received_by = models.TextField()
    received_at = models.DateTimeField()
    entries_count = models.IntegerField()
    new_entries_count = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[member.value for member in FileKind]), name="bank_file_kind_is_known"
            ),
        ]
        triggers: ClassVar = [frozen("bank_file_is_frozen")]

    def facts(self, *, seen_before: bool = False) -> FileFacts:
        return FileFacts(
            reference=self.reference,
            name=self.name,
            kind=FileKind(self.kind),
            digest=self.digest,
            received_at=self.received_at,
            received_by=self.received_by,
            entries=self.entries_count,
            new_entries=self.new_entries_count,
            seen_before=seen_before,
        )


class BankStatement(models.Model):
    """What a bank said of one account for a day: before, after. Said once by its number."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="+")
    account = models.TextField()
    number = models.TextField()
    currency = models.TextField()
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    opened_on = models.DateField()
    closed_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="bank_statement_taken_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-closed_on"], name="bank_statement_by_day")]
        triggers: ClassVar = [frozen("bank_statement_is_frozen")]


class BankEntry(models.Model):
    """One booked entry on one of our accounts; told by several files, it is one. `reference` is the bank's."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="+")
    account = models.TextField()
    reference = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    remittance = models.TextField(blank=True)
    end_to_end = models.TextField(blank=True)
    counterparty = models.TextField(blank=True)
    counterparty_iban = models.TextField(blank=True)
    match_kind = models.TextField()
    matched_with = models.TextField(blank=True)
    """The provider's day, or the drawer, that it names; empty in suspense."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "reference"], name="bank_entry_counted_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="bank_entry_moves_something"),
            models.CheckConstraint(condition=Q(currency__in=CURRENCIES), name="bank_entry_currency_is_known"),
            models.CheckConstraint(
                condition=Q(match_kind__in=[member.value for member in MatchKind]), name="bank_entry_match_is_known"
            ),
            models.CheckConstraint(
                condition=Q(match_kind="suspense") ^ ~Q(matched_with=""),
                name="bank_entry_is_matched_or_suspended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["matched_with"], condition=~Q(matched_with=""), name="bank_entry_by_match"),
            models.Index(fields=["amount_minor", "-booked_on"], name="bank_entry_by_amount"),
            BrinIndex(fields=["booked_on"], name="bank_entry_by_day"),
        ]
        triggers: ClassVar = [frozen("bank_entry_is_frozen")]


class SettlementLine(models.Model):
    """One line of a provider's list of a day, in our references. `turn` tells apart the lines that the provider gave twice."""

    provider = models.TextField()
    settled_on = models.DateField()
    kind = models.TextField()
    reference = models.TextField()
    turn = models.SmallIntegerField()
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.TextField()
    settled_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "kind", "reference", "settled_on", "turn"], name="settlement_line_taken_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=["payment", "refund"]), name="settlement_line_kind_is_known"),
            models.CheckConstraint(condition=Q(turn__gte=1), name="settlement_line_turn_counts_from_one"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "settled_on"], name="settlement_line_by_day"),
        ]
        triggers: ClassVar = [frozen("settlement_line_is_frozen")]


class Difference(models.Model):
    """What bank, provider and books disagree about; open until answered, by a person or by a later file."""

    reference = models.TextField(unique=True)
    kind = models.TextField()
    about = models.TextField()
    place = models.TextField()
    """The provider or bank account where it was found."""
    currency = models.TextField()
    expected_minor = models.BigIntegerField(null=True)
    found_minor = models.BigIntegerField(null=True)
    evidence = models.JSONField()
    found_at = models.DateTimeField()
    due_on = models.DateField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.TextField(blank=True, default="")
    resolution = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[member.value for member in DifferenceKind]), name="difference_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by="", resolution="")
                | Q(resolved_at__isnull=False) & ~Q(resolved_by="") & ~Q(resolution=""),
                name="difference_answered_by_somebody_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["kind", "place", "about"], condition=Q(resolved_at__isnull=True), name="difference_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], condition=Q(resolved_at__isnull=True), name="difference_open_by_due"),
            models.Index(F("resolved_at").desc(nulls_last=True), name="difference_by_answer"),
            models.Index(fields=["about"], name="difference_by_about"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="difference_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="difference_answered_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__resolved_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="difference_says_what_it_said",
                fields=["reference", "kind", "about", "place", "currency", "found_at"],
            ),
        ]

    def facts(self) -> DifferenceFacts:
        def money(minor: int | None) -> Money | None:
            return None if minor is None else Money(minor, self.currency)

        return DifferenceFacts(
            reference=self.reference,
            kind=DifferenceKind(self.kind),
            about=self.about,
            where=self.place,
            expected=money(self.expected_minor),
            found=money(self.found_minor),
            found_at=self.found_at,
            due_on=self.due_on,
            evidence=self.evidence,
            resolved_at=self.resolved_at,
            resolved_by=self.resolved_by,
            resolution=self.resolution,
        )


class Clearing(models.Model):
    """What one treasurer proposes that money in suspense is; another decides, and the database refuses the same hand."""

    difference = models.ForeignKey(Difference, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    target = models.TextField()
    words = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    decision = models.TextField(blank=True, default="")
    decided_by = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[member.value for member in ClearingKind]), name="clearing_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(words="") & ~Q(target=""), name="clearing_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by="", decided_at__isnull=True)
                | Q(decision__in=["approved", "rejected"], decided_at__isnull=False) & ~Q(decided_by=""),
                name="clearing_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="clearing_takes_two"),
            models.UniqueConstraint(fields=["difference"], condition=Q(decision=""), name="clearing_one_waits"),
            models.UniqueConstraint(fields=["difference"], condition=Q(decision="approved"), name="clearing_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["target"], condition=Q(decision="approved"), name="clearing_by_target"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="clearing_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="clearing_decided_is_final", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__decision="")
            ),
            pgtrigger.ReadOnly(
                name="clearing_asks_what_it_asked",
                fields=["difference", "kind", "target", "words", "proposed_by", "proposed_at"],
            ),
        ]

    def facts(self) -> ClearingFacts:
        return ClearingFacts(
            difference=self.difference.reference,
            kind=ClearingKind(self.kind),
            target=self.target,
            words=self.words,
            proposed_by=self.proposed_by,
            proposed_at=self.proposed_at,
            decision=self.decision,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
            decision_words=self.decision_words,
        )


class MailPlace(models.Model):
    """How far a bank's mailbox was read. It only grows."""

    bank = models.TextField(primary_key=True)
    place = models.BigIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="mail_place_grows",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__place__lt=pgtrigger.F("old__place")),
            ),
        ]


class RefusedFile(models.Model):
    """A file of the bank's that could not be believed: kept apart as it came, and nothing of it is in the books."""

    name = models.TextField()
    digest = models.TextField(unique=True)
    body = models.BinaryField()
    why = models.TextField()
    where = models.TextField(blank=True)
    found = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [frozen("refused_file_is_frozen")]
