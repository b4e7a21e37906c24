"""The case and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from hukumati.processes.applications.facts import AssistanceFacts, AssistanceState, QueuedFacts, QueuedState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LIVE_HELP = ("offered", "asked", "open")
APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
# Whose case it is and whom it is about never change once it is filed: it was paid for, and perhaps decided, as it stood.
FIXED = (
    "reference",
    "service_id",
    "service_version",
    "institution",
    "account_id",
    "applicant_id",
    "applicant_birth_date",
    "applicant_public_employee",
    "subject",
    "submitted_at",
)
CHANGED = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in FIXED)
FILED_IS_FIXED = pgtrigger.Condition(f'OLD."submitted_at" IS NOT NULL AND ({CHANGED})')


ASKED_COLUMNS = (
    "reference",
    "application_id",
    "party_id",
    "tie",
    "name_ar",
    "name_en",
    "asked",
    "digest",
    "asked_at",
    "until",
)
ASKED_ANEW = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in ASKED_COLUMNS)


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Filters only."""

    def locked(self) -> ApplicationQuerySet:
        return self.select_for_update(of=("self",)).order_by("pk")

    def of_institution(self, institution: str) -> ApplicationQuerySet:
        return self.filter(institution=institution)

    def waiting_for(self, states: Sequence[str]) -> ApplicationQuerySet:
        return self.filter(state__in=states)


class Application(models.Model):
    """A case. `state` is moved by actions.move only; the service's version never changes after filing."""

    reference = models.TextField(unique=True)
    service_id = models.TextField()
    service_version = models.IntegerField()
    institution = models.TextField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applicant_id = models.TextField()
    applicant_name_ar = models.TextField()
    applicant_name_en = models.TextField()
    # As known when the case was begun, and again when it was said for whom: fees and eligibility look at them. Null = not known.
    applicant_birth_date = models.DateField(null=True)
    applicant_public_employee = models.BooleanField(null=True)
    language = models.TextField()
    state = models.TextField()
    subject = models.JSONField(null=True)
    answers = models.JSONField(default=dict)
    asked_anew = models.JSONField(default=dict)
    """By name of a read: what a registry told before that moment does not count, because a newer version reads otherwise."""
    pages_done = models.JSONField(default=list)
    authenticated_by = models.JSONField(default=list)
    assigned_to = models.TextField(blank=True)  # the public reference of a staff account
    revision = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    state_since = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    """When the State first gave what was asked for, or refused it. What its citizen withdrew, or let lie, was not answered."""
    closed_at = models.DateTimeField(null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="application_filed_is_fixed", operation=pgtrigger.Update, condition=FILED_IS_FIXED)
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, promised_at__isnull=True)
                | Q(submitted_at__isnull=False, promised_at__isnull=False),
                name="application_promised_iff_submitted",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(subject__isnull=False),
                name="application_submitted_has_subject",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(submitted_at__isnull=False),
                name="application_answered_was_asked",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="application_of_account"),
            models.Index(fields=["institution", "state", "promised_at"], name="application_queue"),
            models.Index(
                fields=["institution", "answered_at"],
                condition=Q(answered_at__isnull=False),
                name="application_answered",
            ),
            models.Index(
                fields=["institution", "promised_at"],
                condition=Q(answered_at__isnull=True, closed_at__isnull=True, promised_at__isnull=False),
                name="application_owed_an_answer",
            ),
            models.Index(fields=["assigned_to", "state"], condition=~Q(assigned_to=""), name="application_assigned"),
        ]


class Evidence(models.Model):
    """A registry's answer kept with the case, or what a clerk supplied from the paper register. The latest of a name counts.

    `about_id` says whose data it is, `asked_with` which answers the registry was told: when the citizen chooses another person, or
    answers otherwise, what was read before no longer counts.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="evidence_rows")
    name = models.TextField()
    about_subject = models.BooleanField()
    about_id = models.TextField()
    facts = models.JSONField()
    asked_with = models.JSONField(default=dict, db_default={})  # answers by field id, as the registry was told them
    as_of = models.DateTimeField()
    asked_at = models.DateTimeField()
    source_ar = models.TextField()
    source_en = models.TextField()
    read_reference = models.TextField(blank=True)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="evidence_append_only", operation=APPEND_ONLY)]
        indexes: ClassVar = [models.Index(fields=["application", "name", "-id"], name="evidence_latest")]


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    """Filters only."""

    def locked(self) -> AssistanceQuerySet:
        return self.select_for_update(of=("self",)).order_by("pk")

    def live(self) -> AssistanceQuerySet:
        return self.filter(state__in=LIVE_HELP)


class Assistance(models.Model):
    """Help with a draft at a counter: offered by its citizen with a code, asked for by an employee, allowed by the citizen, over."""

    reference = models.TextField(unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default="offered")
    code_hash = models.TextField()
    helper = models.TextField(blank=True)  # the public reference of a staff account
    institution = models.TextField(blank=True)
    office = models.TextField(blank=True)
    offered_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="assistance_stays_on_record", operation=pgtrigger.Delete)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=LIVE_HELP), name="assistance_one_live_for_a_draft"
            ),
            models.UniqueConstraint(
                fields=["code_hash"], condition=Q(state="offered"), name="assistance_code_names_one_offer"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("offered", "ended")) | ~Q(helper=""), name="assistance_has_a_helper_once_asked"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(opened_at__isnull=False), name="assistance_open_was_allowed"
            ),
        ]

    def facts(self) -> AssistanceFacts:
        return AssistanceFacts(
            self.reference,
            self.application.reference,
            AssistanceState(self.state),
            self.expires_at,
            self.institution,
            self.office,
            self.helper,
        )


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def open_of(self, application: Application) -> ConfirmationQuerySet:
        return self.filter(application=application, state=Confirmation.ASKED)

    def of_party(self, national_id: str) -> ConfirmationQuerySet:
        return self.filter(party_id=national_id).select_related("application")


class Confirmation(models.Model):
    """Another person is asked for his word. What he is asked is fixed when he is asked; his answer is given once."""

    ASKED, CONFIRMED, DECLINED, LAPSED = "asked", "confirmed", "declined", "lapsed"

    reference = models.TextField(unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="confirmation_rows")
    party_id = models.TextField()
    tie = models.TextField()
    name_ar = models.TextField()
    name_en = models.TextField()
    asked = models.JSONField()
    digest = models.TextField()
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    state = models.TextField(default=ASKED)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    authenticated_by = models.JSONField(default=list)
    reason = models.TextField(blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="confirmation_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="confirmation_asks_what_it_asked",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(ASKED_ANEW),
            ),
            pgtrigger.Protect(
                name="confirmation_is_answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state <> 'asked'"),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "confirmed", "declined", "lapsed"]), name="confirmation_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="confirmation_decided_at_iff_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"]) | ~Q(decided_by=""),
                name="confirmation_is_given_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="confirmation_declined_says_why"
            ),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="confirmation_is_fixed"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="asked"), name="confirmation_one_open_per_case"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party_id", "-asked_at"], name="confirmation_of_party"),
            models.Index(fields=["until"], condition=Q(state="asked"), name="confirmation_open"),
        ]


class TimelineEntry(models.Model):
    """What happened to a case. Append-only: the citizen, the clerk and the auditor read the same rows."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="timeline_rows")
    at = models.DateTimeField()
    verb = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()
    by_kind = models.TextField()
    by_id = models.TextField()
    reason = models.TextField(blank=True)
    digest = models.TextField(blank=True, default="", db_default="")  # what somebody's word was given on

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="timeline_append_only", operation=APPEND_ONLY)]
        indexes: ClassVar = [models.Index(fields=["application", "id"], name="timeline_of_application")]


class Inquiry(models.Model):
    """A live question that was answered."""

    reference = models.TextField(unique=True)
    service_id = models.TextField()
    service_version = models.IntegerField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    found = models.BooleanField()
    facts = models.JSONField()
    subject = models.JSONField(null=True)  # who it is about, when the service asks
    sources = models.JSONField(default=dict, db_default={})  # by read: where it comes from, and how old it is
    as_of = models.DateTimeField(null=True)  # of the oldest part
    source_ar = models.TextField(blank=True)
    source_en = models.TextField(blank=True)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="inquiry_append_only", operation=APPEND_ONLY)]
        indexes: ClassVar = [models.Index(fields=["account", "-asked_at"], name="inquiry_of_account")]


class QueuedInquiryQuerySet(models.QuerySet["QueuedInquiry"]):
    """Filters only."""

    def locked(self) -> QueuedInquiryQuerySet:
        return self.select_for_update(of=("self",)).order_by("pk")

    def waiting(self) -> QueuedInquiryQuerySet:
        return self.filter(state="waiting")

    def due(self, before: datetime) -> QueuedInquiryQuerySet:
        return self.waiting().filter(Q(tried_at__isnull=True) | Q(tried_at__lte=before))


class QueuedInquiry(models.Model):
    """A question whose registry did not answer, kept until it does. What was typed leaves when the waiting ends."""

    reference = models.TextField(unique=True)
    service_id = models.TextField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    typed = models.JSONField(default=dict)
    typed_key = models.TextField()
    authenticated_by = models.JSONField(default=list)
    state = models.TextField(default="waiting")
    queued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    inquiry = models.TextField(blank=True)

    objects = QueuedInquiryQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="queued_inquiry_stays_on_record", operation=pgtrigger.Delete)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "service_id", "typed_key"],
                condition=Q(state="waiting"),
                name="queued_inquiry_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | ~Q(state="waiting") & Q(ended_at__isnull=False),
                name="queued_inquiry_waits_until_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(state="answered") & ~Q(inquiry="") | ~Q(state="answered") & Q(inquiry=""),
                name="queued_inquiry_answered_iff_there_is_an_answer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["queued_at", "id"], condition=Q(state="waiting"), name="queued_inquiry_line"),
            models.Index(
                fields=["account", "queued_at"], condition=Q(state="waiting"), name="queued_inquiry_of_account"
            ),
        ]

    def facts(self) -> QueuedFacts:
        return QueuedFacts(
            self.reference,
            self.service_id,
            QueuedState(self.state),
            self.queued_at,
            self.expires_at,
            self.tried_at,
            self.inquiry,
        )
