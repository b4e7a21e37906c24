"""What every verb shares: lock the row, take the step that the table allows, write what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue import sdk
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.payments import api as payments
from hukumati.domain.uploads import api as uploads
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind
from hukumati.kernel.process import By
from hukumati.kernel.text import cleaned
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions.arrivals import arrive, leave
from hukumati.processes.applications.actions.telling import leads_out, process_of, service_of, tell
from hukumati.processes.applications.facts import ApplicationNotFound, CaseChanged, NotYourCase, OwnCase
from hukumati.processes.applications.models import Application, TimelineEntry
from hukumati.processes.applications.queries import REVIEW_ROLES, facts_of

__all__ = ["leads_out", "process_of", "service_of", "tell"]  # for the verbs, which take everything from here

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.process import Step
    from hukumati.processes.applications.facts import ApplicationFacts

REASON_CHARACTERS_MAX = 2000

FILED_BY = frozenset({"submit", "resubmit"})  # verbs whose audit line proves what was asked, by its hash

TOLD = {  # what the citizen hears of a step, by the step's verb; other steps are told by the verbs that take them
    "return_for_correction": "application.returned",
    "refuse": "application.refused",
    "expire": "application.expired",
    "withdraw": "application.withdrawn",
    "confirm": "confirmation.given",
    "decline": "confirmation.declined",
    "record_refused": "application.record_refused",
}


def move(
    row: Application,
    service: ServiceVersion,
    verb: str,
    *,
    by_role: By,
    by: Actor,
    at: datetime,
    reason: str = "",
    digest: str = "",
) -> Step:
    """Take the step that the table has for this verb, write it down, and see to what is due where it leads."""
    conditions = rules.conditions(service, facts_of(row), at=at)
    step = process_of(service).take(row.state, verb, by=by_role, conditions=conditions, reason=reason)
    leave(row, service, verb, at=at)
    before, row.state, row.state_since = row.state, step.to, at
    if row.answered_at is None and is_answer(step, ends=step.to in process_of(service).end):
        row.answered_at = at
    if step.to in process_of(service).end:
        row.closed_at = at
        exchange.close_grants(row.reference, at=at)
    saved(row, at=at)
    remember(row, verb, from_=before, by=by, at=at, reason=reason, digest=digest)
    if step.refunds:
        _give_back(row, step, reason=reason, by=by, at=at)
    stays = arrive(row, service, by=by, at=at)
    if verb in TOLD:
        told = {"reason": reason} if reason else {}
        tell(row, TOLD[verb], at=at, **told)
    if not stays:
        move(row, service, "pay", by_role=By.LEDGER, by=by, at=at)
    return step


def is_answer(step: Step, *, ends: bool) -> bool:
    """Whether the State has answered with this step: the document is there, or an employee or the system brought the case to its end."""
    return step.verb == "issue" or (ends and step.by in (By.CLERK, By.SYSTEM))


def _give_back(row: Application, step: Step, *, reason: str, by: Actor, at: datetime) -> None:
    for charge in payments.list_charges(row.reference):
        amount = sdk.given_back(charge.lines, keeps=step.keeps_lines)
        if charge.state == "paid" and amount:
            payments.refund(charge.reference, amount=amount, reason=reason, by=by, at=at)


def remember(
    row: Application, verb: str, *, from_: str, by: Actor, at: datetime, reason: str = "", digest: str = ""
) -> None:
    TimelineEntry.objects.create(
        application=row,
        at=at,
        verb=verb,
        from_state=from_,
        to_state=row.state,
        by_kind=by.kind,
        by_id=by.id,
        reason=reason,
        digest=digest,
    )
    filed = {"filed": rules.digest(facts_of(row))} if verb in FILED_BY else {}
    audit.write(
        f"applications.{verb}", about=row.reference, by=by, at=at, service=row.service_id, state=row.state, **filed
    )


def lock(reference: str) -> Application:
    row = Application.objects.locked().filter(reference=reference).first()
    if row is None:
        raise ApplicationNotFound
    return row


def lock_own(application: ApplicationFacts) -> Application:
    row = lock(application.reference)
    if row.account_id != application.account_id:
        raise ApplicationNotFound
    return row


def lock_own_draft(application: ApplicationFacts) -> Application:
    """Answers may change while the table lets the citizen file them: in a draft, or after a return."""
    row = lock_own(application)
    verbs = {step.verb for step in process_of(service_of(row)).from_state(row.state) if step.by == By.CITIZEN}
    if not verbs & {"submit", "resubmit"}:
        raise CaseChanged
    return row


def lock_for_clerk(reference: str, *, by: Actor) -> Application:
    """A draft is its citizen's alone: before it is filed no clerk touches it, as none sees it."""
    row = lock(reference)
    is_reviewer = by.kind == ActorKind.STAFF and row.institution == by.institution and bool(by.roles & REVIEW_ROLES)
    if not is_reviewer or row.submitted_at is None:
        raise ApplicationNotFound
    return row


def lock_for_decision(reference: str, *, by: Actor) -> Application:
    """Whoever decides has taken the case first, so that two clerks never decide on one."""
    row = lock_for_clerk(reference, by=by)
    if row.assigned_to != by.id:
        raise NotYourCase
    if identity.is_one_of(by.id, rules.people_of(facts_of(row))):
        raise OwnCase
    return row


def saved(row: Application, *, at: datetime) -> ApplicationFacts:
    row.changed_at = at
    row.revision += 1
    row.save()
    if row.submitted_at is None:
        _let_go_of_uploads(row, at=at)
    return facts_of(row)


def _let_go_of_uploads(row: Application, *, at: datetime) -> None:
    """A draft keeps what its answers name; one that has ended keeps nothing. What was filed stays with its case, corrected or not."""
    named = {} if row.closed_at else rules.uploads_named(service_of(row), row.answers)
    uploads.release(row.reference, but=[*named.values()], at=at)


def words(typed: str) -> str:
    return cleaned(typed)[:REASON_CHARACTERS_MAX]
