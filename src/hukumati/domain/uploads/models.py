"""What was handed in. The bytes lie in storage; this is what is known of them."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

FIXED = (
    "reference",
    "about",
    "field",
    "type",
    "sha256",
    "size_bytes",
    "width",
    "height",
    "pages",
    "storage_key",
    "taken_at",
)
CHANGED = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in FIXED)


class Upload(models.Model):
    """One photo or paper of a case. The row stays when its bytes have ended: that there was one, and its hash, is part of what happened."""

    reference = models.TextField(unique=True)
    about = models.TextField()
    field = models.TextField()
    type = models.TextField()
    sha256 = models.TextField()
    size_bytes = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    pages = models.IntegerField()
    storage_key = models.TextField(unique=True)
    taken_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="upload_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="upload_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f'OLD."ended_at" IS NOT NULL OR {CHANGED}'),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(type__in=["jpeg", "pdf"]), name="upload_type_is_known"),
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0, width__gt=0, height__gt=0, pages__gt=0), name="upload_shows_something"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(kept_at__isnull=False, released_at__gte=F("kept_at")),
                name="upload_released_after_it_was_kept",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(kept_at__isnull=True) | Q(released_at__isnull=False),
                name="upload_ended_only_when_nobody_keeps_it",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["about", "field"], name="upload_of_case"),
            models.Index(
                fields=["taken_at"], condition=Q(ended_at__isnull=True, kept_at__isnull=True), name="upload_never_kept"
            ),
            models.Index(
                fields=["released_at"],
                condition=Q(ended_at__isnull=True, released_at__isnull=False),
                name="upload_released",
            ),
        ]
