"""How far an enrolment came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.processes.enrolment.models import Enrolment

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.processes.enrolment.facts import EnrolmentFacts


def find_enrolment(reference: str, *, at: datetime) -> EnrolmentFacts | None:
    """An enrolment that can still go on."""
    alive = Enrolment.objects.filter(reference=reference, expires_at__gt=at).exclude(state=Enrolment.FINISHED).first()
    return alive.facts() if alive else None
