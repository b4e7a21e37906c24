"""Grants, the reads and writes they cover, what came of them, and whether registries answer. Values read are never stored here."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

# The same rule as in actions.ask, held by the database: whoever writes a read by another way is refused, too.
READ_IS_COVERED = """
IF NOT EXISTS (
    SELECT 1 FROM exchange_readgrant AS held
    WHERE held.id = NEW.grant_id
      AND held.case_reference = NEW.case_reference
      AND held.subject = NEW.subject
      AND held.registry = NEW.registry
      AND held.service = NEW.service
      AND held.attributes @> NEW.attributes
      AND held.parameters @> NEW.parameters
      AND cardinality(NEW.attributes) > 0
      AND held.closed_at IS NULL
      AND NEW.asked_at >= held.opened_at
      AND NEW.asked_at < held.until
    FOR SHARE
) THEN
    RAISE EXCEPTION 'no live grant covers this read' USING ERRCODE = 'check_violation', CONSTRAINT = 'read_is_covered';
END IF;
RETURN NEW;
"""

WRITE_IS_COVERED = """
IF NOT EXISTS (
    SELECT 1 FROM exchange_writegrant AS held
    WHERE held.id = NEW.grant_id
      AND held.case_reference = NEW.case_reference
      AND held.name = NEW.name
      AND held.subject = NEW.subject
      AND held.registry = NEW.registry
      AND held.service = NEW.service
      AND NEW.facts <> '{}'::jsonb
      AND held.facts @> ARRAY(SELECT jsonb_object_keys(NEW.facts))
      AND held.closed_at IS NULL
      AND NEW.told_at >= held.opened_at
      AND NEW.told_at < held.until
    FOR SHARE
) THEN
    RAISE EXCEPTION 'no live grant covers this write' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_is_covered';
END IF;
RETURN NEW;
"""

GRANT_ONLY_CLOSES = """
IF to_jsonb(NEW) - 'closed_at' IS DISTINCT FROM to_jsonb(OLD) - 'closed_at' OR OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a grant is closed once and never changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_only_closes';
END IF;
RETURN NEW;
"""


class ReadGrantQuerySet(models.QuerySet["ReadGrant"]):
    def live(self) -> ReadGrantQuerySet:
        return self.filter(closed_at__isnull=True)


class ReadGrant(models.Model):
    """The right to ask: this case, this person, this register, these attributes, for this purpose, until then.

    `parameters` are the names of what the registry may be told beside them, never the values.
    """

    case_reference = models.TextField(db_index=True)
    subject = models.TextField()
    applicant = models.TextField()
    registry = models.TextField()
    service = models.TextField()
    attributes = ArrayField(models.TextField())
    parameters = ArrayField(models.TextField(), default=list, db_default=[])
    purpose_ar = models.TextField()
    purpose_en = models.TextField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ReadGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("opened_at")), name="grant_lasts"),
            models.CheckConstraint(condition=~Q(attributes=[]), name="grant_names_attributes"),
            models.CheckConstraint(condition=~Q(purpose_ar="") & ~Q(purpose_en=""), name="grant_has_purpose"),
            models.CheckConstraint(
                condition=Q(subject__regex=r"^\d{9}$") & Q(applicant__regex=r"^\d{9}$"), name="grant_names_people"
            ),
            models.UniqueConstraint(
                fields=["case_reference", "subject", "registry", "service", "purpose_ar"],
                condition=Q(closed_at__isnull=True),
                name="grant_one_live_per_case_person_service_and_purpose",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="grant_only_closes", when=pgtrigger.Before, operation=pgtrigger.Update, func=GRANT_ONLY_CLOSES
            ),
            pgtrigger.Protect(name="grant_stays", operation=pgtrigger.Delete),
        ]


class Read(models.Model):
    """A question that was put to a registry, written before it was put.

    Of its parameters only the names stand here, as of its attributes: what was told is part of the case, not of the record of reads.
    """

    reference = models.TextField(unique=True)
    grant = models.ForeignKey(ReadGrant, on_delete=models.PROTECT, related_name="+")
    case_reference = models.TextField(db_index=True)
    subject = models.TextField()
    registry = models.TextField()
    service = models.TextField()
    attributes = ArrayField(models.TextField())
    parameters = ArrayField(models.TextField(), default=list, db_default=[])
    asked_by_kind = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "-asked_at", "-id"], name="read_about_person")]
        triggers = [
            pgtrigger.Trigger(
                name="read_is_covered", when=pgtrigger.Before, operation=pgtrigger.Insert, func=READ_IS_COVERED
            ),
            pgtrigger.Protect(name="read_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class ReadOutcome(models.Model):
    """What came of a read: never the values, only that there was an answer, how old, and under which id the other side logged it."""

    ANSWERED, UNKNOWN, UNREACHABLE, WRONG = "answered", "unknown", "unreachable", "wrong"

    read = models.OneToOneField(Read, on_delete=models.PROTECT, related_name="outcome")
    outcome = models.TextField()
    as_of = models.DateTimeField(null=True)
    request_id = models.TextField(default="")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["answered", "unknown", "unreachable", "wrong"]), name="read_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="answered", as_of__isnull=False) | ~Q(outcome="answered"),
                name="read_answer_has_its_moment",
            ),
        ]
        triggers = [pgtrigger.Protect(name="read_outcome_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class WriteGrantQuerySet(models.QuerySet["WriteGrant"]):
    def live(self) -> WriteGrantQuerySet:
        return self.filter(closed_at__isnull=True)


class WriteGrant(models.Model):
    """The right to tell: this case, this person, this register, these facts, for this purpose, until then.

    Apart from the right to ask: who may look something up may not therefore change it.
    """

    case_reference = models.TextField(db_index=True)
    name = models.TextField()
    subject = models.TextField()
    applicant = models.TextField()
    registry = models.TextField()
    service = models.TextField()
    facts = ArrayField(models.TextField())
    purpose_ar = models.TextField()
    purpose_en = models.TextField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = WriteGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("opened_at")), name="write_grant_lasts"),
            models.CheckConstraint(condition=~Q(facts=[]), name="write_grant_names_facts"),
            models.CheckConstraint(condition=~Q(purpose_ar="") & ~Q(purpose_en=""), name="write_grant_has_purpose"),
            models.CheckConstraint(
                condition=Q(subject__regex=r"^\d{9}$") & Q(applicant__regex=r"^\d{9}$"), name="write_grant_names_people"
            ),
            models.UniqueConstraint(
                fields=["case_reference", "name"],
                condition=Q(closed_at__isnull=True),
                name="write_grant_one_live_per_case_and_name",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="write_grant_only_closes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=GRANT_ONLY_CLOSES,
            ),
            pgtrigger.Protect(name="write_grant_stays", operation=pgtrigger.Delete),
        ]


class Write(models.Model):
    """What a registry is told, written before it is told and never changed.

    Its words are kept, unlike those of an answer: they are ours, and whoever contests an entry must find what we said. `key` is what
    the registry knows the message by: told again after a lost answer, it is found there and changes nothing twice.
    """

    reference = models.TextField(unique=True)
    key = models.TextField(unique=True)
    grant = models.ForeignKey(WriteGrant, on_delete=models.PROTECT, related_name="+")
    case_reference = models.TextField(db_index=True)
    name = models.TextField()
    subject = models.TextField()
    registry = models.TextField()
    service = models.TextField()
    facts = models.JSONField()
    told_by_kind = models.TextField()
    told_by = models.TextField()
    told_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "-told_at", "-id"], name="write_about_person")]
        triggers = [
            pgtrigger.Trigger(
                name="write_is_covered", when=pgtrigger.Before, operation=pgtrigger.Insert, func=WRITE_IS_COVERED
            ),
            pgtrigger.Protect(name="write_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class WriteOutcome(models.Model):
    """What came of one try to tell. A write has as many as there were tries; the last one counts."""

    RECORDED, REFUSED, UNREACHABLE, WRONG = "recorded", "refused", "unreachable", "wrong"

    write = models.ForeignKey(Write, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.TextField()
    reason = models.TextField(default="")
    as_of = models.DateTimeField(null=True)
    request_id = models.TextField(default="")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["recorded", "refused", "unreachable", "wrong"]), name="write_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="recorded", as_of__isnull=False) | ~Q(outcome="recorded"),
                name="write_recorded_has_its_moment",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="refused") & ~Q(reason="")) | (~Q(outcome="refused") & Q(reason="")),
                name="write_reason_iff_refused",
            ),
        ]
        triggers = [pgtrigger.Protect(name="write_outcome_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class RegistryWatch(models.Model):
    """Whether a registry's service answered when it was last asked about nobody; one row a service, shared by all processes."""

    pk = models.CompositePrimaryKey("registry", "service")
    registry = models.TextField()
    service = models.TextField()
    up = models.BooleanField()
    checked_at = models.DateTimeField()
