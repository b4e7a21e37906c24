"""Starting to pay, and asking the provider how it went. The network is spoken to between transactions, never inside one."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hukumati.domain.identity import api as identity
from hukumati.domain.payments import rules
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.actions.settlement import lock, note_waiting, settle
from hukumati.domain.payments.facts import AttemptState, Handoff, Way
from hukumati.domain.payments.models import Attempt, Charge
from hukumati.domain.payments.offers import require_way
from hukumati.domain.payments.ports import (
    AttemptRef,
    Outcome,
    PayerUnknownError,
    ProviderUnreachableError,
    Request,
    Told,
)
from hukumati.domain.payments.providers import chosen_for, provider_of
from hukumati.domain.payments.refusals import (
    ChargeNotFound,
    PayerNotThere,
    ProviderUnavailable,
    TooManyPushes,
    WayNotOffered,
)
from hukumati.domain.payments.ways import at_provider, is_begun_by_payer, is_coded, is_pushed
from hukumati.infra.audit import api as audit
from hukumati.kernel import creditor_reference
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payments.facts import AttemptFacts
    from hukumati.domain.payments.ports import Started
    from hukumati.kernel.actor import Actor

LOOKER = system("payments.look_up")
CODE_TRIES_MAX = 20
PUSHES_TO_A_PHONE: Final = identity.Allowance(amount_max=6, window_seconds=3600)
PUSHES_BY_A_PAYER: Final = identity.Allowance(amount_max=12, window_seconds=3600)


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to pay: where to come back to, in which language, and for a wallet whose telephone is asked (E.164)."""

    way: Way
    return_url: str
    language: str
    payer_mobile: str = ""


def start_attempt(charge_reference: str, wish: Wish, *, by: Actor, at: datetime) -> Handoff:
    """Begin to pay, or go on with the attempt that is already open: one payment, however often the button is pressed.

    Refuses with FeeAlreadyPaid, ChargeVoid, ChargeExpired, WayNotOffered, WayClosed, TooManyPushes; with PayerNotThere when the provider has no such payer,
    and the attempt has then ended; with ProviderUnavailable when it does not answer, and then the attempt stays and the next call goes on with it.
    """
    attempt = _open_attempt(charge_reference, wish, by=by, at=at)
    if not at_provider(wish.way):
        return Handoff(attempt.reference, pay_code=attempt.pay_code)
    if attempt.is_begun or _asks_another_phone(attempt, wish):
        # It may have ended at the provider meanwhile: its page would then lead nowhere.
        _ask(attempt, at=at)
        attempt = _open_attempt(charge_reference, wish, by=by, at=at, corrects=True)
    if not attempt.is_begun:
        attempt = _begin(attempt, at=at)
    return Handoff(attempt.reference, redirect_url=attempt.redirect_url)


def look_up(attempt_reference: str, *, at: datetime) -> AttemptFacts:
    """Ask the provider about an undecided attempt and write down what it says, at most every two seconds.

    Never raises for a provider that does not answer: the attempt then stays undecided, which is the truth.
    """
    attempt = Attempt.objects.select_related("charge").get(reference=attempt_reference)
    undecided = attempt.state in (AttemptState.OPEN, AttemptState.UNKNOWN) and attempt.suspended_at is None
    rested = attempt.looked_at is None or at - attempt.looked_at >= rules.LOOK_PAUSE
    if undecided and rested and attempt.provider:
        ask_quietly(attempt, at=at)
        attempt.refresh_from_db()
    return attempt.facts()


def ask_quietly(attempt: Attempt, *, at: datetime) -> None:
    """Ask, and leave it at that when nobody answers: the next look comes by itself."""
    with suppress(ProviderUnavailable):
        _ask(attempt, at=at)


def _ask(attempt: Attempt, *, at: datetime) -> None:
    try:
        said = provider_of(attempt.provider).look_up(AttemptRef(attempt.reference, attempt.provider_payment_id))
    except ProviderUnreachableError as fault:
        note_unreachable(attempt.reference, at=at)
        raise ProviderUnavailable(way=Way(attempt.way)) from fault
    settle(attempt.reference, said, by=LOOKER, at=at)


@transaction.atomic
def note_unreachable(attempt_reference: str, *, at: datetime) -> None:
    """Asked, and nobody answered: ask again later."""
    _, attempt = lock(attempt_reference)
    if attempt.state in (AttemptState.OPEN, AttemptState.UNKNOWN) and attempt.suspended_at is None:
        note_waiting(attempt, Outcome(Told.WAITING), by=LOOKER, at=at)


@transaction.atomic
def _open_attempt(charge_reference: str, wish: Wish, *, by: Actor, at: datetime, corrects: bool = False) -> Attempt:
    """`corrects`: the provider was asked just now, so a number may be corrected as long as it has not heard of the first."""
    way = wish.way
    charge = Charge.objects.locked().filter(reference=charge_reference).first()
    if charge is None:
        raise ChargeNotFound
    owed = charge.facts()
    rules.require_payable(owed, at=at)
    if not is_begun_by_payer(way):
        raise WayNotOffered(way=way)
    require_way(owed, way, at=at)
    known = Attempt.objects.filter(charge=charge, way=way, state=AttemptState.OPEN).first()
    if known is not None:
        if corrects and not known.is_begun and _asks_another_phone(known, wish):
            _spend_push(wish.payer_mobile, payer=charge.payer_id, at=at)
            known.payer_mobile = wish.payer_mobile
            known.save(update_fields=["payer_mobile"])
        return known
    if is_pushed(way):
        _spend_push(wish.payer_mobile, payer=charge.payer_id, at=at)
    attempt = Attempt.objects.create(
        reference=numbers.reference("T", at=at),
        charge=charge,
        way=way,
        provider=chosen_for(way),
        amount_minor=charge.total_minor,
        currency=charge.currency,
        language=wish.language,
        return_url=wish.return_url,
        payer_mobile=wish.payer_mobile if is_pushed(way) else "",
        pay_code=_free_code(way) if is_coded(way) else "",
        started_at=at,
        expires_at=charge.expires_at if is_coded(way) else None,
        next_look_at=rules.next_look_at(0, at=at) if at_provider(way) else None,
    )
    audit.write("payments.attempt_started", about=attempt.reference, by=by, at=at, charge=charge.reference, way=way)
    return attempt


def _asks_another_phone(attempt: Attempt, wish: Wish) -> bool:
    return is_pushed(attempt.way) and attempt.payer_mobile != wish.payer_mobile


def _spend_push(mobile: str, *, payer: int, at: datetime) -> None:
    """A telephone rings: nobody may make a stranger's ring all day, nor many strangers'. One's own cannot be used up by others."""
    own = identity.find_citizen(payer)
    try:
        identity.spend("payments.push_by", str(payer), allowance=PUSHES_BY_A_PAYER, at=at)
        if own is None or rules.subscriber(own.mobile) != rules.subscriber(mobile):
            identity.spend("payments.push_to", rules.subscriber(mobile), allowance=PUSHES_TO_A_PHONE, at=at)
    except identity.TooManyTries as limit:
        raise TooManyPushes(retry_seconds=limit.retry_seconds) from None


def _begin(attempt: Attempt, *, at: datetime) -> Attempt:
    request = Request(
        reference=attempt.reference,
        amount=Money(attempt.amount_minor, attempt.currency),
        description=Text(attempt.charge.service_name_ar, attempt.charge.service_name_en),
        language=attempt.language,
        return_url=attempt.return_url,
        payer_mobile=attempt.payer_mobile,
        pay_until=attempt.started_at + rules.PAGE_OPEN_FOR,
    )
    try:
        started = provider_of(attempt.provider).start(request)
    except ProviderUnreachableError as fault:
        raise ProviderUnavailable(way=Way(attempt.way)) from fault
    except PayerUnknownError as fault:
        if not _end_for_nobody(attempt, str(fault), at=at):
            raise ProviderUnavailable(way=Way(attempt.way)) from fault
        raise PayerNotThere(way=Way(attempt.way)) from fault
    noted = _note_started(request, started, at=at)
    if noted.state == AttemptState.UNKNOWN:
        raise ProviderUnavailable(way=Way(attempt.way))
    return noted


def _end_for_nobody(asked: Attempt, reason: str, *, at: datetime) -> bool:
    """No telephone rang for this number.

    If an earlier start went through all the same, or the number was corrected meanwhile, the attempt goes on, and this says False.
    """
    _ask(asked, at=at)
    with transaction.atomic():
        _, attempt = lock(asked.reference)
        if attempt.state != AttemptState.OPEN or attempt.is_begun or attempt.payer_mobile != asked.payer_mobile:
            return False
        settle(attempt.reference, Outcome(Told.DECLINED, reason=reason), by=LOOKER, at=at)
    return True


@transaction.atomic
def _note_started(request: Request, started: Started, *, at: datetime) -> Attempt:
    charge, attempt = lock(request.reference)
    attempt.provider_payment_id, attempt.redirect_url = started.payment_id, started.redirect_url
    attempt.expires_at = started.expires_at
    if attempt.state in (AttemptState.OPEN, AttemptState.EXPIRED):
        # Whichever was asked in the end, if two were typed at once; of one that was decided meanwhile the telephone stays forgotten.
        attempt.payer_mobile = request.payer_mobile
    if attempt.state == AttemptState.EXPIRED:
        _revive(charge, attempt, at=at)
    attempt.save(
        update_fields=[
            "provider_payment_id", "redirect_url", "expires_at", "payer_mobile", "state", "settled_at", "next_look_at"
        ]
    )  # fmt: skip
    return attempt


def _revive(charge: Charge, attempt: Attempt, *, at: datetime) -> None:
    """Given up as unheard of while its start was on the way: it can be paid now, so it is asked about until it is decided.

    Beside another open attempt it cannot be shown to the payer as well; then it is only watched.
    """
    others = Attempt.objects.filter(charge=charge, way=attempt.way, state=AttemptState.OPEN)
    attempt.state = AttemptState.UNKNOWN if others.exists() else AttemptState.OPEN
    attempt.settled_at, attempt.next_look_at = None, rules.next_look_at(0, at=at)
    audit.write("payments.attempt_revived", about=attempt.reference, by=LOOKER, at=at, charge=charge.reference)


def _free_code(way: Way) -> str:
    """A code that waits for nobody else. The unique constraint guards the instant between looking and writing.

    A transfer may come long after its fee ended, so its code is never given twice; eight digits for a counter are too few for that.
    """
    for _ in range(CODE_TRIES_MAX):
        if way == Way.TRANSFER:
            code, taken = creditor_reference.make(f"{secrets.randbelow(10**10):010d}"), Attempt.objects.all()
        else:
            code = rules.cash_code(f"{secrets.randbelow(10**7):07d}")
            taken = Attempt.objects.filter(state=AttemptState.OPEN)
        if not taken.filter(pay_code=code).exists():
            return code
    raise RuntimeError("no free code found: too many wait, lengthen them")
