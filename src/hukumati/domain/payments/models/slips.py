"""What a card terminal printed: one slip stands for one payment, or for one that went back."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from hukumati.domain.payments.models.charges import Attempt
from hukumati.domain.payments.models.refunds import Refund


class Slip(models.Model):
    """A slip by its terminal and the retrieval reference number on it, and who entered it in which drawer's session."""

    terminal = models.TextField()
    number = models.TextField()
    authorisation = models.TextField()
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="+", null=True)
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="+", null=True)
    amount_minor = models.BigIntegerField()
    drawer_reference = models.TextField(db_index=True)
    entered_by = models.TextField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terminal", "number"], name="slip_stands_for_one"),
            models.CheckConstraint(
                condition=Q(attempt__isnull=False, refund__isnull=True) | Q(attempt__isnull=True, refund__isnull=False),
                name="slip_pays_or_gives_back",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^\d{12}$"), name="slip_number_has_twelve_digits"),
            models.CheckConstraint(
                condition=Q(authorisation__regex=r"^[0-9A-Z]{6}$"), name="slip_authorisation_has_six_signs"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="slip_amount_is_positive"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="slip_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def name(self) -> str:
        """How the acquirer's list names it."""
        return f"{self.terminal}-{self.number}"
