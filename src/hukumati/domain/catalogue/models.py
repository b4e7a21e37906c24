"""Published versions, which never change, and which of them stands in the catalogue now."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

# A second wall behind actions.publish: whoever writes a version needs a proposal of another hand, with the very same content.
APPROVED_BY_ANOTHER = """
IF NOT EXISTS (
    SELECT FROM catalogue_proposal
    WHERE service_id = NEW.service_id AND version = NEW.version AND content_sha256 = NEW.content_sha256
      AND decision = 'approved' AND decided_by = NEW.published_by AND proposed_by = NEW.proposed_by
      AND decided_by <> proposed_by
) THEN
    RAISE EXCEPTION 'catalogue: % v% was approved by nobody but its author', NEW.service_id, NEW.version;
END IF;
RETURN NEW;
"""
PROPOSAL_IS_DECIDED_ONCE = """
IF OLD.decision <> '' OR ROW(NEW.reference, NEW.service_id, NEW.version, NEW.institution, NEW.stage, NEW.content, NEW.content_sha256,
    NEW.why, NEW.proposed_by, NEW.proposed_at)
  IS DISTINCT FROM ROW(OLD.reference, OLD.service_id, OLD.version, OLD.institution, OLD.stage, OLD.content, OLD.content_sha256,
    OLD.why, OLD.proposed_by, OLD.proposed_at) THEN
    RAISE EXCEPTION 'catalogue: a proposal is decided once, and nothing else of it changes';
END IF;
RETURN NEW;
"""


class Proposal(models.Model):
    """A version that somebody wants published, as it was proved then. Another person decides, once."""

    reference = models.TextField(unique=True)
    service_id = models.TextField()
    version = models.PositiveIntegerField()
    institution = models.TextField()
    stage = models.TextField()
    name_ar = models.TextField()
    name_en = models.TextField()
    content = models.JSONField()
    content_sha256 = models.TextField()
    why = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    decision = models.TextField(default="", blank=True)
    decided_by = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["service_id", "-proposed_at"], name="proposal_of_service")]
        constraints = [
            models.UniqueConstraint(
                fields=["service_id"], condition=Q(decision=""), name="proposal_one_waits_for_a_service"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="proposal_says_why"),
            models.CheckConstraint(
                condition=Q(decision__in=["", "approved", "rejected", "superseded"]), name="proposal_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by="", decided_at__isnull=True)
                | ~Q(decision="") & ~Q(decided_by="") & Q(decided_at__isnull=False),
                name="proposal_decided_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(decision="approved") | ~Q(decided_by=F("proposed_by")),
                name="proposal_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(decision="rejected") | ~Q(reason=""), name="proposal_rejected_with_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="proposal_is_decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=PROPOSAL_IS_DECIDED_ONCE,
            ),
            pgtrigger.Protect(name="proposal_stays", operation=pgtrigger.Delete),
        ]


class ServiceSnapshot(models.Model):
    """A version as it was published: the texts of its folder, from which it is loaded again at any time."""

    service_id = models.TextField()
    version = models.PositiveIntegerField()
    stage = models.TextField()
    content = models.JSONField()
    content_sha256 = models.TextField()
    proposed_by = models.TextField(default="")
    """Empty for what was published before two people were asked for."""
    why = models.TextField(default="")
    published_by = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service_id", "version"], name="snapshot_version_is_published_once"),
            models.CheckConstraint(condition=Q(version__gt=0), name="snapshot_version_is_positive"),
            models.CheckConstraint(condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="snapshot_has_its_hash"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("published_by")), name="snapshot_published_by_another_person"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="snapshot_never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="snapshot_was_approved_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=APPROVED_BY_ANOTHER,
            ),
        ]


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
