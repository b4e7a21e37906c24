"""Messages and how they travelled."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from hukumati.domain.notifications.facts import DeliveryFacts, MessageFacts


class Message(models.Model):
    """What somebody was told: the record. It is written once; only the moment of reading is added."""

    reference = models.TextField(unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    facts = models.JSONField(default=dict)
    about = models.TextField(blank=True, default="", db_index=True)
    language = models.TextField()
    title = models.TextField()
    body = models.TextField()
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-sent_at"], name="message_inbox"),
            models.Index(fields=["account"], condition=Q(read_at__isnull=True), name="message_unread"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="message_is_never_removed", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="message_text_is_frozen",
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "reference", "account_id", "code", "facts", "about", "title", "body", "sent_at"
                ),
            ),
        ]

    def told(self) -> MessageFacts:
        return MessageFacts(self.reference, self.code, self.about, self.title, self.body, self.sent_at, self.read_at)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        return self.filter(state=Delivery.QUEUED)


class Delivery(models.Model):
    """One attempt to reach a phone or a mailbox, and what became of it."""

    QUEUED, SENT, FAILED = "queued", "sent", "failed"
    SMS, EMAIL = "sms", "email"

    reference = models.TextField(unique=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.TextField()
    to = models.TextField()
    subject = models.TextField(blank=True, default="")
    body = models.TextField()
    language = models.TextField()
    secret = models.BooleanField(default=False)
    good_until = models.DateTimeField(null=True)
    state = models.TextField(default=QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    provider_id = models.TextField(blank=True, default="")
    fault = models.TextField(blank=True, default="")
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(channel__in=["sms", "email"]), name="delivery_channel_is_known"),
            models.CheckConstraint(condition=Q(state__in=["queued", "sent", "failed"]), name="delivery_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="queued", ended_at__isnull=True) | Q(~Q(state="queued"), ended_at__isnull=False),
                name="delivery_ended_at_iff_ended",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | Q(state="queued") | Q(body=""), name="delivery_forgets_codes_when_ended"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "queued_at"], condition=~Q(state="sent"), name="delivery_not_sent")
        ]

    def facts(self) -> DeliveryFacts:
        return DeliveryFacts(
            self.reference, self.channel, self.to, self.state, self.tries, self.provider_id, self.fault
        )
