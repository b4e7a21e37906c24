"""Inquiries: a live question, answered on the spot, kept with its age and source."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.infra.audit import api as audit
from hukumati.kernel.reference import new_reference
from hukumati.processes.applications.actions.drafts import require_open_to
from hukumati.processes.applications.models import Inquiry
from hukumati.processes.applications.queries import inquiry_facts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ReadDeclaration, ServiceVersion
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import InquiryFacts

ANSWERED_WITHIN = timedelta(minutes=2)
# Nobody reads more answers than that; a script would wear out the registry for everybody.
ASKED_BY_CITIZEN = identity.Allowance(30, 10 * 60)


def ask(service_id: str, *, citizen: CitizenFacts, by: Actor, at: datetime) -> InquiryFacts:
    """Ask the registries about the citizen himself, now. Speaks to the network, so it runs outside any transaction.

    Raises RegistryUnreachableError, and then nothing is kept but the record of the read; refuses with ServiceNotOpen, TooManyTries.
    """
    service = catalogue.get_published(service_id)
    require_open_to(service, citizen)
    identity.spend("inquiries", citizen.reference, allowance=ASKED_BY_CITIZEN, at=at)
    reference = new_reference("Q", year=at.year)
    reads = [read for read in service.reads if read.subject == "applicant"]
    _open_grants(reference, reads, citizen=citizen, by=by, at=at)
    try:
        answers = {read.name: _ask_one(reference, read, citizen=citizen, by=by, at=at) for read in reads}
    finally:
        exchange.close_grants(reference, at=at)
    return _keep(reference, service, answers, citizen=citizen, by=by, at=at)


@transaction.atomic
def _open_grants(
    reference: str, reads: Sequence[ReadDeclaration], *, citizen: CitizenFacts, by: Actor, at: datetime
) -> None:
    for read in reads:
        exchange.open_grant(
            reference,
            subject=citizen.national_id,
            applicant=citizen.national_id,
            registry=read.registry,
            service=read.service,
            attributes=read.attributes,
            purpose=read.purpose,
            until=at + ANSWERED_WITHIN,
            by=by,
            at=at,
        )


def _ask_one(
    reference: str, read: ReadDeclaration, *, citizen: CitizenFacts, by: Actor, at: datetime
) -> exchange.Answer | None:
    question = exchange.Question(reference, citizen.national_id, read.registry, read.service, read.attributes)
    try:
        return exchange.ask(question, by=by, at=at)
    except exchange.SubjectUnknown:
        return None


@transaction.atomic
def _keep(
    reference: str,
    service: ServiceVersion,
    answers: dict[str, exchange.Answer | None],
    *,
    citizen: CitizenFacts,
    by: Actor,
    at: datetime,
) -> InquiryFacts:
    found = {name: answer for name, answer in answers.items() if answer is not None}
    oldest = min(found.values(), key=lambda answer: answer.as_of, default=None)
    row = Inquiry.objects.create(
        reference=reference,
        service_id=service.id,
        service_version=service.version,
        account_id=citizen.account_id,
        asked_at=at,
        found=bool(found),
        facts={name: dict(answer.facts) for name, answer in found.items()},
        as_of=oldest.as_of if oldest else None,
        source_ar=oldest.source.ar if oldest else "",
        source_en=oldest.source.en if oldest else "",
    )
    audit.write("applications.inquiry_answered", about=reference, by=by, at=at, service=service.id, found=bool(found))
    return inquiry_facts_of(row)
