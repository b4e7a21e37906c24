"""What is owed, how somebody tries to pay it, and what providers say of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hukumati.domain.catalogue.facts import ChargeLine as ChargeLineFacts
from hukumati.domain.payments.facts import AttemptFacts, AttemptState, ChargeFacts, ChargeState, NoticeOutcome, Way
from hukumati.domain.payments.ways import at_provider, is_coded, is_pushed, those
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

CURRENCIES = ["ILS", "JOD", "USD"]


class LockingQuerySet[M: models.Model](models.QuerySet[M]):
    def locked(self) -> Self:
        """Rows locked until the transaction ends, in the order of their keys, so that two verbs cannot wait for each other."""
        return self.select_for_update(of=("self",)).order_by("pk")


class Charge(models.Model):
    """What somebody owes for one case."""

    reference = models.TextField(unique=True)
    about = models.TextField(db_index=True)
    payer = models.ForeignKey("identity.Account", on_delete=models.PROTECT, related_name="+")
    service = models.TextField(blank=True, default="")
    service_name_ar = models.TextField()
    service_name_en = models.TextField()
    beneficiary = models.TextField(blank=True)
    beneficiary_en = models.TextField(blank=True, default="")
    total_minor = models.BigIntegerField()
    currency = models.TextField()
    ways = ArrayField(models.TextField())
    state = models.TextField(default=ChargeState.OPEN.value)
    raised_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    receipt_reference = models.TextField(blank=True, default="")

    lines: RelatedManager[ChargeLine]
    objects = LockingQuerySet["Charge"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[member.value for member in ChargeState]), name="charge_state_is_known"
            ),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="charge_total_is_positive"),
            models.CheckConstraint(condition=Q(currency__in=CURRENCIES), name="charge_currency_is_known"),
            models.CheckConstraint(
                condition=Q(ways__contained_by=[way.value for way in Way]) & Q(ways__len__gt=0),
                name="charge_can_be_paid_somehow",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | ~Q(state="paid") & Q(paid_at__isnull=True),
                name="charge_paid_at_iff_paid",
            ),
            models.CheckConstraint(
                condition=Q(state="paid") & ~Q(receipt_reference="") | ~Q(state="paid") & Q(receipt_reference=""),
                name="charge_has_receipt_iff_paid",
            ),
            models.UniqueConstraint(fields=["about"], condition=Q(state="open"), name="charge_one_open_per_case"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="charge_open_by_expiry"),
            models.Index(fields=["paid_at"], condition=Q(state="paid"), name="charge_paid_by_time"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="charge_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="charge_owes_what_it_owed",
                fields=["reference", "about", "payer", "total_minor", "currency", "ways", "raised_at", "service"],
            ),
            pgtrigger.Protect(
                name="charge_paid_is_final", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="paid")
            ),
        ]

    def facts(self) -> ChargeFacts:
        lines = tuple(line.facts(self.currency) for line in sorted(self.lines.all(), key=lambda line: line.position))
        return ChargeFacts(
            reference=self.reference,
            about=self.about,
            payer_account_id=self.payer_id,
            service=self.service,
            service_name=Text(self.service_name_ar, self.service_name_en),
            beneficiary=Text(self.beneficiary, self.beneficiary_en or self.beneficiary),
            lines=lines,
            total=Money(self.total_minor, self.currency),
            state=ChargeState(self.state),
            raised_at=self.raised_at,
            expires_at=self.expires_at,
            paid_at=self.paid_at,
            receipt_reference=self.receipt_reference,
            ways=tuple(Way(way) for way in self.ways),
        )


class ChargeLine(models.Model):
    """One line of a charge, with the law it rests on. A snapshot, frozen."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="lines")
    position = models.SmallIntegerField()
    code = models.TextField()
    name_ar = models.TextField()
    name_en = models.TextField()
    quantity = models.IntegerField()
    unit_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    instrument = models.TextField()
    article = models.TextField()
    revenue_account = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["charge", "position"], name="charge_line_has_one_place"),
            models.CheckConstraint(
                condition=Q(amount_minor=F("unit_minor") * F("quantity")), name="charge_line_multiplies"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, quantity__gt=0), name="charge_line_is_positive"),
            models.CheckConstraint(condition=~Q(instrument="") & ~Q(article=""), name="charge_line_has_a_law"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="charge_line_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def facts(self, currency: str) -> ChargeLineFacts:
        return ChargeLineFacts(
            code=self.code,
            name=Text(self.name_ar, self.name_en),
            quantity=self.quantity,
            unit=Money(self.unit_minor, currency),
            amount=Money(self.amount_minor, currency),
            instrument=self.instrument,
            article=self.article,
            revenue_account=self.revenue_account,
        )


class Attempt(models.Model):
    """One try to pay a charge: at a provider, or by a code at a counter."""

    reference = models.TextField(unique=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="attempts")
    way = models.TextField()
    provider = models.TextField(blank=True, default="")
    state = models.TextField(default=AttemptState.OPEN.value)
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    language = models.TextField()
    return_url = models.TextField(blank=True)
    redirect_url = models.TextField(blank=True, default="")
    provider_payment_id = models.TextField(blank=True, default="")
    provider_capture_id = models.TextField(blank=True, default="")
    pay_code = models.TextField(blank=True, default="")
    payer_mobile = models.TextField(blank=True, default="")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    card_last_four = models.TextField(blank=True, default="")
    looks = models.IntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)

    objects = LockingQuerySet["Attempt"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[member.value for member in AttemptState]), name="attempt_state_is_known"
            ),
            models.CheckConstraint(condition=Q(way__in=[member.value for member in Way]), name="attempt_way_is_known"),
            models.CheckConstraint(
                condition=Q(way__in=those(is_coded)) ^ Q(pay_code=""), name="attempt_has_code_iff_taken_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(way__in=those(is_pushed)) ^ Q(payer_mobile=""), name="attempt_has_mobile_iff_pushed"
            ),
            models.CheckConstraint(
                condition=Q(way__in=those(at_provider)) ^ Q(provider=""), name="attempt_has_provider_iff_asked_there"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(settled_at__isnull=False), name="attempt_paid_is_settled"
            ),
            models.UniqueConstraint(
                fields=["charge", "way"], condition=Q(state="open"), name="attempt_one_open_per_way"
            ),
            models.UniqueConstraint(
                fields=["pay_code"], condition=Q(state="open") & ~Q(pay_code=""), name="attempt_pay_code_is_unique"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_capture_id"],
                condition=~Q(provider_capture_id=""),
                name="attempt_capture_pays_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="attempt_by_next_look"),
            models.Index(fields=["pay_code"], condition=~Q(pay_code=""), name="attempt_by_pay_code"),
            models.Index(
                fields=["suspended_at"], condition=Q(suspended_at__isnull=False), name="attempt_suspended_by_time"
            ),
            models.Index(fields=["provider", "settled_at"], condition=Q(state="paid"), name="attempt_paid_by_time"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="attempt_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="attempt_asks_what_it_asked",
                fields=["reference", "charge", "way", "provider", "amount_minor", "currency", "pay_code"],
            ),
            pgtrigger.Protect(
                name="attempt_paid_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="paid") & ~pgtrigger.Q(new__state="paid"),
            ),
        ]

    @property
    def is_begun(self) -> bool:
        """A payment found by asking is known to the provider, and may still lack the page that the payer needs."""
        if self.pay_code:
            return True
        return bool(self.provider_payment_id if is_pushed(self.way) else self.redirect_url)

    def facts(self) -> AttemptFacts:
        return AttemptFacts(
            reference=self.reference,
            charge_reference=self.charge.reference,
            way=Way(self.way),
            provider=self.provider,
            state=AttemptState(self.state),
            amount=Money(self.amount_minor, self.currency),
            started_at=self.started_at,
            settled_at=self.settled_at,
            expires_at=self.expires_at,
            pay_code=self.pay_code,
            reason=self.reason,
            card_last_four=self.card_last_four,
            payer_mobile=self.payer_mobile,
            is_begun=self.is_begun,
        )


class Notice(models.Model):
    """The inbox: what was sent to our callback address, byte for byte. Only what became of it may still be written."""

    provider = models.TextField()
    notice_id = models.TextField(blank=True, default="")
    kind = models.TextField(blank=True, default="")
    about = models.TextField(blank=True, default="")
    body = models.BinaryField()
    headers = models.JSONField()
    verified = models.BooleanField()
    received_at = models.DateTimeField()
    outcome = models.TextField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=[member.value for member in NoticeOutcome]), name="notice_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(verified=True) | Q(outcome="forged", notice_id=""), name="notice_unverified_is_forged"
            ),
            models.UniqueConstraint(
                fields=["provider", "notice_id"], condition=~Q(notice_id=""), name="notice_taken_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["about"], name="notice_by_about"),
            models.Index(fields=["provider", "-received_at"], name="notice_by_provider"),
            models.Index(fields=["provider", "received_at"], condition=Q(verified=False), name="notice_forged_by_time"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="notice_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="notice_says_what_it_said", exclude=["outcome", "decided_at"]),
        ]
