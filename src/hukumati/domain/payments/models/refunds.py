"""Proof of what was paid, and what goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from hukumati.domain.payments import rules
from hukumati.domain.payments.facts import RefundCause, RefundFacts, RefundProposalFacts, RefundState, RefundWhy, Way
from hukumati.domain.payments.ways import back_at_counter, back_in_cash
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

from hukumati.domain.payments.models.charges import Attempt, Charge, ChargeLine, LockingQuerySet


class ReceiptSeries(models.Model):
    """The last number of each year. Its row is locked until the receipt is committed, so that no number is ever missing."""

    year = models.SmallIntegerField(primary_key=True)
    last_number = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_number__gte=0), name="receipt_series_counts_up")
        ]


class Receipt(models.Model):
    """Proof that a charge was paid, by this attempt. One at most for each; never changed."""

    reference = models.TextField(unique=True)
    year = models.SmallIntegerField()
    number = models.IntegerField()
    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, related_name="+")
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="+")
    posting_reference = models.TextField(unique=True)
    office = models.TextField(blank=True, default="")
    drawer_reference = models.TextField(blank=True, default="", db_index=True)
    paid_at = models.DateTimeField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="receipt_number_is_unique"),
            models.CheckConstraint(condition=Q(number__gt=0), name="receipt_number_is_positive"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="receipt_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Refund(models.Model):
    """Money promised back for one attempt."""

    reference = models.TextField(unique=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="+")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    state = models.TextField(default=RefundState.PROMISED.value)
    cause = models.TextField()
    reason = models.TextField(blank=True, default="")
    promised_by = models.TextField(default="")
    drawer_reference = models.TextField(blank=True, default="", db_index=True)
    code_hash = models.TextField(blank=True, default="")
    code_tries = models.IntegerField(default=0)
    codes_on = models.DateField(null=True)
    codes_that_day = models.IntegerField(default=0)
    provider_refund_id = models.TextField(blank=True, default="")
    promised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)

    lines: RelatedManager[RefundLine]
    objects = LockingQuerySet["Refund"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[member.value for member in RefundState]), name="refund_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=[member.value for member in RefundCause]), name="refund_cause_is_known"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(state="promised", sent_at__isnull=True)
                | Q(state__in=["sent", "confirmed"], sent_at__isnull=False)
                | Q(state="failed"),
                name="refund_sent_at_iff_sent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "failed"], settled_at__isnull=False)
                | Q(state__in=["promised", "sent"], settled_at__isnull=True),
                name="refund_settled_at_iff_settled",
            ),
            models.CheckConstraint(
                condition=Q(code_tries__gte=0, code_tries__lte=5), name="refund_code_tries_are_limited"
            ),
            # One payment goes back by itself at most once, however many times its notice comes.
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(cause__in=["paid_twice", "charge_void", "charge_expired", "unasked"]),
                name="refund_automatic_once_per_attempt",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_ask_at"], condition=Q(next_ask_at__isnull=False), name="refund_by_next_ask")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="refund_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="refund_owes_what_it_owed",
                fields=[
                    "reference",
                    "charge",
                    "attempt",
                    "amount_minor",
                    "currency",
                    "cause",
                    "promised_at",
                    "promised_by",
                ],
            ),
        ]

    def facts(self) -> RefundFacts:
        return RefundFacts(
            reference=self.reference,
            charge_reference=self.charge.reference,
            about=self.charge.about,
            amount=Money(self.amount_minor, self.currency),
            way=Way(self.attempt.way),
            in_cash=back_in_cash(self.attempt.way),
            at_counter=back_at_counter(self.attempt.way),
            state=RefundState(self.state),
            cause=RefundCause(self.cause),
            reason=self.reason,
            promised_at=self.promised_at,
            sent_at=self.sent_at,
            settled_at=self.settled_at,
            code_tries_left=rules.REFUND_CODE_TRIES_MAX - self.code_tries if self.code_hash else 0,
        )


class RefundLine(models.Model):
    """How much of which line of the charge goes back."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    charge_line = models.ForeignKey(ChargeLine, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "charge_line"], name="refund_line_once_per_charge_line"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_line_is_positive"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="refund_line_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class RefundProposal(models.Model):
    """What one employee proposes to give back. Another decides; the database refuses the same hand."""

    reference = models.TextField(unique=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    why = models.TextField()
    words = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    decision = models.TextField(blank=True, default="")
    decided_by = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True, default="")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="+", null=True)

    objects = LockingQuerySet["RefundProposal"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_proposal_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(why__in=[member.value for member in RefundWhy]), name="refund_proposal_why_is_known"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="refund_proposal_says_why"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by="", decided_at__isnull=True, refund__isnull=True)
                | Q(decision="approved", decided_at__isnull=False, refund__isnull=False) & ~Q(decided_by="")
                | Q(decision="rejected", decided_at__isnull=False, refund__isnull=True)
                & ~Q(decided_by="")
                & ~Q(decision_words=""),
                name="refund_proposal_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="refund_proposal_takes_two"),
            models.UniqueConstraint(
                fields=["charge"], condition=Q(decision=""), name="refund_proposal_one_waits_per_charge"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["proposed_at"], condition=Q(decision=""), name="refund_proposal_waiting"),
            models.Index(fields=["-decided_at"], condition=~Q(decision=""), name="refund_proposal_decided"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="refund_proposal_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="refund_proposal_decided_is_final",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__decision=""),
            ),
            pgtrigger.ReadOnly(
                name="refund_proposal_asks_what_it_asked",
                fields=[
                    "reference",
                    "charge",
                    "amount_minor",
                    "currency",
                    "why",
                    "words",
                    "proposed_by",
                    "proposed_at",
                ],
            ),
        ]

    def facts(self) -> RefundProposalFacts:
        charge = self.charge
        return RefundProposalFacts(
            reference=self.reference,
            charge_reference=charge.reference,
            about=charge.about,
            service_name=Text(charge.service_name_ar, charge.service_name_en),
            paid=Money(charge.total_minor, charge.currency),
            amount=Money(self.amount_minor, self.currency),
            why=RefundWhy(self.why),
            words=self.words,
            proposed_by=self.proposed_by,
            proposed_at=self.proposed_at,
            decision=self.decision,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
            decision_words=self.decision_words,
            refund_reference=self.refund.reference if self.refund else "",
        )
