"""Orders to the bank. What two people ordered is frozen; each line is paid, refused or brought back once, by the bank's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from hukumati.domain.payouts.facts import LineState, PayoutFacts, PayoutLineFacts, PayoutState
from hukumati.domain.payouts.models.accounts import CURRENCIES, BeneficiaryAccount
from hukumati.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models.fields.related_descriptors import RelatedManager

# The second wall: whoever goes around the verbs still pays nobody whom two people did not register for that day.
TO_A_REGISTERED_ACCOUNT = """
    IF NOT EXISTS (
        SELECT 1 FROM payouts_beneficiaryaccount b JOIN payouts_payout p ON p.id = NEW.payout_id
         WHERE b.id = NEW.beneficiary_id AND b.approved_by <> '' AND b.institution = NEW.institution AND b.currency = p.currency
           AND b.valid_from <= p.pays_on AND (b.ended_on IS NULL OR b.ended_on > p.pays_on))
    THEN
        RAISE EXCEPTION 'payout_line_to_a_registered_account: % is not registered for %', NEW.beneficiary_id, NEW.institution
              USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Payout(models.Model):
    """One order: who gets how much of the fees earned until the end of a certified day, out of which account."""

    reference = models.TextField(unique=True)
    account = models.TextField()
    iban = models.TextField()
    currency = models.TextField()
    earned_until = models.DateField()
    pays_on = models.DateField()
    total_minor = models.BigIntegerField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    decision = models.TextField(blank=True, default="")
    decided_by = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True, default="")
    order = models.BinaryField(null=True)
    """The pain.001 that the bank gets, byte for byte."""
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    lines: RelatedManager[PayoutLine]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(currency__in=CURRENCIES), name="payout_currency_is_known"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="payout_total_is_positive"),
            models.CheckConstraint(condition=~Q(proposed_by="") & ~Q(decided_by=F("proposed_by")), name="payout_takes_two"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by="", decided_at__isnull=True, order__isnull=True)
                | Q(decision="approved", decided_at__isnull=False, order__isnull=False) & ~Q(decided_by="")
                | Q(decision="rejected", decided_at__isnull=False, order__isnull=True) & ~Q(decided_by=""),
                name="payout_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(decision="approved"), name="payout_sent_once_approved"
            ),
            models.UniqueConstraint(fields=["currency"], condition=Q(decision=""), name="payout_one_waits_per_currency"),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["decided_at"], condition=Q(decision="approved", sent_at__isnull=True), name="payout_to_send"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="payout_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="payout_proposed_first", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__decision="")
            ),
            pgtrigger.ReadOnly(
                name="payout_orders_what_it_ordered",
                fields=["reference", "account", "iban", "currency", "earned_until", "pays_on", "total_minor", "proposed_by", "proposed_at"],
            ),
            pgtrigger.Protect(
                name="payout_decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__decision="")
                & (
                    pgtrigger.Q(old__decision__df=pgtrigger.F("new__decision"))
                    | pgtrigger.Q(old__decided_by__df=pgtrigger.F("new__decided_by"))
                    | pgtrigger.Q(old__order__df=pgtrigger.F("new__order"))
                ),
            ),
        ]  # fmt: skip

    def facts(self) -> PayoutFacts:
        return self.facts_with(self.lines.select_related("beneficiary").order_by("pk"))

    def facts_with(self, rows: Iterable[PayoutLine]) -> PayoutFacts:
        """With its lines, when whoever asks has read them of many orders at once."""
        lines = tuple(row.facts(self.currency) for row in rows)
        return PayoutFacts(
            reference=self.reference,
            account=self.account,
            iban=self.iban,
            earned_until=self.earned_until,
            pays_on=self.pays_on,
            total=Money(self.total_minor, self.currency),
            lines=lines,
            state=self.state(lines),
            proposed_by=self.proposed_by,
            proposed_at=self.proposed_at,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
            decision_words=self.decision_words,
            sent_at=self.sent_at,
            accepted_at=self.accepted_at,
        )

    def state(self, lines: tuple[PayoutLineFacts, ...]) -> PayoutState:
        """How far it came, by the last word that was said."""
        if self.decision != "approved":
            return PayoutState.REJECTED if self.decision else PayoutState.PROPOSED
        if all(line.state != LineState.ORDERED for line in lines):
            return PayoutState.ENDED
        if self.accepted_at:
            return PayoutState.ACCEPTED
        return PayoutState.SENT if self.sent_at else PayoutState.APPROVED


class PayoutLine(models.Model):
    """What one institution gets. Its reference goes to the bank and comes back in the statement."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="lines")
    reference = models.TextField(unique=True)
    institution = models.TextField()
    beneficiary = models.ForeignKey(BeneficiaryAccount, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    state = models.TextField(default=LineState.ORDERED.value)
    reason = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    entry = models.TextField(blank=True, default="")
    """The bank's own number of the entry that paid it."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_line_is_positive"),
            models.CheckConstraint(
                condition=Q(state__in=[member.value for member in LineState]), name="payout_line_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "returned"], paid_on__isnull=False) & ~Q(entry="")
                | Q(state__in=["ordered", "refused"], paid_on__isnull=True, entry=""),
                name="payout_line_paid_by_an_entry",
            ),
            models.UniqueConstraint(fields=["payout", "institution"], name="payout_line_one_per_institution"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["institution", "state"], name="payout_line_by_institution"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="payout_line_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="payout_line_says_what_it_said",
                fields=["payout", "reference", "institution", "beneficiary", "amount_minor"],
            ),
            pgtrigger.Trigger(
                name="payout_line_to_a_registered_account",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=TO_A_REGISTERED_ACCOUNT,
            ),
            pgtrigger.Protect(
                name="payout_line_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["refused", "returned"])
                | pgtrigger.Q(old__state="paid") & ~pgtrigger.Q(new__state="returned"),
            ),
        ]

    def facts(self, currency: str) -> PayoutLineFacts:
        return PayoutLineFacts(
            reference=self.reference,
            institution=self.institution,
            beneficiary=self.beneficiary.reference,
            iban=self.beneficiary.iban,
            amount=Money(self.amount_minor, currency),
            state=LineState(self.state),
            reason=self.reason,
            paid_on=self.paid_on,
            entry=self.entry,
        )
