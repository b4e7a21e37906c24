"""The other person's verbs, and what the clock and the telephone do for him. Nobody but he, in his own account, gives his word."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import system
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.process import By
from hukumati.processes.applications.actions.arrivals import reach_party
from hukumati.processes.applications.actions.moves import lock, move, service_of, words
from hukumati.processes.applications.facts import CaseChanged, ConfirmationClosed, ConfirmationNotFound
from hukumati.processes.applications.models import Confirmation
from hukumati.processes.applications.queries import confirmation_facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import ConfirmationFacts
    from hukumati.processes.applications.models import Application

REMINDED_BEFORE = timedelta(days=2)
INVITER = system("confirmations")


@transaction.atomic
def confirm(reference: str, *, digest: str, citizen: CitizenFacts, by: Actor, at: datetime) -> ConfirmationFacts:
    """The other person agrees to exactly what he was shown: `digest` is the one of his page.

    Refuses with ConfirmationNotFound for anybody else, ConfirmationClosed when it was answered or lapsed, CaseChanged.
    """
    row, asked = _lock_open(reference, citizen=citizen)
    if asked.digest != digest:
        raise CaseChanged
    _decide(asked, Confirmation.CONFIRMED, by=by, at=at)
    move(row, service_of(row), "confirm", by_role=By.PARTY, by=by, at=at, digest=asked.digest)
    return confirmation_facts_of(asked)


@transaction.atomic
def decline(reference: str, *, reason: str, citizen: CitizenFacts, by: Actor, at: datetime) -> ConfirmationFacts:
    """The other person does not agree and says why. Refuses with ReasonMissing, ConfirmationNotFound, ConfirmationClosed."""
    row, asked = _lock_open(reference, citizen=citizen)
    said = words(reason)
    move(row, service_of(row), "decline", by_role=By.PARTY, by=by, at=at, reason=said, digest=asked.digest)
    _decide(asked, Confirmation.DECLINED, by=by, at=at, reason=said)
    return confirmation_facts_of(asked)


def _lock_open(reference: str, *, citizen: CitizenFacts) -> tuple[Application, Confirmation]:
    """The case first, as everywhere: of two answers at once the second finds the first."""
    found = Confirmation.objects.of_party(citizen.national_id.digits).filter(reference=reference).first()
    if found is None:
        raise ConfirmationNotFound
    row = lock(found.application.reference)
    found.refresh_from_db()
    if found.state != Confirmation.ASKED:
        raise ConfirmationClosed
    return row, found


def _decide(asked: Confirmation, state: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    asked.state, asked.decided_at, asked.reason = state, at, reason
    asked.decided_by, asked.authenticated_by = by.id, list(by.authenticated_by)
    asked.save()
    audit.write(
        f"applications.party_{state}",
        about=asked.application.reference,
        by=by,
        at=at,
        confirmation=asked.reference,
        asked=asked.digest,
        authenticated_by=list(by.authenticated_by),
    )


def invite(reference: str, *, at: datetime) -> None:
    """Tell somebody without an account that his word is asked for, and where. Speaks to the network; idempotent by its message.

    The number comes from the civil registry, is read for this alone, and is not kept with the case.
    """
    asked = Confirmation.objects.select_related("application").get(reference=reference)
    if asked.state != Confirmation.ASKED:
        return
    person, about = NationalId(asked.party_id), f"{asked.reference}-{2 if asked.reminded_at else 1}"
    if identity.find_citizen_by_national_id(person) is not None or notifications.is_invited(about):
        return
    mobile = exchange.read_mobile(asked.application.reference, national_id=person, by=INVITER, at=at)
    if mobile:
        notifications.invite(
            mobile,
            text_code="confirmation.invited",
            facts={"reference": asked.reference, "address": urlsplit(settings.PUBLIC_URL).netloc},
            about=about,
            language=asked.application.language,
            at=at,
        )


@transaction.atomic
def remind(reference: str, *, at: datetime) -> None:
    """Once, two days before it lapses. Idempotent."""
    found = Confirmation.objects.select_related("application").get(reference=reference)
    lock(found.application.reference)
    found.refresh_from_db()
    if found.state != Confirmation.ASKED or found.reminded_at is not None:
        return
    Confirmation.objects.filter(pk=found.pk).update(reminded_at=at)
    reach_party(found, "confirmation.reminder", at=at)
