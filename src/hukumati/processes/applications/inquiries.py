"""Inquiries: a live question, answered on the spot, kept with its age and source; and the application it may go on into."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.infra.audit import api as audit
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.reference import new_reference
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions.drafts import choose_subject, fetch, require_open_to, start, subject_of
from hukumati.processes.applications.actions.moves import lock_own_draft, saved
from hukumati.processes.applications.answers import one, read_page
from hukumati.processes.applications.facts import (
    AnswersInvalid,
    ApplicationFacts,
    EvidenceFacts,
    SubjectNotAllowed,
)
from hukumati.processes.applications.models import Inquiry
from hukumati.processes.applications.queries import inquiry_facts_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ReadDeclaration, ServiceVersion
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.answers.sent import Typed
    from hukumati.processes.applications.facts import InquiryFacts, SubjectFacts

ANSWERED_WITHIN = timedelta(minutes=2)
# Nobody reads more answers than that; a script would wear out the registry for everybody.
ASKED_BY_CITIZEN = identity.Allowance(30, 10 * 60)
WHOM = "subject"
SAME_ANSWERS_MAX = 10


def not_asked_yet(service: ServiceVersion, *, citizen: CitizenFacts, at: datetime) -> ApplicationFacts:
    """The question in the shape of a case, so that the same rules judge it and the same pages ask. It is never kept."""
    return ApplicationFacts(
        reference=new_reference("Q", year=at.year),
        service_id=service.id,
        service_version=service.version,
        institution=service.institution,
        state="",
        account_id=citizen.account_id,
        applicant_id=citizen.national_id.digits,
        language=citizen.language,
        created_at=at,
        changed_at=at,
        subject=subject_of(citizen),
        applicant_birth_date=citizen.birth_date,
        applicant_public_employee=citizen.public_employee,
    )


def list_askable(service_id: str, *, citizen: CitizenFacts, by: Actor, at: datetime) -> list[SubjectFacts]:
    """Whom this citizen may ask about: himself, and those whom the civil registry, asked now, ties to him as the service allows."""
    service = catalogue.get_published(service_id)
    require_open_to(service, citizen)
    identity.spend("inquiries", citizen.reference, allowance=ASKED_BY_CITIZEN, at=at)
    case = not_asked_yet(service, citizen=citizen, at=at)
    try:
        return _askable(service, case, citizen=citizen, by=by, at=at)
    finally:
        exchange.close_grants(case.reference, at=at)


def ask(service_id: str, *, typed: Typed | None = None, citizen: CitizenFacts, by: Actor, at: datetime) -> InquiryFacts:
    """Ask the registries now, about the citizen himself or about whom `typed` names among those he may ask about.

    Speaks to the network, so it runs outside any transaction. Raises RegistryUnreachableError, and then nothing is kept but the record
    of the read; refuses with ServiceNotOpen, AnswersInvalid (then nothing was asked), SubjectNotAllowed, TooManyTries.
    """
    service = catalogue.get_published(service_id)
    require_open_to(service, citizen)
    case = checked(service, typed or {}, citizen=citizen, at=at)
    if service.answers_a_second and (given := _given_just_now(service, case, typed or {}, at=at)):
        return given
    identity.spend("inquiries", citizen.reference, allowance=ASKED_BY_CITIZEN, at=at)
    try:
        if service.asks_for_whom:
            key = one(typed or {}, WHOM)
            case = replace(case, subject=_chosen(service, case, key, citizen=citizen, by=by, at=at))
        unknown = []
        for read in rules.reads_about_answer(service):
            if rules.is_due(service, case, read, at=at):
                case, known = _told(case, read, by=by, at=at)
                unknown += [] if known else [read.name]
    finally:
        exchange.close_grants(case.reference, at=at)
    return _keep(case, unknown=unknown, by=by, at=at)


def go_on(inquiry: InquiryFacts, *, citizen: CitizenFacts, by: Actor, at: datetime) -> ApplicationFacts:
    """Begin the application that the answer offers: about the same person, and with the same answers. The registries are asked anew.

    Speaks to the network when it is about somebody else. Refuses as `start` and `choose_subject` do.
    """
    service = catalogue.get_published(inquiry.service_id)
    case = start(inquiry.service_id, citizen=citizen, by=by, at=at)
    if service.asks_for_whom:
        subject = inquiry.subject or subject_of(citizen)
        family = rules.ties_read(service)
        if subject.tie != rules.SELF and family is not None:
            case = fetch(case, family.name, by=by, at=at)
        case = choose_subject(case, key=subject.key, citizen=citizen, by=by, at=at)
    if inquiry.service_version != case.service_version:
        return case  # other questions than were answered
    return _take_over(case, inquiry.facts.get("answers", {}), at=at)


@transaction.atomic
def _take_over(case: ApplicationFacts, answers: Mapping[str, Any], *, at: datetime) -> ApplicationFacts:
    row = lock_own_draft(case)
    service = catalogue.get_published(row.service_id, version=row.service_version)
    row.answers = dict(answers)
    row.pages_done = sorted(page.id for page in rules.pages_before_answer(service))
    return saved(row, at=at)


def checked(service: ServiceVersion, typed: Typed, *, citizen: CitizenFacts, at: datetime) -> ApplicationFacts:
    """The question with its answers read, before anybody is asked. Refuses with AnswersInvalid."""
    return _answered(service, not_asked_yet(service, citizen=citizen, at=at), typed)


def _given_just_now(
    service: ServiceVersion, case: ApplicationFacts, typed: Typed, *, at: datetime
) -> InquiryFacts | None:
    """Under a surge the same question gets the same answer, with its age, for as long as the service calls it fresh."""
    fresh = timedelta(seconds=min((read.fresh_seconds for read in rules.reads_about_answer(service)), default=0))
    given = Inquiry.objects.filter(account_id=case.account_id, service_id=service.id, service_version=service.version)
    for row in given.filter(asked_at__gt=at - fresh, found=True).order_by("-asked_at")[:SAME_ANSWERS_MAX]:
        answer = inquiry_facts_of(row)
        about = answer.subject or case.subject
        wanted = one(typed, WHOM) or (case.subject.key if case.subject else "")
        if about is not None and about.key == wanted and row.facts.get("answers", {}) == case.answers:
            return answer
    return None


def _answered(service: ServiceVersion, case: ApplicationFacts, typed: Typed) -> ApplicationFacts:
    answers: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for page in rules.pages_before_answer(service):
        read = read_page(page, typed, answers=answers)
        answers |= read.values
        errors |= read.errors
    whom = service.form.find_kind(catalogue.FieldKind.TIE)
    if whom is not None and not one(typed, WHOM):
        errors[whom.id] = ("answers.required", {})
    if errors:
        raise AnswersInvalid(errors=errors)
    return replace(case, answers=answers, pages_done=tuple(page.id for page in rules.pages_before_answer(service)))


def _chosen(
    service: ServiceVersion, case: ApplicationFacts, key: str, *, citizen: CitizenFacts, by: Actor, at: datetime
) -> SubjectFacts:
    """Who asks about himself needs no family, and none is read then."""
    alone = rules.allowed_subjects(service, case, myself=subject_of(citizen))
    if not any(person.key == key for person in alone):
        alone = _askable(service, case, citizen=citizen, by=by, at=at)
    chosen = next((person for person in alone if person.key == key), None)
    if chosen is None:
        raise SubjectNotAllowed
    return chosen


def _askable(
    service: ServiceVersion, case: ApplicationFacts, *, citizen: CitizenFacts, by: Actor, at: datetime
) -> list[SubjectFacts]:
    family = rules.ties_read(service)
    if service.asks_for_whom and family is not None:
        case, _known = _told(case, family, by=by, at=at)
    return rules.allowed_subjects(service, case, myself=subject_of(citizen))


def _told(case: ApplicationFacts, read: ReadDeclaration, *, by: Actor, at: datetime) -> tuple[ApplicationFacts, bool]:
    """The case with what the registry said, and whether it knew the person. The right to ask is opened for this one question."""
    applicant = NationalId(case.applicant_id)
    about = applicant if read.subject == "applicant" else NationalId(rules.require_subject(case).national_id)
    exchange.open_grant(
        case.reference,
        subject=about,
        applicant=applicant,
        registry=read.registry,
        service=read.service,
        attributes=read.attributes,
        parameters=tuple(read.parameters),
        purpose=read.purpose,
        until=at + ANSWERED_WITHIN,
        by=by,
        at=at,
    )
    parameters = rules.parameters_of(read, case.answers)
    question = exchange.Question(case.reference, about, read.registry, read.service, read.attributes, parameters)
    try:
        said = exchange.ask(question, by=by, at=at)
    except exchange.SubjectUnknown:
        return case, False
    piece = EvidenceFacts(read.name, said.facts, said.as_of, said.asked_at, said.source, said.read_reference)
    return replace(case, evidence={**case.evidence, read.name: piece}), True


@transaction.atomic
def _keep(case: ApplicationFacts, *, unknown: list[str], by: Actor, at: datetime) -> InquiryFacts:
    service = catalogue.get_published(case.service_id, version=case.service_version)
    names = {read.name for read in rules.reads_about_answer(service)}
    found = {name: piece for name, piece in case.evidence.items() if name in names}
    oldest = min(found.values(), key=lambda piece: piece.as_of, default=None)
    facts = {name: dict(piece.facts) for name, piece in found.items()}
    row = Inquiry.objects.create(
        reference=case.reference,
        service_id=case.service_id,
        service_version=case.service_version,
        account_id=case.account_id,
        asked_at=at,
        found=bool(found),
        facts={**facts, "answers": dict(case.answers)} if case.answers else facts,
        subject=rules.subject_to_json(case.subject) if service.asks_for_whom and case.subject else None,
        sources=rules.sources_to_json(service, found, unknown=unknown),
        as_of=oldest.as_of if oldest else None,
        source_ar=oldest.source.ar if oldest else "",
        source_en=oldest.source.en if oldest else "",
    )
    audit.write(
        "applications.inquiry_answered", about=row.reference, by=by, at=at, service=service.id, found=bool(found)
    )
    return inquiry_facts_of(row)
