"""Published versions, which never change, and which of them stands in the catalogue now."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class ServiceSnapshot(models.Model):
    """A version as it was published: the texts of its folder, from which it is loaded again at any time."""

    service_id = models.TextField()
    version = models.PositiveIntegerField()
    stage = models.TextField()
    content = models.JSONField()
    content_sha256 = models.TextField()
    published_by = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service_id", "version"], name="snapshot_version_is_published_once"),
            models.CheckConstraint(condition=Q(version__gt=0), name="snapshot_version_is_positive"),
            models.CheckConstraint(condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="snapshot_has_its_hash"),
        ]
        triggers = [pgtrigger.Protect(name="snapshot_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]


class ServiceListing(models.Model):
    """Which version the catalogue shows, whether it is suspended, and the words by which it is found."""

    service_id = models.TextField(primary_key=True)
    snapshot = models.ForeignKey(ServiceSnapshot, on_delete=models.PROTECT, related_name="+")
    institution = models.TextField()
    suspended_at = models.DateTimeField(null=True)
    suspended_because = models.TextField(default="")
    search = SearchVectorField()
    alike = models.TextField()
    """Name and keywords, folded, stemmed and spelt in Latin letters: compared by trigrams when no word is found."""

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="listing_search"),
            GinIndex(fields=["alike"], name="listing_alike", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True, suspended_because="")
                | Q(suspended_at__isnull=False) & ~Q(suspended_because=""),
                name="listing_suspended_with_a_reason",
            ),
        ]
