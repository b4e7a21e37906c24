"""Reads. Outside gets facts, never rows."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db.models import Count, Q

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.domain.uploads import api as uploads
from hukumati.kernel.process import By
from hukumati.kernel.refusal import Refused
from hukumati.kernel.text import Text
from hukumati.processes.applications import renewal, rules
from hukumati.processes.applications.answers import Around
from hukumati.processes.applications.facts import (
    ApplicationFacts,
    ApplicationNotFound,
    ConfirmationFacts,
    ConfirmationNotFound,
    EvidenceFacts,
    InquiryFacts,
    InquiryNotFound,
    QueueRow,
    RunningCases,
    SourceFacts,
    TimelineFacts,
)
from hukumati.processes.applications.models import Application, Confirmation, Inquiry, TimelineEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from hukumati.domain.catalogue.facts import OfficeFacts, ServiceVersion
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import AssistanceFacts, SubjectFacts

LISTED_MAX = 50
AT_ONCE_MAX = 5000
COUNTER = "counter"
DRAFTS_LOOKED_AT_MAX = 500
REVIEW_ROLES = frozenset({"clerk", "supervisor"})
log = structlog.get_logger(__name__)


def get_own(reference: str, *, citizen: CitizenFacts) -> ApplicationFacts:
    """The only way a citizen's page obtains an application. Refuses with ApplicationNotFound for anybody else's."""
    row = Application.objects.filter(reference=reference, account_id=citizen.account_id).first()
    if row is None:
        raise ApplicationNotFound
    return facts_of(row)


def get_for_staff(reference: str, *, by: Actor) -> ApplicationFacts:
    """A submitted case of the reader's own institution. Refuses with ApplicationNotFound for any other."""
    row = (
        Application.objects.of_institution(by.institution)
        .filter(reference=reference, submitted_at__isnull=False)
        .first()
    )
    if row is None or not by.roles & REVIEW_ROLES:
        raise ApplicationNotFound
    return facts_of(row)


def get(reference: str) -> ApplicationFacts:
    """For jobs, which act for the system."""
    row = Application.objects.filter(reference=reference).first()
    if row is None:
        raise ApplicationNotFound
    return facts_of(row)


def list_own(*, citizen: CitizenFacts, limit: int = LISTED_MAX) -> list[ApplicationFacts]:
    """The citizen's applications, newest first, without evidence and timeline."""
    rows = Application.objects.filter(account_id=citizen.account_id).order_by("-created_at")[:limit]
    return [facts_of(row, with_evidence=False) for row in rows]


def list_timeline(reference: str) -> list[TimelineFacts]:
    """Oldest first. The caller has shown his right to the case by get_own or get_for_staff."""
    rows = TimelineEntry.objects.filter(application__reference=reference).order_by("id")
    return [
        TimelineFacts(row.at, row.verb, row.from_state, row.to_state, row.by_kind, row.by_id, row.reason, row.digest)
        for row in rows
    ]


def get_confirmation(reference: str, *, citizen: CitizenFacts) -> ConfirmationFacts:
    """What this person is asked to confirm. Refuses with ConfirmationNotFound for anybody else's."""
    row = Confirmation.objects.of_party(citizen.national_id.digits).filter(reference=reference).first()
    if row is None:
        raise ConfirmationNotFound
    return confirmation_facts_of(row)


def list_confirmations(*, citizen: CitizenFacts, limit: int = LISTED_MAX) -> list[ConfirmationFacts]:
    """What this person is or was asked to confirm: the open ones first, then the latest."""
    rows = Confirmation.objects.of_party(citizen.national_id.digits)
    open_first = rows.annotate(is_open=Q(state=Confirmation.ASKED)).order_by("-is_open", "-asked_at")
    return [confirmation_facts_of(row) for row in open_first[:limit]]


def count_confirmations(*, citizen: CitizenFacts) -> int:
    """How many wait for this person's word."""
    return Confirmation.objects.of_party(citizen.national_id.digits).filter(state=Confirmation.ASKED).count()


def list_confirmations_of(reference: str) -> list[ConfirmationFacts]:
    """Whom a case has asked, oldest first. The caller has shown his right to the case by get_own or get_for_staff."""
    rows = Confirmation.objects.filter(application__reference=reference).select_related("application")
    return [confirmation_facts_of(row) for row in rows.order_by("id")]


def list_to_remind(*, until: datetime) -> list[str]:
    """Questions that lapse before then and of which nobody was reminded."""
    rows = Confirmation.objects.filter(state=Confirmation.ASKED, reminded_at__isnull=True, until__lte=until)
    return list(rows.order_by("until").values_list("reference", flat=True)[:AT_ONCE_MAX])


def confirmation_facts_of(row: Confirmation) -> ConfirmationFacts:
    case = row.application
    return ConfirmationFacts(
        reference=row.reference,
        case_reference=case.reference,
        service_id=case.service_id,
        service_version=case.service_version,
        applicant=rules.applicant_name(case.applicant_name_ar, case.applicant_name_en),
        party=Text(row.name_ar, row.name_en),
        tie=row.tie,
        asked=row.asked,
        digest=row.digest,
        asked_at=row.asked_at,
        until=row.until,
        state=row.state,
        decided_at=row.decided_at,
        authenticated_by=tuple(row.authenticated_by),
        reason=row.reason,
    )


def get_own_inquiry(reference: str, *, citizen: CitizenFacts) -> InquiryFacts:
    """Refuses with InquiryNotFound for anybody else's."""
    row = Inquiry.objects.filter(reference=reference, account_id=citizen.account_id).first()
    if row is None:
        raise InquiryNotFound
    return inquiry_facts_of(row)


def list_own_inquiries(*, citizen: CitizenFacts, limit: int = LISTED_MAX) -> list[InquiryFacts]:
    """The citizen's own inquiries, the latest first."""
    rows = Inquiry.objects.filter(account_id=citizen.account_id).order_by("-asked_at")[:limit]
    return [inquiry_facts_of(row) for row in rows]


def queue(*, by: Actor, mine: bool, limit: int = LISTED_MAX, offset: int = 0) -> list[QueueRow]:
    """Cases that wait for a clerk's decision in the reader's institution, the nearest promise first."""
    rows = _reviewable(by)
    rows = rows.filter(assigned_to=by.id) if mine else rows
    return [
        QueueRow(
            row.reference,
            row.service_id,
            row.state,
            Text(row.applicant_name_ar, row.applicant_name_en),
            row.submitted_at,
            row.promised_at,
            row.assigned_to,
        )
        for row in rows.order_by("promised_at", "id")[offset : offset + limit]
        if row.submitted_at and row.promised_at
    ]


def count_queue(*, by: Actor, at: datetime) -> dict[str, int]:
    """How many wait: `mine`, `office` (all of the institution), `free` (nobody's yet), `late`."""
    return _reviewable(by).aggregate(
        mine=Count("id", filter=Q(assigned_to=by.id)),
        office=Count("id"),
        free=Count("id", filter=Q(assigned_to="")),
        late=Count("id", filter=Q(promised_at__lt=at)),
    )


def _reviewable(by: Actor) -> QuerySet[Application]:
    if not by.roles & REVIEW_ROLES:
        return Application.objects.none()
    return Application.objects.of_institution(by.institution).waiting_for(clerk_states(by.institution))


def list_overdue(*, at: datetime) -> list[str]:
    """Cases whose state lasts longer than its table's clock allows. An unpaid one ends by payments' word, not by this."""
    found: list[str] = []
    for service, state, cases in _open_cases_by_state():
        steps = service.process.from_state(state) if service.process else ()
        days = [step.within_days for step in steps if step.by == By.CLOCK and step.within_days]
        if days and not any(step.verb == "pay" for step in steps):
            found += cases.filter(state_since__lte=at - timedelta(days=min(days))).values_list("reference", flat=True)[
                :AT_ONCE_MAX
            ]
    return found


def list_waiting_for_us(*, since: datetime) -> list[str]:
    """Cases that have waited since then for the ledger's or the system's step."""
    found: list[str] = []
    for service, state, cases in _open_cases_by_state():
        steps = service.process.from_state(state) if service.process else ()
        if any(step.by in (By.LEDGER, By.SYSTEM) for step in steps):
            found += cases.filter(state_since__lte=since).values_list("reference", flat=True)[:AT_ONCE_MAX]
    return found


def _open_cases_by_state() -> Iterator[tuple[ServiceVersion, str, QuerySet[Application]]]:
    """The longest waiting first within each state, so that cases of one state never stand before those of another."""
    open_ = Application.objects.filter(closed_at__isnull=True).order_by("state_since", "pk")
    kinds = open_.order_by().values_list("service_id", "service_version", "state").distinct()
    for service_id, version, state in list(kinds):
        try:
            service = catalogue.get_published(service_id, version=version)
        except Refused:
            log.exception("service_missing", service=service_id, version=version)
            continue
        yield service, state, open_.filter(service_id=service_id, service_version=version, state=state)


def clerk_states(institution: str) -> Sequence[str]:
    """States in which some published service of this institution waits for a clerk."""
    return catalogue.clerk_states(institution)


def service_of(application: ApplicationFacts) -> ServiceVersion:
    """The version the case was filed under, whatever has been published since."""
    return catalogue.get_published(application.service_id, version=application.service_version)


def is_outdated(application: ApplicationFacts) -> bool:
    """Whether a draft was begun under an older version than the catalogue shows. What is filed keeps its version, whatever is published."""
    if application.submitted_at is not None or application.closed_at is not None:
        return False
    return catalogue.get_published(application.service_id).version > application.service_version


def count_running(service_id: str, new: ServiceVersion) -> RunningCases:
    """What a newer version would meet: open cases by the version that they keep, drafts, and how many of those lose or need which answer."""
    open_ = Application.objects.filter(service_id=service_id, closed_at__isnull=True)
    filed = open_.filter(submitted_at__isnull=False).values_list("service_version").annotate(Count("id"))
    older = open_.filter(submitted_at__isnull=True, service_version__lt=new.version)
    lost, asked = Counter[Text](), Counter[Text]()
    for row in older.order_by("-changed_at")[:DRAFTS_LOOKED_AT_MAX]:
        old = catalogue.get_published(service_id, version=row.service_version)
        draft = facts_of(row)
        planned = renewal.plan(old, new, draft, around=around_of(new, draft))
        lost.update(field.label for field in planned.dropped)
        asked.update(field.label for field in planned.asked)
    return RunningCases(dict(filed), older.count(), dict(lost), dict(asked))


def count_copies(reference: str) -> int:
    """How many copies were paid for: the answer that the tariff counts by, else one. For the counter that prints them."""
    row = Application.objects.filter(reference=reference).first()
    if row is None:
        return 1
    service = catalogue.get_published(row.service_id, version=row.service_version)
    counted = next((line.times for line in service.fee_lines if line.times), "")
    return int(row.answers.get(counted) or 1)


def prints_document(reference: str) -> bool:
    """Whether what is handed over is the document, printed there. What an interim document stood in for was made elsewhere and lies ready."""
    row = Application.objects.filter(reference=reference).first()
    if row is None:
        return True
    document = catalogue.get_published(row.service_id, version=row.service_version).document
    return document is None or not document.interim


def read_upload(application: ApplicationFacts, reference: str) -> uploads.UploadFile:
    """What was handed in with the case. The caller has shown his right to it by get_own or get_for_staff. Refuses with UploadNotFound."""
    return uploads.read(reference, about=application.reference)


def list_offices(service: ServiceVersion, field: catalogue.Field) -> list[OfficeFacts]:
    """What a question about an office offers: every post office; the counters that the service names, else its institution's."""
    offices: list[OfficeFacts] = []
    for kind in field.office_kinds:
        named = [catalogue.get_office(office) for office in service.offices]
        own = [office for office in named if office.kind == kind]
        institution = service.institution if kind == COUNTER else ""
        offices += own or catalogue.list_offices(kind=kind, institution=institution)
    return offices


def helper_place(assistance: AssistanceFacts) -> Text:
    """Where whoever helps works: the office, or the institution when the employee belongs to no one office."""
    if assistance.office:
        return catalogue.get_office(assistance.office).name
    return catalogue.institution_name(assistance.institution)


def around_of(service: ServiceVersion, application: ApplicationFacts) -> Around:
    """What answers of this case are checked against."""
    return Around(
        offices_of(service),
        {one.id: one.governorate for one in catalogue.list_localities().values()},
        rules.known_facts(application),
        rules.uploads_named(service, application.answers),
    )


def offices_of(service: ServiceVersion) -> dict[str, frozenset[str]]:
    """The offices that each question for one may be answered with."""
    asked = service.form.list_kind(catalogue.FieldKind.OFFICE)
    return {one.id: frozenset(office.id for office in list_offices(service, one)) for one in asked}


def facts_of(row: Application, *, with_evidence: bool = True) -> ApplicationFacts:
    subject = rules.subject_from_json(row.subject) if row.subject else None
    evidence = _evidence_of(row, subject) if with_evidence else {}
    return ApplicationFacts(
        reference=row.reference,
        service_id=row.service_id,
        service_version=row.service_version,
        institution=row.institution,
        state=row.state,
        account_id=row.account_id,
        applicant_id=row.applicant_id,
        language=row.language,
        created_at=row.created_at,
        changed_at=row.changed_at,
        revision=row.revision,
        subject=subject,
        answers=row.answers,
        evidence=evidence,
        pages_done=tuple(row.pages_done),
        submitted_at=row.submitted_at,
        promised_at=row.promised_at,
        closed_at=row.closed_at,
        assigned_to=row.assigned_to,
        authenticated_by=tuple(row.authenticated_by),
        applicant_birth_date=row.applicant_birth_date,
        applicant_public_employee=row.applicant_public_employee,
    )


def _evidence_of(row: Application, subject: SubjectFacts | None) -> dict[str, EvidenceFacts]:
    """The latest answer of each name that is still about the right person, and was asked with the answers of now."""
    pieces = row.evidence_rows.order_by("id")
    counting = (
        piece
        for piece in pieces
        if not piece.about_subject or (subject and piece.about_id == subject.national_id)
        if all(row.answers.get(field) == value for field, value in piece.asked_with.items())
        if piece.asked_at.isoformat() > row.asked_anew.get(piece.name, "")
    )
    return {
        piece.name: EvidenceFacts(
            piece.name,
            piece.facts,
            piece.as_of,
            piece.asked_at,
            Text(piece.source_ar, piece.source_en),
            piece.read_reference,
        )
        for piece in counting
    }


def inquiry_facts_of(row: Inquiry) -> InquiryFacts:
    source = Text(row.source_ar, row.source_en) if row.source_ar else None
    return InquiryFacts(
        row.reference,
        row.service_id,
        row.service_version,
        row.account_id,
        row.asked_at,
        row.found,
        row.facts,
        row.as_of,
        source,
        rules.subject_from_json(row.subject) if row.subject else None,
        {name: _source_facts_of(kept) for name, kept in row.sources.items()},
    )


def _source_facts_of(kept: Mapping[str, str]) -> SourceFacts:
    if "registry" in kept:
        return SourceFacts(exchange.get_registry(kept["registry"]).name, None)
    return SourceFacts(Text(kept["source_ar"], kept["source_en"]), datetime.fromisoformat(kept["as_of"]))
