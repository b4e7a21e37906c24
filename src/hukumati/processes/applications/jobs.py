"""What the case does when something outside it has happened. Ids in, load, one action; each may run twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from hukumati.infra.jobs import every, job
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.processes.applications.actions import progress
from hukumati.processes.applications.models import Application

OVERDUE_BATCH_MAX = 500
LONGEST_STATE_DAYS_MIN = 1


@job(queue="cases")
def on_charge_confirmed(about: str, receipt: str, **_facts: object) -> None:
    progress.confirm_payment(about, receipt=receipt, at=now())


@job(queue="cases")
def on_charge_expired(about: str, **_facts: object) -> None:
    progress.expire(about, at=now())


@job(queue="documents")
def issue_document(reference: str) -> None:
    progress.issue_document(reference, at=now())


@job(queue="cases")
def on_document_issued(about: str, document: str, **_facts: object) -> None:
    progress.confirm_issue(about, document=document, at=now())


@job(queue="cases")
def on_downloaded(about: str, holder: str, **_facts: object) -> None:
    progress.confirm_download(about, by=Actor(ActorKind.CITIZEN, holder), at=now())


@job(queue="cases")
def on_handed_over(about: str, **_facts: object) -> None:
    progress.confirm_hand_over(about, at=now())


@job(queue="cases")
def on_document_revoked(about: str, document: str, **_facts: object) -> None:
    progress.tell_revocation(about, document=document, at=now())


@job(queue="cases")
def on_refund_promised(about: str, refund: str, **_facts: object) -> None:
    progress.tell_of_refund(about, refund=refund, message="refund.promised", at=now())


@job(queue="cases")
def on_refund_confirmed(about: str, refund: str, **_facts: object) -> None:
    progress.tell_of_refund(about, refund=refund, message="refund.sent", at=now())


@every("17 * * * *")
def close_overdue_cases(timestamp: int) -> None:  # noqa: ARG001  (the clock tells every job its second)
    """Cases that have waited at least a day in their state; the table says whether that is too long."""
    before = now() - timedelta(days=LONGEST_STATE_DAYS_MIN)
    waiting = Application.objects.filter(closed_at__isnull=True, state_since__lt=before)
    for reference in waiting.order_by("state_since").values_list("reference", flat=True)[:OVERDUE_BATCH_MAX]:
        progress.close_overdue(reference, at=now())
