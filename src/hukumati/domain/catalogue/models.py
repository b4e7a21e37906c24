"""Published versions, which never change, and which of them stands in the catalogue now."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
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


STAGES = ("listed", "re_engineered", "automated", "pilot", "open", "suspended", "retired")
ROW_STAGES = ("listed", "re_engineered", "retired")
CAN_START: Any = Q(
    stage__in=("pilot", "open"), suspended_at__isnull=True
)  # a condition is an expression, which the stubs do not know


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


class StoredColumn(models.GeneratedField):
    """Every PostgreSQL we run on stores generated columns: Django's checks need not ask a server, which may not be there yet."""

    def _check_supported(self, databases: Any) -> list[Any]:  # noqa: ARG002
        return []

    def _check_persistence(self, databases: Any) -> list[Any]:  # noqa: ARG002
        return []

    def deconstruct(self) -> Any:
        name, _path, values, options = super().deconstruct()
        return name, "django.db.models.GeneratedField", values, options


class ServiceListing(models.Model):
    """What lists, cards and the search need of a service, in one row: of a folder's version, or of a service that is only described."""

    service_id = models.TextField(primary_key=True)
    snapshot = models.ForeignKey(ServiceSnapshot, on_delete=models.PROTECT, related_name="+", null=True)
    """None: a service that was imported as a row; it is given at a counter and cannot be started here."""
    institution = models.TextField()
    position = models.PositiveIntegerField(default=0)
    """Where its institution stands among the others."""
    name_ar = models.TextField(default="")
    name_en = models.TextField(default="")
    summary_ar = models.TextField(default="")
    summary_en = models.TextField(default="")
    icon = models.TextField(default="file-text")
    kind = models.TextField(default="other")
    stage = models.TextField(default="listed")
    category = models.TextField(default="")
    life_events = ArrayField(models.TextField(), default=list)
    fees = models.JSONField(null=True)
    """The least it costs from which day on, e.g. [["0001-01-01", 1000, "ILS"]]; empty is free, None is not told."""
    answer_within_working_days = models.PositiveIntegerField(null=True)
    at_once = models.BooleanField(default=False)
    asks = ArrayField(models.TextField(), default=list)
    """The services of registers that it needs, e.g. "interior/civil/persons": a card says whether they answer."""
    clerk_states = ArrayField(models.TextField(), default=list)
    """States of its process that wait for a clerk: a queue asks for them without loading folders."""
    suspended_at = models.DateTimeField(null=True)
    suspended_because = models.TextField(default="")
    can_start = StoredColumn(
        expression=CAN_START,
        output_field=models.BooleanField(),
        db_persist=True,
    )
    changed_at = models.DateTimeField(null=True)
    search = SearchVectorField()
    keywords = ArrayField(models.TextField(), default=list)
    called = ArrayField(models.TextField(), default=list)
    """Its two names, then its keywords, each as stems: what ranking compares with what was asked."""

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="listing_search"),
            GinIndex(fields=["life_events"], name="listing_life_events"),
            models.Index(fields=["position", "-can_start", "name_ar", "service_id"], name="listing_order"),
            models.Index(fields=["-can_start", "position", "name_ar", "service_id"], name="listing_what_can_be_done"),
            models.Index(fields=["institution", "-can_start", "name_ar", "service_id"], name="listing_of_institution"),
            models.Index(fields=["category", "-can_start", "name_ar", "service_id"], name="listing_of_category"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True, suspended_because="")
                | Q(suspended_at__isnull=False) & ~Q(suspended_because=""),
                name="listing_suspended_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="listing_stage_is_known"),
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False) | Q(stage__in=ROW_STAGES), name="listing_of_a_row_is_not_automated"
            ),
        ]


class ServiceDescription(models.Model):
    """The rest of what is told about a service without loading its folder: for the page of a listed service, and for open data."""

    listing = models.OneToOneField(ServiceListing, on_delete=models.CASCADE, primary_key=True, related_name="+")
    who_ar = models.TextField(default="")
    who_en = models.TextField(default="")
    papers = models.JSONField(default=list)
    """Each {"ar": …, "en": …}."""
    offices = ArrayField(models.TextField(), default=list)
    place_ar = models.TextField(default="")
    place_en = models.TextField(default="")
    hours_ar = models.TextField(default="")
    hours_en = models.TextField(default="")
    owner = models.TextField(default="")
    """Who answers for the service and for its move: a unit, not a person."""
    legal_basis = ArrayField(models.TextField(), default=list)
    pay_by = ArrayField(models.TextField(), default=list)
    pick_up = ArrayField(models.TextField(), default=list)
    demonstration = models.BooleanField(default=False)
    """Invented for a demonstration, and told so wherever it is shown."""
    row_sha256 = models.TextField(default="")
    """Of the imported row: the same row once more is no change. Empty when a folder describes it."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(row_sha256="") | Q(row_sha256__regex=r"^[0-9a-f]{64}$"), name="description_row_has_its_hash"
            ),
        ]


class StageMove(models.Model):
    """The migration as data: that a service is to reach a stage by a day, or that it reached it. Written once; the latest plan counts."""

    service_id = models.TextField()
    stage = models.TextField()
    owner = models.TextField()
    planned_on = models.DateField(null=True)
    happened_on = models.DateField(null=True)
    by = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="move_stage_is_known"),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False, happened_on__isnull=True)
                | Q(planned_on__isnull=True, happened_on__isnull=False),
                name="move_is_planned_or_happened",
            ),
            models.CheckConstraint(condition=~Q(owner="") & ~Q(by=""), name="move_has_an_owner_and_an_author"),
        ]
        indexes = [models.Index(fields=["service_id", "stage", "-id"], name="move_latest")]
        triggers = [pgtrigger.Protect(name="move_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class CatalogueWord(models.Model):
    """Every stem by which some service is found: what a misspelt word, or one in other letters, is compared with."""

    word = models.TextField(primary_key=True, db_collation="C")
    spelt = models.TextField()
    """In Latin letters, one for one: trigrams of a server whose locale is C see no Arabic letters."""
    skeleton = models.TextField(db_collation="C")
    """Its consonants, as somebody without an Arabic keyboard types them."""

    class Meta:
        indexes = [
            GinIndex(fields=["spelt"], name="word_spelt", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["skeleton"], name="word_skeleton"),
        ]
