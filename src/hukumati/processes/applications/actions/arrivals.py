"""What is due when a case comes into a state: a fee to raise, a person to ask, a register to tell, a document to make."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.infra.audit import api as audit
from hukumati.infra.jobs import enqueue
from hukumati.kernel.actor import system
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.reference import new_reference
from hukumati.kernel.text import Text
from hukumati.processes.applications import parties, rules
from hukumati.processes.applications.actions.telling import leads_out, service_of
from hukumati.processes.applications.facts import PartyMissing
from hukumati.processes.applications.models import Confirmation
from hukumati.processes.applications.queries import facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.models import Application

JOBS = "hukumati.processes.applications.jobs"
WRITES_FOR = timedelta(days=30)
REGISTRAR = system("registrar")


def arrive(row: Application, service: ServiceVersion, *, by: Actor, at: datetime) -> bool:
    """In the transaction of the move: what is due here exists if and only if the case came here.

    Answers whether the case stays: who owes nothing waits for no payment and goes on as a paid case does.
    """
    stays = True
    if leads_out(service, row, "pay"):
        stays = _raise_fee(row, service, at=at)
    if leads_out(service, row, "confirm"):
        _ask_party(row, service, by=by, at=at)
    if leads_out(service, row, "record"):
        _open_writes(row, service, at=at)
        enqueue(f"{JOBS}.record_entries", reference=row.reference)
    if leads_out(service, row, "issue"):
        enqueue(f"{JOBS}.issue_document", reference=row.reference)
    return stays


def leave(row: Application, service: ServiceVersion, verb: str, *, at: datetime) -> None:
    """What the state held open ends with it: a question that nobody answered, a right to write."""
    if leads_out(service, row, "confirm") and verb not in ("confirm", "decline"):
        lapsed = Confirmation.objects.open_of(row)
        lapsed.update(state=Confirmation.LAPSED, decided_at=at)
    if leads_out(service, row, "record"):
        exchange.close_write_grants(row.reference, at=at)


def _raise_fee(row: Application, service: ServiceVersion, *, at: datetime) -> bool:
    """What the case costs by the day it was filed: who waits for another person's word does not pay more for it.

    Answers whether anything is owed.
    """
    case = facts_of(row)
    assessment = rules.fee(service, case, on=rules.judged_on(case, at=at))
    if not assessment.total:
        return False
    subject = rules.require_subject(case).name
    payments.raise_charge(
        row.reference,
        payer=row.account_id,
        service=service.id,
        service_name=service.name,
        beneficiary=Text(subject.in_("ar"), subject.in_("en")),
        lines=assessment.lines,
        ways=service.pay_by,
        expires_at=at + timedelta(days=rules.pay_within_days(service)),
        at=at,
    )
    return True


def _ask_party(row: Application, service: ServiceVersion, *, by: Actor, at: datetime) -> None:
    """Fix what is asked of whom, and tell him: in his account, or by a job that finds his telephone when he has none."""
    facts = rules.known_facts(facts_of(row))
    party = parties.chosen(service, facts)
    if party is None:
        raise PartyMissing
    asked = parties.shown(service, facts)
    confirmation = Confirmation.objects.create(
        reference=new_reference("Y", year=at.year),
        application=row,
        party_id=party.national_id,
        tie=party.tie,
        name_ar=party.name.ar,
        name_en=party.name.en,
        asked=asked,
        digest=parties.digest(row.reference, party, asked, service=service),
        asked_at=at,
        until=at + timedelta(days=parties.asks_within_days(service, row.state)),
    )
    audit.write(
        "applications.party_asked",
        about=row.reference,
        by=by,
        at=at,
        confirmation=confirmation.reference,
        asked=confirmation.digest,
    )
    reach_party(confirmation, "confirmation.asked", at=at)


def reach_party(confirmation: Confirmation, message: str, *, at: datetime) -> None:
    """A word to the person asked, where he reads it; without an account, by SMS to the number that the registry knows."""
    citizen = identity.find_citizen_by_national_id(NationalId(confirmation.party_id))
    if citizen is None:
        enqueue(f"{JOBS}.invite_party", reference=confirmation.reference)
        return
    row = confirmation.application
    facts = {
        "reference": confirmation.reference,
        "service": service_of(row).name,
        "applicant": rules.applicant_name(row.applicant_name_ar, row.applicant_name_en),
        "until": confirmation.until,
    }
    notifications.tell(citizen.account_id, code=message, facts=facts, about=confirmation.reference, at=at)


def _open_writes(row: Application, service: ServiceVersion, *, at: datetime) -> None:
    case = facts_of(row)
    for write in rules.writes_due(service, case, at=at):
        exchange.open_write_grant(
            row.reference,
            name=write.name,
            subject=NationalId(rules.whom(write.subject, case)),
            applicant=NationalId(row.applicant_id),
            registry=write.registry,
            service=write.service,
            facts=tuple(write.facts),
            purpose=write.purpose,
            until=at + WRITES_FOR,
            by=REGISTRAR,
            at=at,
        )
