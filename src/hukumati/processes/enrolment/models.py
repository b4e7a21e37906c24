"""Enrolments under way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hukumati.domain.identity.facts import PersonName
from hukumati.processes.enrolment.facts import Aim, EnrolmentFacts


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def locked(self) -> EnrolmentQuerySet:
        return self.select_for_update().order_by("pk")


class Enrolment(models.Model):
    """Somebody whose details matched the civil registry, between the code and the password. Forgotten when it is over."""

    CODE_SENT, CONFIRMED, FINISHED = "code_sent", "confirmed", "finished"

    reference = models.TextField(unique=True)
    aim = models.TextField()
    state = models.TextField(default=CODE_SENT)
    national_id = models.TextField()
    name = models.JSONField()
    birth_date = models.DateField()
    mobile = models.TextField()
    language = models.TextField()
    started_at = models.DateTimeField()
    code_sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(aim__in=[aim.value for aim in Aim]), name="enrolment_aim_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["code_sent", "confirmed", "finished"]), name="enrolment_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("started_at")), name="enrolment_expires_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False)
                | Q(~Q(state="finished"), finished_at__isnull=True),
                name="enrolment_finished_at_iff_finished",
            ),
        ]

    def person(self) -> PersonName:
        return PersonName(**self.name)

    def facts(self) -> EnrolmentFacts:
        return EnrolmentFacts(
            reference=self.reference,
            aim=Aim(self.aim),
            state=self.state,
            mobile_ending=self.mobile[-3:],
            first_name_ar=self.person().first_ar,
            first_name_la=self.person().first_la,
            code_sent_at=self.code_sent_at,
            expires_at=self.expires_at,
        )
