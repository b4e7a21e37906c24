"""Telling registers what a case has come to. The network first, then one short transaction; run twice, nothing is entered twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.exchange import api as exchange
from hukumati.domain.payments import api as payments
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.process import By
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions.arrivals import REGISTRAR
from hukumati.processes.applications.actions.moves import leads_out, lock, move, service_of, tell
from hukumati.processes.applications.models import Application, Evidence
from hukumati.processes.applications.queries import facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion, WriteDeclaration
    from hukumati.processes.applications.facts import ApplicationFacts


def record(reference: str, *, at: datetime) -> None:
    """Have the registers enter what the service declares, and move on by what they say. Idempotent; raises RegistryUnreachableError.

    Every write is told before the case moves: of two, the second may still be refused, and the first is then found by its key.
    """
    row = Application.objects.filter(reference=reference).first()
    if row is None:
        return
    service, case = service_of(row), facts_of(row)
    if not leads_out(service, row, "record"):
        return
    answers: dict[str, exchange.Answer] = {}
    receipt = _receipt_of(reference)
    for write in rules.writes_due(service, case, at=at):
        try:
            answers[write.name] = exchange.tell(_statement(write, case, receipt=receipt), by=REGISTRAR, at=at)
        except exchange.WriteRefused as refusal:
            _confirm_refusal(reference, write, refusal, answers, at=at)
            return
    _confirm_record(reference, answers, at=at)


def _statement(write: WriteDeclaration, case: ApplicationFacts, *, receipt: str) -> exchange.Statement:
    return exchange.Statement(
        case.reference,
        write.name,
        NationalId(rules.whom(write.subject, case)),
        write.registry,
        write.service,
        rules.facts_to_tell(write, case, receipt=receipt),
        write.returns,
    )


def _receipt_of(reference: str) -> str:
    """The number on the receipt for the case's fee; empty when nothing was paid."""
    paid = [charge for charge in payments.list_charges(reference) if charge.state == "paid"]
    return payments.get_receipt(paid[-1].receipt_reference).number if paid else ""


@transaction.atomic
def _confirm_record(reference: str, answers: dict[str, exchange.Answer], *, at: datetime) -> None:
    """What came back is evidence under the write's name; the document may say it."""
    row = lock(reference)
    service = service_of(row)
    if not leads_out(service, row, "record"):
        return
    _keep_all(row, service, answers)
    move(row, service, "record", by_role=By.SYSTEM, by=REGISTRAR, at=at)
    if row.closed_at is not None:  # nothing is issued after it: the entry is what was wanted
        tell(row, "application.recorded", at=at)


def _keep_all(row: Application, service: ServiceVersion, answers: dict[str, exchange.Answer]) -> None:
    for write in service.writes:
        if answer := answers.get(write.name):
            _keep(row, service, write, answer)


def _keep(row: Application, service: ServiceVersion, write: WriteDeclaration, answer: exchange.Answer) -> None:
    Evidence.objects.create(
        application=row,
        name=write.name,
        about_subject=write.subject == "subject" and service.asks_for_whom,
        about_id=rules.whom(write.subject, facts_of(row)),
        facts=dict(answer.facts),
        as_of=answer.as_of,
        asked_at=answer.asked_at,
        source_ar=answer.source.ar,
        source_en=answer.source.en,
        read_reference=answer.read_reference,
    )


@transaction.atomic
def _confirm_refusal(
    reference: str,
    write: WriteDeclaration,
    refusal: exchange.WriteRefused,
    entered: dict[str, exchange.Answer],
    *,
    at: datetime,
) -> None:
    """One register says no; what others have entered before it stands there, and the case knows it."""
    row = lock(reference)
    service = service_of(row)
    if leads_out(service, row, "record_refused"):
        _keep_all(row, service, entered)
        reason = rules.refusal_in_words(write, refusal.reason).in_(row.language)
        move(row, service, "record_refused", by_role=By.SYSTEM, by=REGISTRAR, at=at, reason=reason)
