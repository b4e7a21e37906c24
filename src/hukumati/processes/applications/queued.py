"""A question that waits for its registry: asked once by the citizen, put again and again by us, answered into the inbox.

The citizen may close the browser: what was typed is kept as it was typed, checked when it is queued, and asked with the citizen's own right when
the registry is back. The first that waits is asked first, and a registry that has just come back is not thrown over by all at once.
"""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import structlog
from django.db import transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.reference import new_reference
from hukumati.kernel.refusal import Refused
from hukumati.processes.applications import inquiries, rules
from hukumati.processes.applications.actions.drafts import require_open_to
from hukumati.processes.applications.facts import QueuedFacts, QueuedNotFound, QueuedState, TooManyQueued
from hukumati.processes.applications.models import QueuedInquiry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor as ActorFacts
    from hukumati.processes.applications.answers.sent import Typed

WAITS: Final = timedelta(days=3)
QUEUED_MAX: Final = 10
AT_ONCE_MAX: Final = 200
AGAIN_AFTER: Final = timedelta(seconds=50)
log = structlog.get_logger(__name__)


@transaction.atomic
def ask_later(service_id: str, *, typed: Typed, citizen: CitizenFacts, by: ActorFacts, at: datetime) -> QueuedFacts:
    """Keep the question until its registries answer. The same question once more is the one that waits already.

    Refuses with ServiceNotOpen, AnswersInvalid, TooManyQueued.
    """
    service = catalogue.get_published(service_id)
    require_open_to(service, citizen)
    wanted = _only_what_is_asked(service, typed)
    inquiries.checked(service, wanted, citizen=citizen, at=at)
    key = _key(wanted)
    waiting = QueuedInquiry.objects.waiting().filter(account_id=citizen.account_id)
    same = waiting.filter(service_id=service.id, typed_key=key).first()
    if same is not None:
        return same.facts()
    if waiting.count() >= QUEUED_MAX:
        raise TooManyQueued(limit=QUEUED_MAX)
    row = QueuedInquiry.objects.create(
        reference=new_reference("J", year=at.year),
        service_id=service.id,
        account_id=citizen.account_id,
        typed=wanted,
        typed_key=key,
        authenticated_by=list(by.authenticated_by),
        queued_at=at,
        expires_at=at + WAITS,
    )
    audit.write("applications.inquiry_queued", about=row.reference, by=by, at=at, service=service.id)
    return row.facts()


@transaction.atomic
def withdraw_queued(reference: str, *, citizen: CitizenFacts, by: ActorFacts, at: datetime) -> None:
    """The citizen no longer wants the answer. Once more is no change; refuses with QueuedNotFound for anybody else's."""
    row = _lock(reference)
    if row is None or row.account_id != citizen.account_id:
        raise QueuedNotFound
    if row.state == QueuedState.WAITING:
        _end(row, QueuedState.WITHDRAWN, at=at)
        audit.write("applications.inquiry_queue_left", about=reference, by=by, at=at)


def get_own_queued(reference: str, *, citizen: CitizenFacts) -> QueuedFacts:
    """Refuses with QueuedNotFound for anybody else's."""
    row = QueuedInquiry.objects.filter(reference=reference, account_id=citizen.account_id).first()
    if row is None:
        raise QueuedNotFound
    return row.facts()


def list_own_queued(*, citizen: CitizenFacts) -> list[QueuedFacts]:
    """What waits for its registry, the first asked first."""
    rows = QueuedInquiry.objects.waiting().filter(account_id=citizen.account_id).order_by("queued_at")
    return [row.facts() for row in rows[:QUEUED_MAX]]


def answer_those_that_wait(*, at: datetime) -> int:
    """Ask for everybody whose registries answer now, the first that came first. How many were answered."""
    answered = 0
    for reference in _list_due(at=at):
        try:
            answered += answer_queued(reference, at=at)
        except Exception:  # one question that cannot be put keeps no other from its answer
            log.exception("queued_inquiry_failed", queued=reference)
    return answered


def answer_queued(reference: str, *, at: datetime) -> bool:
    """Put one question. Of two workers at once one puts it. True when there is an answer."""
    row = _claim(reference, at=at)
    if row is None:
        return False
    try:
        citizen = identity.get_citizen(row.account_id)
        by = Actor(ActorKind.CITIZEN, citizen.reference, authenticated_by=tuple(row.authenticated_by))
        inquiry = inquiries.ask(row.service_id, typed=row.typed, citizen=citizen, by=by, at=at)
    except (exchange.RegistryUnreachableError, identity.TooManyTries):
        return False  # it waits on
    except Refused as refusal:
        log.info("queued_inquiry_refused", queued=reference, code=refusal.code)
        _give_up(reference, at=at)
        return False
    _answered(reference, inquiry.reference, at=at)
    return True


def give_up_what_waited_too_long(*, at: datetime) -> int:
    """The registry did not come back in time: the citizen hears it, and asks anew when it suits."""
    late = QueuedInquiry.objects.waiting().filter(expires_at__lte=at).order_by("pk").values_list("reference", flat=True)
    given_up = list(late[:AT_ONCE_MAX])
    for reference in given_up:
        _give_up(reference, at=at)
    return len(given_up)


def _list_due(*, at: datetime) -> list[str]:
    """Those whose service's registries answer, in the order in which they came."""
    waiting = QueuedInquiry.objects.due(at - AGAIN_AFTER).filter(expires_at__gt=at)
    services = list(waiting.order_by().values_list("service_id", flat=True).distinct())
    ready = [service for service in services if _is_answering(service, at=at)]
    return list(
        waiting.filter(service_id__in=ready)
        .order_by("queued_at", "pk")
        .values_list("reference", flat=True)[:AT_ONCE_MAX]
    )


def _is_answering(service_id: str, *, at: datetime) -> bool:
    try:
        service = catalogue.get_published(service_id)
    except Refused:
        return True  # asking says what is wrong with it
    return all(state.up for state in exchange.preflight(service.asks, at=at).values())


@transaction.atomic
def _claim(reference: str, *, at: datetime) -> QueuedInquiry | None:
    row = QueuedInquiry.objects.due(at - AGAIN_AFTER).filter(reference=reference).locked().first()
    if row is not None:
        row.tried_at, row.tries = at, row.tries + 1
        row.save(update_fields=["tried_at", "tries"])
    return row


@transaction.atomic
def _answered(reference: str, inquiry: str, *, at: datetime) -> None:
    row = _lock(reference)
    if row is None or row.state != QueuedState.WAITING:
        return
    row.inquiry = inquiry
    _end(row, QueuedState.ANSWERED, at=at)
    service = catalogue.get_published(row.service_id)
    notifications.tell(
        row.account_id,
        code="inquiry.answered",
        facts={"service": service.name, "reference": inquiry},
        about=inquiry,
        at=at,
    )


@transaction.atomic
def _give_up(reference: str, *, at: datetime) -> None:
    row = _lock(reference)
    if row is None or row.state != QueuedState.WAITING:
        return
    _end(row, QueuedState.GIVEN_UP, at=at)
    service = catalogue.get_published(row.service_id)
    notifications.tell(
        row.account_id,
        code="inquiry.not_answered",
        facts={"service": service.name, "reference": reference},
        about=reference,
        at=at,
    )


def _end(row: QueuedInquiry, state: QueuedState, *, at: datetime) -> None:
    """What was typed is not needed any more, so it is not kept."""
    row.state, row.ended_at, row.typed = state, at, {}
    row.save(update_fields=["state", "ended_at", "typed", "inquiry"])


def _lock(reference: str) -> QueuedInquiry | None:
    return QueuedInquiry.objects.filter(reference=reference).locked().first()


def _only_what_is_asked(service: ServiceVersion, typed: Typed) -> dict[str, list[str]]:
    """The fields of the form, and nothing else that a page sent along."""
    asked = {field.id for page in rules.pages_before_answer(service) for field in page.fields} | {inquiries.WHOM}
    return {
        name: [value] if isinstance(value, str) else [str(each) for each in value]
        for name, value in typed.items()
        if name in asked or any(name.startswith((f"{field}_", f"{field}.")) for field in asked)
    }


def _key(typed: Mapping[str, list[str]]) -> str:
    return sha256(json.dumps(typed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
