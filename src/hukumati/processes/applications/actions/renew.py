"""A draft goes over to the service's present version, when its citizen has seen what that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.kernel.national_id import NationalId
from hukumati.processes.applications import renewal, rules
from hukumati.processes.applications.actions.drafts import grant_reads, require_open_to, subject_of
from hukumati.processes.applications.actions.moves import lock_own_draft, process_of, remember, saved, service_of
from hukumati.processes.applications.facts import CaseChanged
from hukumati.processes.applications.queries import around_of, facts_of, is_outdated

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import ApplicationFacts
    from hukumati.processes.applications.models import Application
    from hukumati.processes.applications.renewal import Renewal


def plan_renewal(application: ApplicationFacts, *, citizen: CitizenFacts) -> tuple[ServiceVersion, Renewal]:
    """The service's present version, and what it makes of the draft. Refuses with ServiceNotOpen when it is not for this citizen any more."""
    old = catalogue.get_published(application.service_id, version=application.service_version)
    new = catalogue.get_published(application.service_id)
    require_open_to(new, citizen)
    process_of(new)
    return new, renewal.plan(old, new, application, around=around_of(new, application))


@transaction.atomic
def renew(
    application: ApplicationFacts, *, version: int, citizen: CitizenFacts, by: Actor, at: datetime
) -> ApplicationFacts:
    """Carry the draft over. `version` is the one whose difference the citizen was shown.

    What still fits is kept, rights to read follow the new declarations, and answers of registries that are no longer asked so do not count.
    Refuses with CaseChanged, ServiceNotOpen.
    """
    row = lock_own_draft(application)
    if row.submitted_at is not None:
        raise CaseChanged
    old, current = service_of(row), facts_of(row)
    if not is_outdated(current):
        return current
    new, planned = plan_renewal(current, citizen=citizen)
    if new.version != version:
        raise CaseChanged
    before = row.state
    _move_reads(row, old, new, planned, by=by, at=at)
    row.service_version, row.state = new.version, process_of(new).start
    row.answers, row.pages_done = dict(planned.answers), list(planned.pages_done)
    row.asked_anew |= {read.name: at.isoformat() for read in planned.reads_ended}
    if not planned.subject_kept:
        row.subject = None if new.asks_for_whom else rules.subject_to_json(subject_of(citizen))
    renewed = saved(row, at=at)
    remember(row, "renew", from_=before, by=by, at=at, reason=f"v{old.version} → v{new.version}")
    return renewed


def _move_reads(
    row: Application, old: ServiceVersion, new: ServiceVersion, planned: Renewal, *, by: Actor, at: datetime
) -> None:
    """Close what the newer version does not declare, or declares otherwise; then open what it does."""
    people = {"applicant": NationalId(row.applicant_id)}
    if row.subject:
        people["subject"] = NationalId(row.subject["national_id"])
    ended = planned.reads_ended if planned.subject_kept else [*planned.reads_ended, *_about_subject(old)]
    for read in ended:
        if read.subject in people:
            exchange.close_grant(
                row.reference, subject=people[read.subject], registry=read.registry, service=read.service, at=at
            )
    if not planned.subject_kept:
        people.pop("subject", None)
    for of, person in people.items():
        grant_reads(new, row, subject=person, of=of, by=by, at=at)


def _about_subject(service: ServiceVersion) -> list[catalogue.ReadDeclaration]:
    return [read for read in service.reads if read.subject == "subject"]
