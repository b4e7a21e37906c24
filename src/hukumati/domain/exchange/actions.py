"""Opening the right to ask, asking, and keeping the record of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from hukumati.domain.exchange import registries, writes
from hukumati.domain.exchange.facts import (
    Answer,
    IdentityMatch,
    Question,
    ReadNotCovered,
    RegistryAnswerError,
    RegistryUnreachableError,
    SubjectUnknown,
)
from hukumati.domain.exchange.models import Read, ReadGrant, ReadOutcome
from hukumati.domain.exchange.ports import IdentityQuestion, RegistryAnswer, RegistryQuestion, UnknownToRegistryError
from hukumati.infra.audit import api as audit
from hukumati.infra.ports import adapter
from hukumati.kernel.reference import new_reference
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hukumati.domain.exchange.ports import Registry
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.national_id import NationalId

CIVIL = "interior/civil"
IDENTITY_CHECKS = "identity-checks"
IDENTITY_ATTRIBUTES = ("matches", "name_ar", "name_latin", "mobile")
PERSONNEL = "gpc/personnel"
EMPLOYMENT = "employment"
OWN_GRANT_MINUTES = 5
IDENTITY_PURPOSE = Text("التحقق من هويتك عند إنشاء حسابك", "Checking your identity when you opened your account")
PERSONS = "persons"
CONTACT_PURPOSE = Text(
    "إخبارك برسالة نصية أن طلباً ينتظر تأكيدك",
    "To tell you by SMS that an application waits for your confirmation",
)
EMPLOYMENT_PURPOSE = Text(
    "معرفة إن كنت موظفاً عاماً لإتاحة الخدمات التجريبية لك",
    "Whether you are a public employee, to offer you pilot services",
)


@transaction.atomic
def open_grant(  # noqa: PLR0913 (a right to read names everything it covers; a shorter list would hide something)
    case_reference: str,
    *,
    subject: NationalId,
    applicant: NationalId,
    registry: str,
    service: str,
    attributes: Sequence[str],
    parameters: Sequence[str] = (),
    purpose: Text,
    until: datetime,
    by: Actor,
    at: datetime,
) -> None:
    """Give a live case the right to ask for these attributes of this person, telling these parameters. Once more with the same is no change."""
    held = (
        ReadGrant.objects.live()
        .filter(
            case_reference=case_reference,
            subject=subject.digits,
            registry=registry,
            service=service,
            purpose_ar=purpose.ar,
        )
        .select_for_update()
        .first()
    )
    wanted, told = sorted(set(attributes)), sorted(set(parameters))
    if held is not None:
        if (held.attributes, held.parameters) == (wanted, told) and held.until >= until:
            return
        ReadGrant.objects.filter(pk=held.pk).update(closed_at=at)
    ReadGrant.objects.create(
        case_reference=case_reference,
        subject=subject.digits,
        applicant=applicant.digits,
        registry=registry,
        service=service,
        attributes=wanted,
        parameters=told,
        purpose_ar=purpose.ar,
        purpose_en=purpose.en,
        opened_by=by.label,
        opened_at=at,
        until=until,
    )
    audit.write(
        "exchange.grant_opened",
        about=case_reference,
        by=by,
        at=at,
        registry=registry,
        service=service,
        attributes=wanted,
    )


@transaction.atomic
def close_grants(case_reference: str, *, at: datetime) -> None:
    """The case is over: nothing more may be read or written for it."""
    ReadGrant.objects.live().filter(case_reference=case_reference).update(closed_at=at)
    writes.close_write_grants(case_reference, at=at)


@transaction.atomic
def close_grant(case_reference: str, *, subject: NationalId, registry: str, service: str, at: datetime) -> None:
    """The case goes on, but no longer about this person."""
    held = ReadGrant.objects.live().filter(case_reference=case_reference, subject=subject.digits)
    held.filter(registry=registry, service=service).update(closed_at=at)


def ask(question: Question, *, by: Actor, at: datetime) -> Answer:
    """Put a question to a registry for a live case.

    The read is committed before anything is said, so it must not run inside an open transaction. Refuses with ReadNotCovered and
    SubjectUnknown; raises RegistryUnreachableError when there was no usable answer.
    """
    read = _record_read(question, by=by, at=at)
    asked = RegistryQuestion(
        registry=question.registry,
        service=question.service,
        subject=question.subject.digits,
        attributes=tuple(question.attributes),
        reference=read.reference,
        case_reference=question.case_reference,
        asker=by.label,
        parameters=dict(question.parameters),
    )
    said = _speak(read, lambda: _port().ask(asked), at=at)
    return Answer(said.facts, said.as_of, registries.get_registry(question.registry).name, at, read.reference)


def check_identity(
    case_reference: str, *, national_id: NationalId, birth_date: date, card_issued_on: date, by: Actor, at: datetime
) -> IdentityMatch | None:
    """Whether number, birth date and card belong to one living person. For enrolment only; None never tells which part was wrong."""
    question = Question(case_reference, national_id, CIVIL, IDENTITY_CHECKS, IDENTITY_ATTRIBUTES)
    _open_own_grant(question, purpose=IDENTITY_PURPOSE, by=by, at=at)
    read = _record_read(question, by=by, at=at)
    asked = IdentityQuestion(
        CIVIL, national_id.digits, birth_date, card_issued_on, read.reference, case_reference, by.label
    )
    said = _speak(read, lambda: _port().check_identity(asked), at=at)
    close_grants(case_reference, at=at)
    return _match(said.facts, national_id=national_id, birth_date=birth_date, reference=read.reference)


def read_public_employee(case_reference: str, *, national_id: NationalId, by: Actor, at: datetime) -> bool:
    """Whether the personnel council counts this person among public employees. Opens and closes its own grant."""
    question = Question(case_reference, national_id, PERSONNEL, EMPLOYMENT, ("public_employee",))
    _open_own_grant(question, purpose=EMPLOYMENT_PURPOSE, by=by, at=at)
    try:
        return bool(ask(question, by=by, at=at).facts["public_employee"])
    except SubjectUnknown:
        return False
    finally:
        close_grant(
            question.case_reference,
            subject=question.subject,
            registry=question.registry,
            service=question.service,
            at=at,
        )


def read_mobile(case_reference: str, *, national_id: NationalId, by: Actor, at: datetime) -> str:
    """The telephone by which somebody is told that a case asks for his word; empty when none is known. Opens and closes its own grant."""
    question = Question(case_reference, national_id, CIVIL, PERSONS, ("mobile",))
    _open_own_grant(question, purpose=CONTACT_PURPOSE, by=by, at=at)
    try:
        return str(ask(question, by=by, at=at).facts["mobile"] or "")
    except SubjectUnknown:
        return ""
    finally:
        close_grant(case_reference, subject=national_id, registry=CIVIL, service=PERSONS, at=at)


def _open_own_grant(question: Question, *, purpose: Text, by: Actor, at: datetime) -> None:
    open_grant(
        question.case_reference,
        subject=question.subject,
        applicant=question.subject,
        registry=question.registry,
        service=question.service,
        attributes=question.attributes,
        purpose=purpose,
        until=at + timedelta(minutes=OWN_GRANT_MINUTES),
        by=by,
        at=at,
    )


@transaction.atomic(durable=True)
def _record_read(question: Question, *, by: Actor, at: datetime) -> Read:
    grant = (
        ReadGrant.objects.live()
        .filter(
            case_reference=question.case_reference,
            subject=question.subject.digits,
            registry=question.registry,
            service=question.service,
            attributes__contains=list(question.attributes),
            parameters__contains=list(question.parameters),
            opened_at__lte=at,
            until__gt=at,
        )
        .order_by("id")
        .first()
    )
    if grant is None or not question.attributes:
        raise ReadNotCovered(question.case_reference, question.registry, question.service)
    try:
        with transaction.atomic():
            read = Read.objects.create(
                reference=new_reference("X", year=at.year),
                grant=grant,
                case_reference=question.case_reference,
                subject=question.subject.digits,
                registry=question.registry,
                service=question.service,
                attributes=list(question.attributes),
                parameters=sorted(question.parameters),
                asked_by_kind=by.kind,
                asked_by=by.id,
                asked_at=at,
            )
    except IntegrityError as refusal:  # the grant was closed between our look and our write
        raise ReadNotCovered(question.case_reference, question.registry, question.service) from refusal
    audit.write(
        "exchange.read_asked",
        about=question.case_reference,
        by=by,
        at=at,
        read=read.reference,
        registry=question.registry,
        service=question.service,
        attributes=list(question.attributes),
    )
    return read


def _speak(read: Read, say: Callable[[], RegistryAnswer], *, at: datetime) -> RegistryAnswer:
    """Put the question and record what came of it, whatever it is."""
    try:
        said = say()
    except UnknownToRegistryError as unknown:
        _record_outcome(read, ReadOutcome.UNKNOWN, at=at)
        raise SubjectUnknown(read.registry, read.service) from unknown
    except RegistryAnswerError:
        _record_outcome(read, ReadOutcome.WRONG, at=at)
        raise
    except RegistryUnreachableError:
        _record_outcome(read, ReadOutcome.UNREACHABLE, at=at)
        raise
    _record_outcome(read, ReadOutcome.ANSWERED, at=at, said=said)
    return said


@transaction.atomic
def _record_outcome(read: Read, outcome: str, *, at: datetime, said: RegistryAnswer | None = None) -> None:
    ReadOutcome.objects.create(
        read=read,
        outcome=outcome,
        as_of=said.as_of if said else None,
        request_id=said.request_id if said else "",
        recorded_at=at,
    )


def _match(facts: Any, *, national_id: NationalId, birth_date: date, reference: str) -> IdentityMatch | None:
    if not facts["matches"]:
        return None
    arabic, latin = facts["name_ar"], facts["name_latin"]
    return IdentityMatch(
        national_id=national_id,
        first_ar=arabic["first"],
        father_ar=arabic["father"],
        grandfather_ar=arabic["grandfather"],
        family_ar=arabic["family"],
        first_latin=latin["first"],
        father_latin=latin["father"],
        grandfather_latin=latin["grandfather"],
        family_latin=latin["family"],
        birth_date=birth_date,
        mobile=facts["mobile"],
        read_reference=reference,
    )


def _port() -> Registry:
    port: Registry = adapter("exchange.registry")
    return port
