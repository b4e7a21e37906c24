"""What the case does when something outside it has happened. Ids in, load, one action; each may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.utils.timezone import now

from hukumati.infra.jobs import every, job
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.processes.applications import queued
from hukumati.processes.applications.actions import assistance, confirmations, progress, recording
from hukumati.processes.applications.queries import list_overdue, list_to_remind, list_waiting_for_us

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

FORGOTTEN_AFTER = timedelta(minutes=90)  # a job's own tries take somewhat more than an hour
log = structlog.get_logger(__name__)


def _is_case(about: str) -> bool:
    """Documents are issued about other things as well: receipts."""
    return about.startswith("A-")


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
def record_entries(reference: str) -> None:
    """Tell the registers. What is not known to be entered raises, and the queue tells it again by the same key."""
    recording.record(reference, at=now())


@job(queue="messages")
def invite_party(reference: str) -> None:
    confirmations.invite(reference, at=now())


@job(queue="cases")
def on_document_issued(about: str, document: str, **_facts: object) -> None:
    if not _is_case(about):
        return
    progress.confirm_issue(about, document=document, at=now())


@job(queue="cases")
def on_downloaded(about: str, holder: str, **_facts: object) -> None:
    if not _is_case(about):
        return
    progress.confirm_download(about, by=Actor(ActorKind.CITIZEN, holder), at=now())


@job(queue="cases")
def on_handed_over(about: str, **_facts: object) -> None:
    progress.confirm_hand_over(about, at=now())


@job(queue="cases")
def on_document_revoked(about: str, document: str, **_facts: object) -> None:
    if not _is_case(about):
        return
    progress.tell_revocation(about, document=document, at=now())


@job(queue="cases")
def on_refund_promised(about: str, refund: str, **_facts: object) -> None:
    progress.tell_of_promised_refund(about, refund=refund, at=now())


@job(queue="cases")
def on_refund_confirmed(about: str, refund: str, **_facts: object) -> None:
    progress.tell_of_given_refund(about, refund=refund, at=now())


@every("17 * * * *")
def close_overdue_cases(timestamp: int) -> None:  # noqa: ARG001  (the clock tells every job its second)
    """Cases that have waited in their state for longer than the table gives them."""
    at = now()
    for reference in list_overdue(at=at):
        _or_the_next(progress.close_overdue, reference, at=at)


@every("11 * * * *")
def remind_parties(timestamp: int) -> None:  # noqa: ARG001
    """People whose word is asked for, two days before it is too late."""
    at = now()
    for reference in list_to_remind(until=at + confirmations.REMINDED_BEFORE):
        _or_the_next(confirmations.remind, reference, at=at)


@every("*/15 * * * *")
def take_up_again(timestamp: int) -> None:  # noqa: ARG001
    """Cases that wait for us and not for a person. A job gives up after its last try; money and documents may not wait for ever."""
    at = now()
    for reference in list_waiting_for_us(since=at - FORGOTTEN_AFTER):
        _or_the_next(progress.take_up_again, reference, at=at)


@every("* * * * *")
def answer_those_that_wait(timestamp: int) -> None:  # noqa: ARG001
    """Questions whose registries did not answer when they were asked."""
    queued.give_up_what_waited_too_long(at=now())
    queued.answer_those_that_wait(at=now())


@every("*/10 * * * *")
def end_help_that_is_over(timestamp: int) -> None:  # noqa: ARG001
    """Codes that nobody typed, and help whose hour is over."""
    assistance.end_help_that_is_over(at=now())


def _or_the_next(verb: Callable[..., None], reference: str, *, at: datetime) -> None:
    """One case that cannot go on keeps no other from it."""
    try:
        verb(reference, at=at)
    except Exception:
        log.exception("case_left", verb=verb.__name__, case=reference)
