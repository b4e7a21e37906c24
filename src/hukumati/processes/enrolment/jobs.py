"""What enrolment does in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.timezone import now

from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.infra.jobs import every, job
from hukumati.kernel.actor import system
from hukumati.processes.enrolment.models import Enrolment

KEPT_AFTER_EXPIRY: Final = timedelta(days=1)


@job()
def learn_public_employment(account_id: int, reference: str) -> None:
    """Services in their pilot stage are open to public employees first: the personnel council says who is one."""
    at = now()
    citizen = identity.find_citizen(account_id)
    if citizen is None:
        return
    employed = exchange.read_public_employee(reference, national_id=citizen.national_id, by=system("enrolment"), at=at)
    identity.record_public_employee(account_id, value=employed, at=at)


@every("41 * * * *")
def forget_what_is_over(timestamp: int) -> None:  # noqa: ARG001 (the clock tells every job its second)
    """Names and numbers of people who did not finish are not kept."""
    Enrolment.objects.filter(expires_at__lt=now() - KEPT_AFTER_EXPIRY).delete()
