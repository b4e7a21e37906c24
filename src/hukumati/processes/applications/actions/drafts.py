"""The citizen's verbs: open a draft, say for whom, answer, file, give up, answer a return."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.payments import api as payments
from hukumati.infra.outbox import api as outbox
from hukumati.kernel.money import Money, total
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.process import By
from hukumati.kernel.reference import new_reference
from hukumati.kernel.text import Text
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions.moves import (
    lock_own,
    lock_own_draft,
    move,
    process_of,
    remember,
    saved,
    service_of,
    tell,
    words,
)
from hukumati.processes.applications.answers import read_page
from hukumati.processes.applications.facts import (
    AnswersIncomplete,
    AnswersInvalid,
    CaseChanged,
    FeeWouldChange,
    NotEligible,
    ServiceChanged,
    ServiceNotOpen,
    SubjectFacts,
    SubjectMissing,
    SubjectNotAllowed,
    TooManyDrafts,
)
from hukumati.processes.applications.models import Application, Evidence
from hukumati.processes.applications.promises import promised_at
from hukumati.processes.applications.queries import around_of, facts_of, is_outdated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ReadDeclaration, ServiceVersion
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import ApplicationFacts

DRAFTS_MAX = 20
# Each draft asks registries anew: begun and withdrawn without end, drafts would wear them out.
STARTED_BY_CITIZEN = identity.Allowance(40, 60 * 60)
CASE_READS_FOR = timedelta(days=180)


@transaction.atomic
def start(service_id: str, *, citizen: CitizenFacts, by: Actor, at: datetime) -> ApplicationFacts:
    """Open a draft of the service's present version and the grants that its declared reads need.

    A service that does not ask for whom it is, is for the applicant from the start.
    Refuses with ServiceNotOpen, NotEligible, TooManyDrafts, TooManyTries.
    """
    service = catalogue.get_published(service_id)
    require_open_to(service, citizen)
    reason = rules.eligibility_of(service, citizen, on=rules.local_day(at))
    if reason is not None:
        raise NotEligible(reason=reason)
    identity.spend("applications_started", citizen.reference, allowance=STARTED_BY_CITIZEN, at=at)
    if (
        Application.objects.filter(
            account_id=citizen.account_id, submitted_at__isnull=True, closed_at__isnull=True
        ).count()
        >= DRAFTS_MAX
    ):
        raise TooManyDrafts(limit=DRAFTS_MAX)
    row = Application.objects.create(
        reference=new_reference("A", year=at.year),
        service_id=service.id,
        service_version=service.version,
        institution=service.institution,
        account_id=citizen.account_id,
        applicant_id=citizen.national_id.digits,
        applicant_name_ar=citizen.name.ar,
        applicant_name_en=citizen.name.in_("en"),
        applicant_birth_date=citizen.birth_date,
        applicant_public_employee=citizen.public_employee,
        language=citizen.language,
        state=process_of(service).start,
        authenticated_by=list(by.authenticated_by),
        created_at=at,
        changed_at=at,
        state_since=at,
    )
    grant_reads(service, row, subject=citizen.national_id, of="applicant", by=by, at=at)
    remember(row, "start", from_="", by=by, at=at)
    if service.asks_for_whom:
        return facts_of(row)
    row.subject = rules.subject_to_json(subject_of(citizen))
    return saved(row, at=at)


def require_open_to(service: ServiceVersion, citizen: CitizenFacts) -> None:
    """Refuses with ServiceNotOpen when the service's stage or audience leaves this citizen out."""
    if not catalogue.is_open_to(service, citizen):
        raise ServiceNotOpen(service_id=service.id, stage=service.stage)


def fetch(application: ApplicationFacts, name: str, *, by: Actor, at: datetime) -> ApplicationFacts:
    """Ask the registry of the declared read `name` and keep the answer with the case, unless a fresh one is there.

    Nothing is asked while its condition does not hold, or before the answers that the registry must be told are given. Speaks to the network, so it runs outside any transaction. Raises RegistryUnreachableError; refuses with ReadNotCovered.
    """
    service = catalogue.get_published(application.service_id, version=application.service_version)
    read = service.get_read(name)
    known = application.evidence.get(name)
    if known is not None and at - known.asked_at < timedelta(seconds=read.fresh_seconds):
        return application
    if not rules.is_due(service, application, read, at=at):
        return application
    subject = (
        application.applicant_id if read.subject == "applicant" else rules.require_subject(application).national_id
    )
    row = Application.objects.get(reference=application.reference)
    if read.when:
        _grant_read(read, row, subject=NationalId(subject), by=by, at=at)
    told = rules.told_with(read, application.answers)
    question = exchange.Question(
        application.reference,
        NationalId(subject),
        read.registry,
        read.service,
        read.attributes,
        rules.parameters_of(read, application.answers),
    )
    answer = _asked(read, question, by=by, at=at)
    Evidence.objects.create(
        application=row,
        name=name,
        about_subject=read.subject == "subject",
        about_id=subject,
        facts=dict(answer.facts),
        asked_with=told,
        as_of=answer.as_of,
        asked_at=answer.asked_at,
        source_ar=answer.source.ar,
        source_en=answer.source.en,
        read_reference=answer.read_reference,
    )
    return facts_of(row)


def _asked(read: ReadDeclaration, question: exchange.Question, *, by: Actor, at: datetime) -> exchange.Answer:
    """The registry's answer. Where the service says so, that it knows nothing of the person is one."""
    if not read.may_be_absent:
        return exchange.ask(question, by=by, at=at)
    try:
        answer = exchange.ask(question, by=by, at=at)
    except exchange.SubjectUnknown:
        source = exchange.get_registry(read.registry).name
        latest = exchange.list_reads_for(question.case_reference, limit=1)[0].reference
        return exchange.Answer({"found": False}, as_of=at, source=source, asked_at=at, read_reference=latest)
    return dataclasses.replace(answer, facts={**answer.facts, "found": True})


@transaction.atomic
def choose_subject(
    application: ApplicationFacts, *, key: str, citizen: CitizenFacts, by: Actor, at: datetime
) -> ApplicationFacts:
    """Say whom the application is for: one of the people whom the civil registry ties to the applicant, as the form allows.

    Another person than before empties the answers, because they were about somebody else. Refuses with SubjectNotAllowed.
    """
    row = lock_own_draft(application)
    if row.submitted_at is not None:  # paid for, and perhaps reviewed, about somebody else
        raise SubjectNotAllowed
    current = facts_of(row)
    service = service_of(row)
    allowed = rules.allowed_subjects(service, current, myself=subject_of(citizen))
    subject = next((person for person in allowed if person.key == key), None)
    if subject is None:
        raise SubjectNotAllowed
    if current.subject is None or current.subject.national_id != subject.national_id:
        row.answers, row.pages_done = {}, []
        if current.subject is not None:
            _end_reads_about(service, row, former=NationalId(current.subject.national_id), at=at)
        grant_reads(service, row, subject=NationalId(subject.national_id), of="subject", by=by, at=at)
    row.subject = rules.subject_to_json(subject)
    row.applicant_birth_date, row.applicant_public_employee = citizen.birth_date, citizen.public_employee
    return saved(row, at=at)


@transaction.atomic
def save_answers(
    application: ApplicationFacts, *, page: str, typed: Mapping[str, Any], at: datetime
) -> ApplicationFacts:
    """Keep the answers of one page of the form. Refuses with AnswersInvalid (nothing is saved then), CaseChanged, FeeWouldChange."""
    row = lock_own_draft(application)
    service = service_of(row)
    around = around_of(service, facts_of(row))
    read = read_page(rules.page_of(service, page), typed, answers=row.answers, around=around)
    if read.errors:
        raise AnswersInvalid(errors=read.errors)
    answers = {**row.answers, **read.values}
    if row.submitted_at is not None:
        _require_same_fee(service, row, answers)
    row.answers = answers
    row.pages_done = sorted({*row.pages_done, page})
    return saved(row, at=at)


@transaction.atomic
def submit(
    application: ApplicationFacts, *, revision: int, citizen: CitizenFacts, by: Actor, at: datetime
) -> ApplicationFacts:
    """File the draft and promise a date. Where the table leads next, the fee is raised or another person is asked.

    Refuses with AnswersIncomplete, SubjectMissing, SubjectNotAllowed, CaseChanged, NotEligible, FactsMissing, ServiceChanged.

    `revision` is the one that the citizen checked: what another window changed since then is not filed unseen.
    """
    row = lock_own_draft(application)
    if row.revision != revision:
        raise CaseChanged
    service = service_of(row)
    require_open_to(service, citizen)
    current = facts_of(row)
    if is_outdated(current):
        raise ServiceChanged(version=service.version)
    if current.subject is None:
        raise SubjectMissing
    if current.subject.key not in {
        person.key for person in rules.allowed_subjects(service, current, myself=subject_of(citizen))
    }:
        raise SubjectNotAllowed  # the registry's latest answer no longer knows the tie
    if missing := rules.pages_missing(service, current):
        raise AnswersIncomplete(pages=missing)
    rules.require_decided(service, current, on=rules.local_day(at))
    row.submitted_at = at
    row.promised_at = promised_at(at, working_days=service.answer_within_working_days)
    row.authenticated_by = list(by.authenticated_by)
    move(row, service, "submit", by_role=By.CITIZEN, by=by, at=at)
    tell(row, "application.submitted", at=at, promised_on=row.promised_at)
    outbox.publish("applications.submitted", about=row.reference, at=at)
    return facts_of(row)


@transaction.atomic
def withdraw(application: ApplicationFacts, *, by: Actor, at: datetime) -> ApplicationFacts:
    """The citizen gives the application up, while its table allows it. An open charge is voided.

    Refuses with FeeAlreadyPaid while the fee is in the ledger and the case is about to hear of it: it would keep the money and give nothing.
    """
    row = lock_own(application)
    step = move(row, service_of(row), "withdraw", by_role=By.CITIZEN, by=by, at=at)
    for charge in payments.list_charges(row.reference):
        if charge.state == "open" or (charge.state == "paid" and not step.refunds):
            payments.void_charge(charge.reference, reason="applications.withdrawn", by=by, at=at)
    return facts_of(row)


@transaction.atomic
def resubmit(application: ApplicationFacts, *, note: str, by: Actor, at: datetime) -> ApplicationFacts:
    """The citizen answers a return: the corrected answers are filed, with a word to the clerk.

    Judged as a filing is, by what the registers say about the corrected answers: refuses with AnswersIncomplete, NotEligible, FactsMissing, and
    with FeeWouldChange when the case, as it is now, costs something else than what was paid.
    """
    row = lock_own(application)
    service, current = service_of(row), facts_of(row)
    if missing := rules.pages_missing(service, current):
        raise AnswersIncomplete(pages=missing)
    on = rules.local_day(row.submitted_at or at)
    rules.require_decided(service, current, on=on)
    _require_what_was_paid(row, rules.fee(service, current, on=on).total)
    move(row, service, "resubmit", by_role=By.CITIZEN, by=by, at=at, reason=words(note))
    return facts_of(row)


def _require_what_was_paid(row: Application, asked: Money) -> None:
    """Once the fee was paid, or nothing was owed, nothing else can be owed by a correction."""
    if not row.timeline_rows.filter(verb="pay").exists():
        return
    paid = [charge.total for charge in payments.list_charges(row.reference) if charge.state == "paid"]
    already = total(tuple(paid)) if paid else Money(0, asked.currency)
    if already != asked:
        raise FeeWouldChange(paid=already, asked=asked)


def _require_same_fee(service: ServiceVersion, row: Application, answers: Mapping[str, Any]) -> None:
    """A correction may not order more, or less, than what was paid for."""
    on = rules.local_day(row.submitted_at) if row.submitted_at else row.created_at.date()
    filed = facts_of(row)
    corrected = replace(filed, answers=answers)
    paid, asked = (rules.fee(service, those, on=on).total for those in (filed, corrected))
    if paid != asked:
        raise FeeWouldChange(paid=paid, asked=asked)


def subject_of(citizen: CitizenFacts) -> SubjectFacts:
    """The applicant as the person the application is for."""
    name = Text(citizen.name.ar, citizen.name.in_("en"))
    return SubjectFacts(citizen.national_id.digits, "self", name, citizen.birth_date)


def grant_reads(
    service: ServiceVersion, row: Application, *, subject: NationalId, of: str, by: Actor, at: datetime
) -> None:
    """Give the right to every read that is always made. One with a condition is granted when that holds, see `fetch`."""
    for read in service.reads:
        if read.subject == of and not read.when:
            _grant_read(read, row, subject=subject, by=by, at=at)


def _grant_read(read: ReadDeclaration, row: Application, *, subject: NationalId, by: Actor, at: datetime) -> None:
    exchange.open_grant(
        row.reference,
        subject=subject,
        applicant=NationalId(row.applicant_id),
        registry=read.registry,
        service=read.service,
        attributes=read.attributes,
        parameters=tuple(read.parameters),
        purpose=read.purpose,
        until=row.created_at + CASE_READS_FOR,
        by=by,
        at=at,
    )


def _end_reads_about(service: ServiceVersion, row: Application, *, former: NationalId, at: datetime) -> None:
    """The case is no longer about this person; as its applicant he is still asked about."""
    own = former.digits == row.applicant_id
    still = {(read.registry, read.service) for read in service.reads if own and read.subject == "applicant"}
    for read in service.reads:
        if read.subject == "subject" and (read.registry, read.service) not in still:
            exchange.close_grant(row.reference, subject=former, registry=read.registry, service=read.service, at=at)
