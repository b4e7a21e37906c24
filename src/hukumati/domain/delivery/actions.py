"""Offering, renewing the code, handing over, giving up waiting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from hukumati.domain.delivery import rules
from hukumati.domain.delivery.facts import (
    CodeWrong,
    OtherOffice,
    PickUpClosed,
    PickUpNotFound,
    PickUpState,
    TooManyCodes,
    TooManyTries,
)
from hukumati.domain.delivery.models import PickUp
from hukumati.domain.delivery.queries import facts_of
from hukumati.infra.audit import api as audit
from hukumati.infra.outbox import api as outbox
from hukumati.kernel.actor import Actor, system
from hukumati.kernel.reference import new_pin, new_reference
from hukumati.kernel.text import only_digits

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.delivery.facts import PickUpFacts
    from hukumati.kernel.refusal import Refused

HEBRON: Final = ZoneInfo("Asia/Hebron")
EXPIRED_AT_ONCE_MAX: Final = 500
DELIVERY: Final = system("delivery")


@transaction.atomic
def offer_pick_up(about: str, *, holder: int, office: str, document: str, at: datetime) -> PickUpFacts:
    """A copy waits at `office`. The answer carries the code: tell it to the holder now, it is kept only as a hash.

    Called again for the same `about` it returns what waits, without a code.
    """
    reference, code = new_reference("P", year=at.year), new_pin(rules.CODE_DIGITS)
    row, new = PickUp.objects.get_or_create(
        about=about,
        defaults={
            "reference": reference,
            "holder_id": holder,
            "office": office,
            "document": document,
            "code_hash": rules.code_hash(reference, code, key=settings.SECRET_KEY),
            "codes_on": at.astimezone(HEBRON).date(),
            "offered_at": at,
            "expires_at": at + rules.WAITS,
        },
    )
    if not new:
        return facts_of(row)
    audit.write(
        "delivery.pick_up_offered", about=reference, by=DELIVERY, at=at, case=about, office=office, document=document
    )
    return replace(facts_of(row), code=code)


@transaction.atomic
def renew_code(reference: str, *, holder: int, by: Actor, at: datetime) -> PickUpFacts:
    """A new code for the holder, shown once; the old one is dead and its wrong tries are forgotten.

    Refuses with PickUpNotFound, PickUpClosed, TooManyCodes.
    """
    row = _lock(reference)
    if row.holder_id != holder:
        raise PickUpNotFound
    _require_waiting(row, at=at)
    today = at.astimezone(HEBRON).date()
    if row.codes_on != today:
        row.codes_on, row.codes_that_day = today, 0
    if row.codes_that_day >= rules.CODES_A_DAY_MAX:
        raise TooManyCodes(codes_max=rules.CODES_A_DAY_MAX)
    code = new_pin(rules.CODE_DIGITS)
    row.code_hash = rules.code_hash(reference, code, key=settings.SECRET_KEY)
    row.codes_that_day += 1
    row.tries = 0
    row.save(update_fields=["code_hash", "codes_on", "codes_that_day", "tries"])
    audit.write("delivery.code_renewed", about=reference, by=by, at=at)
    return replace(facts_of(row), code=code)


def check_code(reference: str, *, code: str, by: Actor, at: datetime) -> PickUpFacts:
    """The code is right: show the clerk whose identity to check. Counts a wrong try. Hands nothing over.

    Refuses with PickUpNotFound, OtherOffice, PickUpClosed, CodeWrong, TooManyTries.
    """
    return _answer(_try(reference, code, by=by, at=at, hands_over=False))


def hand_over(reference: str, *, code: str, by: Actor, at: datetime) -> PickUpFacts:
    """The clerk has seen the holder's identity card and gives the copy. Of two at once, one succeeds.

    Refuses with PickUpNotFound, OtherOffice, PickUpClosed, CodeWrong, TooManyTries.
    """
    return _answer(_try(reference, code, by=by, at=at, hands_over=True))


@transaction.atomic
def expire_pick_ups(*, at: datetime) -> int:
    """Copies that nobody fetched in time. Tells each by `delivery.pick_up_expired`."""
    rows = PickUp.objects.select_for_update(skip_locked=True).filter(state=PickUpState.WAITING, expires_at__lte=at)
    expired = list(rows.order_by("expires_at")[:EXPIRED_AT_ONCE_MAX])
    for row in expired:
        row.state = PickUpState.EXPIRED
        row.save(update_fields=["state"])
        audit.write("delivery.pick_up_expired", about=row.reference, by=DELIVERY, at=at)
        outbox.publish("delivery.pick_up_expired", about=row.about, at=at, pick_up=row.reference)
    return len(expired)


def _answer(outcome: PickUpFacts | Refused) -> PickUpFacts:
    """A refusal is raised only after its transaction: raised inside, the counted try would be rolled back."""
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


@transaction.atomic
def _try(reference: str, code: str, *, by: Actor, at: datetime, hands_over: bool) -> PickUpFacts | Refused:
    row = _lock(reference)
    if not by.office or by.office != row.office:
        return OtherOffice(office=row.office)
    _require_waiting(row, at=at)
    if row.tries >= rules.TRIES_MAX:
        return TooManyTries()
    if not rules.is_code(reference, only_digits(code), key=settings.SECRET_KEY, expected=row.code_hash):
        return _count_wrong(row, by=by, at=at)
    if hands_over:
        row.state, row.handed_over_at, row.handed_over_by = PickUpState.HANDED_OVER, at, by.label
        row.save(update_fields=["state", "handed_over_at", "handed_over_by"])
        audit.write("delivery.handed_over", about=reference, by=by, at=at, document=row.document)
        outbox.publish("delivery.handed_over", about=row.about, at=at, pick_up=reference)
    return facts_of(row)


def _count_wrong(row: PickUp, *, by: Actor, at: datetime) -> Refused:
    row.tries += 1
    row.save(update_fields=["tries"])
    audit.write("delivery.code_wrong", about=row.reference, by=by, at=at, tries=row.tries)
    left = rules.TRIES_MAX - row.tries
    return CodeWrong(tries_left=left) if left else TooManyTries()


def _lock(reference: str) -> PickUp:
    row = PickUp.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise PickUpNotFound
    return row


def _require_waiting(row: PickUp, *, at: datetime) -> None:
    if row.state != PickUpState.WAITING:
        raise PickUpClosed(state=PickUpState(row.state))
    if at >= row.expires_at:
        raise PickUpClosed(state=PickUpState.EXPIRED)
