"""A draft that an employee at a counter helps to finish: the citizen says a code, allows it on the own phone, watches, ends it.

Whoever helps fills in and saves, as the citizen would; checking, sending and paying stay the citizen's. Every page saved so stands on the
timeline with who saved it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from hukumati.domain.identity import api as identity
from hukumati.infra.audit import api as audit
from hukumati.kernel.reference import new_pin, new_reference
from hukumati.kernel.text import only_digits
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions import drafts
from hukumati.processes.applications.actions.moves import lock_own_draft, remember, tell
from hukumati.processes.applications.facts import (
    AssistanceCodeUnknown,
    AssistanceFacts,
    AssistanceNotFound,
    AssistanceState,
    OwnCase,
)
from hukumati.processes.applications.models import Application, Assistance
from hukumati.processes.applications.queries import facts_of, helper_place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import ApplicationFacts

CODE_DIGITS: Final = 8
HELPERS: Final = frozenset({"clerk", "postal_clerk"})
CODES_OFFERED: Final = identity.Allowance(20, 60 * 60)
CODES_TRIED: Final = identity.Allowance(12, 10 * 60)


@transaction.atomic
def offer_help(application: ApplicationFacts, *, by: Actor, at: datetime) -> AssistanceFacts:
    """Make a code that the citizen reads out at a counter; the answer alone carries it. An earlier offer, or help under way, ends.

    Refuses with CaseChanged when the answers can no longer be changed, and TooManyTries.
    """
    row = lock_own_draft(application)
    identity.spend("help_offered", by.id, allowance=CODES_OFFERED, at=at)
    _end_live(row, at=at)
    code = _fresh_code()
    offered = Assistance.objects.create(
        reference=new_reference("H", year=at.year),
        application=row,
        code_hash=_code_hash(code),
        offered_at=at,
        expires_at=at + rules.HELP_OFFER_LIVES,
    )
    audit.write("applications.help_offered", about=row.reference, by=by, at=at, help=offered.reference)
    return replace(offered.facts(), code=code)


def ask_to_help(code: str, *, by: Actor, at: datetime) -> AssistanceFacts:
    """An employee typed the code that a citizen read out. Nothing is shown to them before the citizen has allowed it.

    Refuses with AssistanceCodeUnknown (for whatever reason), TooManyTries, OwnCase.
    """
    _require_helper(by)
    identity.spend("help_codes", by.id, allowance=CODES_TRIED, at=at)
    with transaction.atomic():
        digits = only_digits(code)
        help_ = Assistance.objects.locked().filter(code_hash=_code_hash(digits), state=AssistanceState.OFFERED).first()
        if help_ is None or help_.expires_at <= at:
            raise AssistanceCodeUnknown
        row = Application.objects.get(pk=help_.application_id)
        if identity.is_one_of(by.id, rules.people_of(facts_of(row))):
            raise OwnCase
        help_.state, help_.asked_at, help_.expires_at = AssistanceState.ASKED, at, at + rules.HELP_ANSWER_WITHIN
        help_.helper, help_.institution, help_.office = by.id, by.institution, by.office
        help_.save()
        tell(row, "application.help_asked", at=at, office=helper_place(help_.facts()))
        audit.write("applications.help_asked", about=row.reference, by=by, at=at, help=help_.reference)
    return help_.facts()


@transaction.atomic
def allow_help(application: ApplicationFacts, *, reference: str, by: Actor, at: datetime) -> AssistanceFacts:
    """The citizen has seen who asks, and lets them. Refuses with AssistanceNotFound when it is no longer asked."""
    row = lock_own_draft(application)
    help_ = _asked(row, reference, at=at)
    help_.state, help_.opened_at, help_.expires_at = AssistanceState.OPEN, at, at + rules.HELP_LASTS
    help_.save()
    remember(row, "allow_help", from_=row.state, by=by, at=at)
    return help_.facts()


@transaction.atomic
def decline_help(application: ApplicationFacts, *, reference: str, by: Actor, at: datetime) -> None:
    """The citizen does not let them. Refuses with AssistanceNotFound when it is no longer asked."""
    row = lock_own_draft(application)
    _end(_asked(row, reference, at=at), state=AssistanceState.DECLINED, at=at)
    audit.write("applications.help_declined", about=row.reference, by=by, at=at, help=reference)


@transaction.atomic
def end_help(application: ApplicationFacts, *, by: Actor, at: datetime) -> None:
    """The citizen ends whatever is offered, asked or under way. Once more is no change."""
    row = lock_own_draft(application)
    if _end_live(row, at=at):
        audit.write("applications.help_ended", about=row.reference, by=by, at=at)


@transaction.atomic
def leave_help(reference: str, *, by: Actor, at: datetime) -> None:
    """Whoever helps is done: the draft closes to them. Refuses with AssistanceNotFound."""
    help_ = _lock_of_helper(reference, by=by, at=at)
    _end(help_, state=AssistanceState.ENDED, at=at)
    audit.write("applications.help_ended", about=help_.application.reference, by=by, at=at)


def save_answers_helping(
    reference: str, *, page: str, typed: Mapping[str, Any], by: Actor, at: datetime
) -> ApplicationFacts:
    """Save a page of the form for the citizen who stands there. Refuses with AssistanceNotFound, and as `save_answers` does."""
    with transaction.atomic():
        row = _lock_of_helper(reference, by=by, at=at).application
        saved = drafts.save_answers(facts_of(row), page=page, typed=typed, at=at)
        _remember_help(row, "answer_helping", by=by, at=at, page=page)
    return saved


def choose_subject_helping(reference: str, *, key: str, by: Actor, at: datetime) -> ApplicationFacts:
    """Say for the citizen whom the application is for. Refuses with AssistanceNotFound, SubjectNotAllowed."""
    with transaction.atomic():
        row = _lock_of_helper(reference, by=by, at=at).application
        citizen = identity.get_citizen(row.account_id)
        chosen = drafts.choose_subject(facts_of(row), key=key, citizen=citizen, by=by, at=at)
        _remember_help(row, "choose_helping", by=by, at=at, page="whom")
    return chosen


def get_helped(reference: str, *, by: Actor, at: datetime) -> tuple[AssistanceFacts, ApplicationFacts | None]:
    """The help of this employee, and the draft while the citizen lets them see it. Refuses with AssistanceNotFound for anybody else's."""
    help_ = Assistance.objects.select_related("application").filter(reference=reference, helper=by.id).first()
    if help_ is None or not by.roles & HELPERS:
        raise AssistanceNotFound
    facts = help_.facts()
    return facts, facts_of(help_.application) if facts.is_open(at) and _is_draft(help_.application) else None


def find_help(application: ApplicationFacts, *, at: datetime) -> AssistanceFacts | None:
    """What is offered, asked or under way for the citizen's own draft."""
    live = Assistance.objects.live().filter(application__reference=application.reference, expires_at__gt=at).first()
    return live.facts() if live else None


def _fresh_code() -> str:
    """One that names no other offer. Of a hundred million codes a few hundred are offered at a time."""
    while Assistance.objects.filter(
        code_hash=_code_hash(code := new_pin(CODE_DIGITS)), state=AssistanceState.OFFERED
    ).exists():
        pass
    return code


@transaction.atomic
def end_help_that_is_over(*, at: datetime) -> int:
    """Time ends help by itself wherever it is asked for; this keeps the record of it tidy."""
    return Assistance.objects.live().filter(expires_at__lte=at).update(state=AssistanceState.ENDED, ended_at=at)


def _remember_help(row: Application, verb: str, *, by: Actor, at: datetime, page: str) -> None:
    row.refresh_from_db()
    remember(row, verb, from_=row.state, by=by, at=at)
    audit.write("applications.helped", about=row.reference, by=by, at=at, page=page, revision=row.revision)


def _is_draft(row: Application) -> bool:
    return row.closed_at is None and row.submitted_at is None


def _asked(row: Application, reference: str, *, at: datetime) -> Assistance:
    help_ = (
        Assistance.objects.locked().filter(application=row, reference=reference, state=AssistanceState.ASKED).first()
    )
    if help_ is None or help_.expires_at <= at:
        raise AssistanceNotFound
    return help_


def _lock_of_helper(reference: str, *, by: Actor, at: datetime) -> Assistance:
    """Locks the case before its help, as the citizen's verbs do."""
    _require_helper(by)
    found = (
        Assistance.objects.filter(reference=reference, helper=by.id).values_list("application_id", flat=True).first()
    )
    row = Application.objects.locked().filter(pk=found).first() if found else None
    help_ = Assistance.objects.locked().filter(reference=reference).first()
    if row is None or help_ is None or not help_.facts().is_open(at) or not _is_draft(row):
        raise AssistanceNotFound
    help_.application = row
    return help_


def _end_live(row: Application, *, at: datetime) -> bool:
    live = list(Assistance.objects.live().locked().filter(application=row))
    for help_ in live:
        _end(help_, state=AssistanceState.ENDED, at=at)
    return bool(live)


def _end(help_: Assistance, *, state: AssistanceState, at: datetime) -> None:
    help_.state, help_.ended_at = state, at
    help_.save(update_fields=["state", "ended_at"])


def _require_helper(by: Actor) -> None:
    if not by.roles & HELPERS:
        raise AssistanceNotFound


def _code_hash(digits: str) -> str:
    """The code finds the draft, so its hash has no salt of its own; it lives for a quarter of an hour and tries are counted."""
    return salted_hmac("applications.assistance", digits, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
