"""What a case decides: whom it may be for, what is still missing, what the document says. Pure: values in, values out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import sdk
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.process import By
from hukumati.kernel.text import Text, cleaned, plain_digits
from hukumati.processes.applications import parties
from hukumati.processes.applications.answers import fits, is_asked
from hukumati.processes.applications.facts import (
    AnswersInvalid,
    FactsMissing,
    NotEligible,
    SubjectFacts,
    SubjectMissing,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hukumati.domain.catalogue.facts import Assessment, Page, ReadDeclaration, ServiceVersion, WriteDeclaration
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.domain.uploads.facts import UploadLimits
    from hukumati.processes.applications.facts import ApplicationFacts, EvidenceFacts, InquiryFacts

TIES_SERVICE = "relations"
SELF, WARD = "self", "ward"
CLERK = "clerk"
SCRIPTS = {"_ar": "ARABIC", "_latin": "LATIN"}
PAY_WITHIN_DAYS = 7
REFUSED_OTHERWISE = Text(
    "لم يدوّن السجل هذا الطلب، ولم يذكر سبباً نعرفه.", "The register did not enter this, for a reason of its own."
)
ANSWERS = "answers."
HELP_OFFER_LIVES, HELP_ANSWER_WITHIN, HELP_LASTS = timedelta(minutes=15), timedelta(minutes=10), timedelta(hours=1)
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


def known_facts(application: ApplicationFacts) -> dict[str, Any]:
    """All that is known about the case, by read name, with what a clerk supplied laid over; the answers; and the people."""
    facts: dict[str, Any] = {name: dict(piece.facts) for name, piece in application.evidence.items() if name != CLERK}
    if supplied := application.evidence.get(CLERK):
        for path, value in supplied.facts.items():
            _lay_over(facts, path.split("."), value)
    return {**facts, "answers": dict(application.answers), **_people(application)}


def _people(application: ApplicationFacts) -> dict[str, Any]:
    """The applicant and the person it is for, as far as rules may look at them: never a name or a number."""
    born, subject = application.applicant_birth_date, application.subject
    people = {"applicant": _applicant(born, public_employee=application.applicant_public_employee)}
    if subject is not None:
        born = subject.birth_date
        people["subject"] = {
            "birth_date": born.isoformat() if born else None,
            "tie": subject.tie,
            "minor": subject.minor,
            "alive": subject.alive,
        }
    return people


def _applicant(born: date | None, *, public_employee: bool | None) -> dict[str, Any]:
    return {"birth_date": born.isoformat() if born else None, "public_employee": public_employee}


def fee(service: ServiceVersion, application: ApplicationFacts, *, on: date) -> Assessment:
    """What the case costs: one rule for the page that shows it and for the charge."""
    return sdk.fee(service, known_facts(application), on=on)


def eligibility(service: ServiceVersion, application: ApplicationFacts, *, on: date) -> Text | None:
    """Why the service is refused to this case, in the service's words; None = it is not."""
    return sdk.eligibility(service, known_facts(application), on=on)


def eligibility_so_far(service: ServiceVersion, application: ApplicationFacts, *, on: date) -> Text | None:
    """The same while the case is a draft: told as soon as no further answer can change it."""
    return sdk.eligibility_so_far(service, known_facts(application), on=on)


def eligibility_of(service: ServiceVersion, citizen: CitizenFacts, *, on: date) -> Text | None:
    """Before there is a draft: why this person is refused whatever he answers, as far as that is known."""
    applicant = _applicant(citizen.birth_date, public_employee=citizen.public_employee)
    return sdk.eligibility_so_far(service, {"applicant": applicant}, on=on)


def require_decided(service: ServiceVersion, application: ApplicationFacts, *, on: date) -> None:
    """A case is filed when its table does not refuse it, and when all is known that the fee depends on.

    Refuses with NotEligible, FactsMissing.
    """
    reason = eligibility(service, application, on=on)
    if reason is not None:
        raise NotEligible(reason=reason)
    if missing := sdk.facts_missing(service, known_facts(application), on=on):
        raise FactsMissing(inputs=missing)


def waits_for_payment(service: ServiceVersion, state: str) -> bool:
    """Whether the table waits here for the ledger."""
    steps = service.process.from_state(state) if service.process else ()
    return any(step.verb == "pay" for step in steps)


def conditions(service: ServiceVersion, application: ApplicationFacts, *, at: datetime) -> dict[str, bool]:
    """The service's named conditions, answered from what is known."""
    return sdk.conditions_that_hold(service, known_facts(application), on=judged_on(application, at=at))


def judged_on(application: ApplicationFacts, *, at: datetime) -> date:
    """The day by which a case is judged: that of its filing. Nobody is late because the State, or another person, took days."""
    return local_day(application.submitted_at or at)


def local_day(at: datetime) -> date:
    """The day in the country at that moment."""
    return at.astimezone(HEBRON).date()


def is_due(service: ServiceVersion, application: ApplicationFacts, read: ReadDeclaration, *, at: datetime) -> bool:
    """Whether the registry may be asked now: its condition holds, and what it must be told is answered."""
    if read.when and not conditions(service, application, at=at)[read.when]:
        return False
    asking = {page.id for page in service.form.pages for field in page.fields if field.id in told_with(read, {})}
    return asking <= set(application.pages_done)


def told_with(read: ReadDeclaration, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that this read is asked with, by field: when one of them changes, what was read no longer counts."""
    fields = [path.removeprefix(ANSWERS) for path in read.parameters.values()]
    return {field: answers.get(field) for field in fields}


def parameters_of(read: ReadDeclaration, answers: Mapping[str, Any]) -> dict[str, str]:
    """What the registry is told, in its own words. A question that was not asked, or left empty, tells nothing."""
    given = {name: answers.get(path.removeprefix(ANSWERS)) for name, path in read.parameters.items()}
    return {name: _as_parameter(value) for name, value in given.items() if value is not None}


def _as_parameter(value: str | int | bool) -> str:  # noqa: FBT001 (an answer of whatever kind)
    return str(value).lower() if isinstance(value, bool) else str(value)


def ties_read(service: ServiceVersion) -> ReadDeclaration | None:
    """The read that tells the applicant's family, when the service has one."""
    return next((read for read in service.reads if read.subject == "applicant" and read.service == TIES_SERVICE), None)


def allowed_subjects(
    service: ServiceVersion, application: ApplicationFacts, *, myself: SubjectFacts
) -> list[SubjectFacts]:
    """Whom the service may be for: the applicant, and those living or dead whom the civil registry ties to him as the form allows.

    An inquiry tells what registers hold about a person, so it is about living minors and wards only: a child of age asks for himself.
    """
    field = service.form.find_kind(sdk.FieldKind.TIE)
    if field is None:
        return [myself]
    read = ties_read(service)
    evidence = application.evidence.get(read.name) if read else None
    told = evidence.facts.get("ties", []) if evidence else []
    people = [parties.person_of(tie) for tie in told if tie["kind"] in field.ties]
    if service.kind == sdk.Kind.INQUIRY:
        people = [person for person in people if person.alive and (person.minor or person.tie == WARD)]
    return [myself, *people] if SELF in field.ties else people


def asks_first(service: ServiceVersion) -> bool:
    """Whether an inquiry must know something before it can be answered."""
    return service.asks_for_whom or bool(pages_before_answer(service))


def pages_before_answer(service: ServiceVersion) -> tuple[Page, ...]:
    """What an inquiry asks before it is answered."""
    return tuple(page for page in pages_of(service) if not page.after_answer)


def reads_about_answer(service: ServiceVersion) -> tuple[ReadDeclaration, ...]:
    """What an inquiry's answer is made of. The family is read for choosing the person, and only when there is something to choose."""
    family = ties_read(service) if service.asks_for_whom else None
    return tuple(read for read in service.reads if read is not family)


def sources_to_json(
    service: ServiceVersion, found: Mapping[str, EvidenceFacts], *, unknown: Sequence[str]
) -> dict[str, Any]:
    """Where each part of an answer comes from and how old it is; a register that knows nothing of the person is named, too."""
    told = {
        name: {"as_of": piece.as_of.isoformat(), "source_ar": piece.source.ar, "source_en": piece.source.en}
        for name, piece in found.items()
    }
    return told | {name: {"registry": service.get_read(name).registry} for name in unknown}


def inquiry_facts(inquiry: InquiryFacts, case: ApplicationFacts) -> dict[str, Any]:
    """All that the rules of an answer look at: what was told and answered, and the people as the case knows them."""
    return {"answers": {}, **inquiry.facts, **_people(replace(case, subject=inquiry.subject or case.subject))}


def subject_to_json(subject: SubjectFacts) -> dict[str, Any]:
    return {
        "national_id": subject.national_id,
        "tie": subject.tie,
        "name_ar": subject.name.ar,
        "name_en": subject.name.en,
        "birth_date": subject.birth_date.isoformat() if subject.birth_date else None,
        "minor": subject.minor,
        "alive": subject.alive,
    }


def subject_from_json(kept: Mapping[str, Any]) -> SubjectFacts:
    born = date.fromisoformat(kept["birth_date"]) if kept["birth_date"] else None
    return SubjectFacts(
        kept["national_id"], kept["tie"], Text(kept["name_ar"], kept["name_en"]), born, kept["minor"], kept["alive"]
    )


def require_subject(application: ApplicationFacts) -> SubjectFacts:
    if application.subject is None:
        raise SubjectMissing
    return application.subject


def office_of(service: ServiceVersion, answers: Mapping[str, Any]) -> str:
    """Where the paper or the card is collected: the answer to the question about an office that is asked; empty when nothing is collected."""
    asked = (one for one in service.form.list_kind(sdk.FieldKind.OFFICE) if is_asked(one, answers))
    return next((str(answers[one.id]) for one in asked if answers.get(one.id)), "")


def uploads_named(service: ServiceVersion, answers: Mapping[str, Any]) -> dict[str, str]:
    """The references of uploads among the answers, by question."""
    fields = service.form.list_kind(*sdk.HANDED_IN)
    return {one.id: str(answers[one.id]) for one in fields if answers.get(one.id)}


def upload_limits(service: ServiceVersion, field_id: str) -> UploadLimits:
    """What the question takes. Refuses with AnswersInvalid when no such question asks for a file."""
    field = service.form.find_field(field_id)
    if field is None or field.limits is None:
        raise AnswersInvalid(errors={})
    return field.limits


def pages_of(service: ServiceVersion) -> tuple[Page, ...]:
    """The pages that the citizen fills; the choice of the person has a page of its own."""
    return tuple(page for page in service.form.pages if any(field.kind != sdk.FieldKind.TIE for field in page.fields))


def page_of(service: ServiceVersion, page_id: str) -> Page:
    page = service.form.find_page(page_id)
    if page is None:
        raise AnswersInvalid(errors={})
    return page


def pages_missing(service: ServiceVersion, application: ApplicationFacts) -> tuple[str, ...]:
    """Pages not yet answered, or whose answers no longer fit because another answer changed."""
    missing, facts = [], known_facts(application)
    for page in pages_of(service):
        asked = [field for field in page.fields if is_asked(field, application.answers)]
        if not asked and not any(field.kind == sdk.FieldKind.SHOW for field in page.fields):
            continue  # every question of it waits for an answer that was given otherwise
        if page.id not in application.pages_done or not all(fits(field, application.answers, facts) for field in asked):
            missing.append(page.id)
    return tuple(missing)


def people_of(application: ApplicationFacts) -> frozenset[str]:
    """ID numbers of those whose case it is: the applicant, the person it is about, and the applicant's family."""
    family = [tie["national_id"] for piece in application.evidence.values() for tie in piece.facts.get("ties", [])]
    subject = [application.subject.national_id] if application.subject else []
    return frozenset([application.applicant_id, *subject, *family])


def digest(application: ApplicationFacts) -> str:
    """A hash of what was asked and for whom: two filings with the same answers have the same."""
    subject = subject_to_json(application.subject) if application.subject else None
    asked = {"answers": dict(application.answers), "subject": subject}
    return sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def paths_to_supply(service: ServiceVersion, application: ApplicationFacts) -> tuple[str, ...]:
    """What the document must say and no registry knows: a clerk gives it from the paper register."""
    if service.document is None:
        return ()
    facts = known_facts(application)
    told_later = {"answers", *(write.name for write in service.writes)}
    paths = [path for path in service.document.data.values() if path.partition(".")[0] not in told_later]
    return tuple(sorted({path for path in paths if sdk.fact_at(facts, path) in (None, "")}))


def fits_script(path: str, value: str) -> bool:
    """Registers keep a name twice, `…_ar` and `…_latin`, and a document prints both: letters of the other script are a slip."""
    script = next((name for ending, name in SCRIPTS.items() if path.endswith(ending)), "")
    letters = [letter for letter in value if letter.isalpha()]
    return not script or (bool(letters) and all(unicodedata.name(letter, "").startswith(script) for letter in letters))


def supplied(path: str, typed: str) -> str:
    """What a clerk typed for a fact, clean; a date as the register keeps it, and empty when it is none: the document would never be made."""
    value = cleaned(typed)
    if not path.endswith(("_on", "_date")):
        return value
    day = DAY_MONTH_YEAR.fullmatch(plain_digits(value))
    written = f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}" if day else plain_digits(value)
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return ""


def document_data(service: ServiceVersion, application: ApplicationFacts) -> dict[str, Any]:
    return sdk.document_data(service, known_facts(application))


def document_subject_name(service: ServiceVersion, application: ApplicationFacts) -> str:
    """About whom the document is: the person it is for, or whom the register has just come to know."""
    path = service.document.subject_name if service.document else ""
    named = sdk.fact_at(known_facts(application), path) if path else None
    return sdk.full_name(named) if named else require_subject(application).name.ar


def whom(subject: str, application: ApplicationFacts) -> str:
    """The ID number of whom a read or a write is about: `applicant` or `subject`."""
    return application.applicant_id if subject == "applicant" else require_subject(application).national_id


def writes_due(service: ServiceVersion, application: ApplicationFacts, *, at: datetime) -> list[WriteDeclaration]:
    """What registers are told of this case, in the order of declaration."""
    held = conditions(service, application, at=at)
    return [write for write in service.writes if not write.when or held[write.when]]


def facts_to_tell(write: WriteDeclaration, application: ApplicationFacts, *, receipt: str = "") -> dict[str, Any]:
    """What the register is told, under its names; the number of the receipt as `payment.receipt`. What is not known is not told."""
    facts = {**known_facts(application), "payment": {"receipt": receipt or None}}
    told = {name: sdk.fact_at(facts, path) for name, path in write.facts.items()}
    return {name: _of_each(value, write.each.get(name, "")) for name, value in told.items() if value is not None}


def _of_each(value: Any, column: str) -> Any:
    """A list of records as the register needs it: one column of each, when the service names one."""
    if not column or not isinstance(value, list | tuple):
        return value
    return [record[column] for record in value if record.get(column) is not None]


def refusal_in_words(write: WriteDeclaration, reason: str) -> Text:
    """Why the register said no, in the service's words; a reason that the service does not know is said to be the register's own."""
    return write.refusals.get(reason.rpartition(".")[2], REFUSED_OTHERWISE)


def applicant_name(name_ar: str, name_en: str) -> Text:
    return Text(name_ar, name_en or name_ar)


def valid_until(service: ServiceVersion, application: ApplicationFacts, *, at: datetime) -> date | None:
    """The first day on which the document is no longer valid: as a register told, or as the service sets it; None when it stays valid."""
    declared = service.document
    if declared is None:
        return None
    if declared.valid_through:
        told = sdk.fact_at(known_facts(application), declared.valid_through)
        return date.fromisoformat(str(told)[:10]) + timedelta(days=1) if told else None
    return None if declared.valid_days is None else local_day(at) + timedelta(days=declared.valid_days)


def document_language(application: ApplicationFacts) -> str:
    """`ar`, `en` or `both`: what the citizen asked for, else the language of the case."""
    return str(application.answers.get("language", application.language))


def pay_within_days(service: ServiceVersion) -> int:
    """How long the table waits for the payment."""
    steps = service.process.steps if service.process else ()
    waiting = {step.from_ for step in steps if step.verb == "pay"}
    return max((s.within_days for s in steps if s.from_ in waiting and s.by == By.CLOCK), default=PAY_WITHIN_DAYS)


def waits_for(service: ServiceVersion, state: str) -> frozenset[By]:
    """Who can move the case on from this state."""
    return frozenset(step.by for step in service.process.from_state(state)) if service.process else frozenset()


def may_answer(service: ServiceVersion, state: str) -> bool:
    """Whether the citizen may change the answers now: before filing, or after a return."""
    steps = service.process.from_state(state) if service.process else ()
    return any(step.by == By.CITIZEN and step.verb in ("submit", "resubmit") for step in steps)


def _lay_over(facts: dict[str, Any], way: list[str], value: Any) -> None:
    for part in way[:-1]:
        inner = facts.get(part)
        facts[part] = dict(inner) if isinstance(inner, Mapping) else {}
        facts = facts[part]
    facts[way[-1]] = value
