"""What moves a case from outside it: the ledger, the document, the counter, the clock. Every verb is idempotent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue import sdk
from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.domain.uploads import api as uploads
from hukumati.infra.jobs import enqueue
from hukumati.kernel.actor import system
from hukumati.kernel.process import By
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions.arrivals import JOBS
from hukumati.processes.applications.actions.dropped import tell_left_out
from hukumati.processes.applications.actions.moves import leads_out, lock, move, process_of, service_of, tell
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.promises import promised_at
from hukumati.processes.applications.queries import facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import ApplicationFacts


@transaction.atomic
def confirm_payment(reference: str, *, receipt: str, at: datetime) -> None:
    """The ledger has the fee. The clock of the promise starts now. Idempotent: a second word of the same payment changes nothing."""
    row = lock(reference)
    service = service_of(row)
    if not leads_out(service, row, "pay"):
        return
    row.promised_at = promised_at(at, working_days=service.answer_within_working_days)
    step = move(row, service, "pay", by_role=By.LEDGER, by=system("ledger"), at=at)
    paid = payments.get_receipt(receipt)
    tell(row, "payment.received", at=at, receipt=paid.number, amount=paid.total)
    if any(onward.by == By.CLERK for onward in process_of(service).from_state(step.to)):
        tell(row, "application.in_review", at=at, receipt=paid.number)


@transaction.atomic
def expire(reference: str, *, at: datetime) -> None:
    """Nobody paid in time. Idempotent."""
    row = lock(reference)
    service = service_of(row)
    if leads_out(service, row, "expire"):
        move(row, service, "expire", by_role=By.CLOCK, by=system("clock"), at=at)


def issue_document(reference: str, *, at: datetime) -> None:
    """Render, sign and store the document of a case that is due to have one. Idempotent; the slow work holds no lock."""
    row = Application.objects.filter(reference=reference).first()
    if row is None:
        return
    service, case = service_of(row), facts_of(row)
    if service.document is None or not leads_out(service, row, "issue"):
        return
    documents.issue(
        row.reference,
        kind=service.id,
        holder=row.account_id,
        template=service.document.template,
        data=rules.document_data(service, case),
        language=rules.document_language(case),
        title=service.document.title,
        institution=service.institution,
        subject_name=rules.document_subject_name(service, case),
        valid_until=rules.valid_until(service, case, at=at),
        images=_images(service, case),
        at=at,
    )


def _images(service: ServiceVersion, case: ApplicationFacts) -> dict[str, bytes]:
    declared = service.document.images if service.document else {}
    named = {name: str(sdk.fact_at(rules.known_facts(case), path)) for name, path in declared.items()}
    return {name: uploads.read(reference, about=case.reference).content for name, reference in named.items()}


@transaction.atomic
def confirm_issue(reference: str, *, document: str, at: datetime) -> None:
    """The document exists: the case is ready, and paper or a card waits at the counter or the post office that was asked for. Idempotent."""
    row = lock(reference)
    service = service_of(row)
    if not leads_out(service, row, "issue"):
        return
    move(row, service, "issue", by_role=By.SYSTEM, by=system("documents"), at=at)
    tell_left_out(row, service, at=at)
    office = rules.office_of(service, row.answers)
    if not office or (service.document and service.document.interim):
        tell(row, "document.ready", at=at, document=document)
    if not office:
        return
    pick_up = delivery.offer_pick_up(row.reference, holder=row.account_id, office=office, document=document, at=at)
    tell(row, "pick_up.ready", at=at, code=pick_up.code, office=catalogue.get_office(office).name)


@transaction.atomic
def confirm_download(reference: str, *, by: Actor, at: datetime) -> None:
    """The holder has downloaded the document. Only a download that the table waits for moves the case. Idempotent."""
    row = lock(reference)
    service = service_of(row)
    if leads_out(service, row, "download") and not rules.office_of(service, row.answers):
        move(row, service, "download", by_role=By.CITIZEN, by=by, at=at)


@transaction.atomic
def confirm_hand_over(reference: str, *, at: datetime) -> None:
    """The counter has handed the paper over. Idempotent."""
    row = lock(reference)
    service = service_of(row)
    if leads_out(service, row, "hand_over"):
        office = rules.office_of(service, row.answers)
        move(row, service, "hand_over", by_role=By.COUNTER, by=system("delivery"), at=at)
        tell(row, "pick_up.handed_over", at=at, office=catalogue.get_office(office).name)


@transaction.atomic
def tell_revocation(reference: str, *, document: str, at: datetime) -> None:
    """The document of a case was revoked: its holder hears it, with the reason. The case itself stays as it ended."""
    row = lock(reference)
    revoked = documents.get_own(document, holder=row.account_id)
    tell(row, "document.revoked", at=at, document=document, reason=revoked.revoked_reason)


@transaction.atomic
def close_overdue(reference: str, *, at: datetime) -> None:
    """The clock takes the step that a waiting state has for it, when the state's days are over. Idempotent."""
    row = lock(reference)
    service = service_of(row)
    if leads_out(service, row, "pay"):  # an unpaid charge ends by payments' own word, which knows of attempts under way
        return
    for step in process_of(service).from_state(row.state):
        if step.by == By.CLOCK and step.within_days and at >= row.state_since + timedelta(days=step.within_days):
            move(row, service, step.verb, by_role=By.CLOCK, by=system("clock"), at=at)
            return


@transaction.atomic
def tell_of_promised_refund(reference: str, *, refund: str, at: datetime) -> None:
    """The applicant hears of money that will go back; of cash with the code that only the payer has. Idempotent."""
    row, promised = lock(reference), payments.get_refund(refund)
    if not promised.at_counter:
        _tell_of_each(row, promised, "refund.promised", due=_refunds_like(promised), at=at)
        return
    waiting = payments.offer_refund_code(refund, at=at)
    if waiting.code:
        message = "refund.cash_ready" if waiting.in_cash else "refund.card_ready"
        tell(row, message, at=at, amount=waiting.amount, refund=refund, code=waiting.code)


@transaction.atomic
def tell_of_given_refund(reference: str, *, refund: str, at: datetime) -> None:
    """The applicant hears that the provider, or a cashier, has given the money back. Idempotent by number."""
    row, given = lock(reference), payments.get_refund(refund)
    message = "refund.paid_out" if given.in_cash else "refund.sent"
    due = [one for one in _refunds_like(given) if one.state == payments.RefundState.CONFIRMED]
    _tell_of_each(row, given, message, due=due, at=at)


def _refunds_like(one: payments.RefundFacts) -> list[payments.RefundFacts]:
    """All that goes back for this case by the same way."""
    promised = [each for charge in payments.list_charges(one.about) for each in payments.list_refunds(charge.reference)]
    return [each for each in promised if each.way == one.way]


def _tell_of_each(
    row: Application, refund: payments.RefundFacts, message: str, *, due: list[payments.RefundFacts], at: datetime
) -> None:
    told = [one for one in notifications.list_messages(row.reference) if one.code == message]
    if len(told) < len(due):
        tell(row, message, at=at, amount=refund.amount, refund=refund.reference)


def take_up_again(reference: str, *, at: datetime) -> None:
    """Whatever the case was to hear and never heard: the payment, the end of its charge, its document, a register. Idempotent."""
    row = Application.objects.get(reference=reference)
    service = service_of(row)
    if leads_out(service, row, "pay"):
        _hear_of_charges(reference, at=at)
    elif leads_out(service, row, "issue"):
        document = documents.find_about(reference, holder=row.account_id)
        if document is None:
            enqueue(f"{JOBS}.issue_document", key=f"issue {reference}", reference=reference)
        else:
            confirm_issue(reference, document=document.reference, at=at)
    elif leads_out(service, row, "record"):
        enqueue(f"{JOBS}.record_entries", key=f"record {reference}", reference=reference)


def _hear_of_charges(reference: str, *, at: datetime) -> None:
    charges = payments.list_charges(reference)
    paid = next((charge for charge in charges if charge.state == "paid"), None)
    if paid is not None:
        confirm_payment(reference, receipt=paid.receipt_reference, at=at)
    elif charges and all(charge.state == "expired" for charge in charges):
        expire(reference, at=at)
