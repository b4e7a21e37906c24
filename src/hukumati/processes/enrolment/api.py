"""The door of enrolment."""

from __future__ import annotations

from hukumati.processes.enrolment.actions import confirm, finish, resend_code, start
from hukumati.processes.enrolment.facts import Aim, Claim, EnrolmentFacts, EnrolmentOver, NotEnrollable, ResendTooSoon
from hukumati.processes.enrolment.queries import find_enrolment

__all__ = [
    "Aim",
    "Claim",
    "EnrolmentFacts",
    "EnrolmentOver",
    "NotEnrollable",
    "ResendTooSoon",
    "confirm",
    "find_enrolment",
    "finish",
    "resend_code",
    "start",
]
