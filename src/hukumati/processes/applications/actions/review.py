"""The clerk's verbs: take a case, give it back, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from hukumati.infra.audit import api as audit
from hukumati.kernel.process import By, StepNotOpen
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions.moves import (
    lock_for_clerk,
    lock_for_decision,
    move,
    process_of,
    saved,
    service_of,
    words,
)
from hukumati.processes.applications.facts import NotYourCase, SupplementMissing
from hukumati.processes.applications.models import Application, Evidence
from hukumati.processes.applications.queries import REVIEW_ROLES, clerk_states, facts_of, get_for_staff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import ApplicationFacts

SUPPLEMENT_CHARACTERS_MAX: Final = 200  # what the form lets a clerk type; a name in a register is shorter


@transaction.atomic
def open_case(reference: str, *, by: Actor, at: datetime) -> ApplicationFacts:
    """Show a case to a clerk; that it was opened is on record. Refuses with ApplicationNotFound outside his institution."""
    case = get_for_staff(reference, by=by)
    audit.write("applications.case_opened", about=reference, by=by, at=at)
    return case


@transaction.atomic
def take(reference: str, *, by: Actor, at: datetime) -> ApplicationFacts:
    """A clerk takes a case that is nobody's yet. Refuses with NotYourCase when a colleague has it, StepNotOpen when it waits for no clerk."""
    row = lock_for_clerk(reference, by=by)
    if not any(step.by == By.CLERK for step in process_of(service_of(row)).from_state(row.state)):
        raise StepNotOpen(state=row.state, verb="take")
    if row.assigned_to not in ("", by.id):
        raise NotYourCase
    row.assigned_to = by.id
    audit.write("applications.taken", about=row.reference, by=by, at=at)
    return saved(row, at=at)


@transaction.atomic
def take_next(*, by: Actor, at: datetime) -> ApplicationFacts | None:
    """Give the clerk the free case whose promise is nearest; None when there is none. Two clerks never get the same one."""
    if not by.roles & REVIEW_ROLES:
        raise NotYourCase
    free = (
        Application.objects.of_institution(by.institution)
        .waiting_for(clerk_states(by.institution))
        .filter(assigned_to="")
    )
    row = free.select_for_update(skip_locked=True, of=("self",)).order_by("promised_at", "id").first()
    if row is None:
        return None
    row.assigned_to = by.id
    audit.write("applications.taken", about=row.reference, by=by, at=at)
    return saved(row, at=at)


@transaction.atomic
def put_back(reference: str, *, by: Actor, at: datetime) -> ApplicationFacts:
    """Return a case to the office's queue: one's own, or, for a supervisor, anybody's."""
    row = lock_for_clerk(reference, by=by)
    if row.assigned_to != by.id and "supervisor" not in by.roles:
        raise NotYourCase
    row.assigned_to = ""
    audit.write("applications.put_back", about=row.reference, by=by, at=at)
    return saved(row, at=at)


@transaction.atomic
def accept(reference: str, *, supplements: Mapping[str, str], by: Actor, at: datetime) -> ApplicationFacts:
    """The clerk accepts, giving from the paper register what the record lacks. Refuses with SupplementMissing, NotYourCase."""
    row = lock_for_decision(reference, by=by)
    service = service_of(row)
    wanted = rules.paths_to_supply(service, facts_of(row))
    given = {path: rules.supplied(path, supplements.get(path, "")) for path in wanted}
    if lacking := tuple(path for path, value in given.items() if not _is_supplied(path, value)):
        raise SupplementMissing(paths=lacking)
    if given:
        _keep_supplements(row, given, by=by, at=at)
    move(row, service, "accept", by_role=By.CLERK, by=by, at=at)
    return facts_of(row)


@transaction.atomic
def refuse(reference: str, *, reason: str, by: Actor, at: datetime) -> ApplicationFacts:
    """The clerk refuses and says why; a table that refunds gives the fee back by itself. Refuses with ReasonMissing, NotYourCase."""
    row = lock_for_decision(reference, by=by)
    move(row, service_of(row), "refuse", by_role=By.CLERK, by=by, at=at, reason=words(reason))
    return facts_of(row)


@transaction.atomic
def return_for_correction(reference: str, *, reason: str, by: Actor, at: datetime) -> ApplicationFacts:
    """The clerk asks the citizen to mend something and says what. Refuses with ReasonMissing, NotYourCase."""
    row = lock_for_decision(reference, by=by)
    move(row, service_of(row), "return_for_correction", by_role=By.CLERK, by=by, at=at, reason=words(reason))
    return facts_of(row)


def _is_supplied(path: str, value: str) -> bool:
    return 0 < len(value) <= SUPPLEMENT_CHARACTERS_MAX and rules.fits_script(path, value)


def _keep_supplements(row: Application, given: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    Evidence.objects.create(
        application=row, name=rules.CLERK, about_subject=True, about_id=rules.require_subject(facts_of(row)).national_id,
        facts=dict(given), as_of=at, asked_at=at,
        source_ar="السجل الورقي، أدخله الموظف", source_en="The paper register, entered by the clerk",
    )  # fmt: skip
    audit.write("applications.supplemented", about=row.reference, by=by, at=at, paths=sorted(given))
