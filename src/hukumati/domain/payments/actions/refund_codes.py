"""The code that only the payer of a cash refund has: made once for its message, made anew by the payer, tried at the cash desk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from hukumati.domain.payments import rules
from hukumati.domain.payments.facts import RefundState
from hukumati.domain.payments.models import Refund
from hukumati.domain.payments.queries import get_own_refund, get_refund
from hukumati.domain.payments.refusals import RefundCodeDead, RefundCodeWrong, RefundNotForCash, TooManyRefundCodes
from hukumati.domain.payments.ways import back_at_counter
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import system
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.reference import new_pin

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.domain.payments.facts import RefundFacts
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.refusal import Refused

PAYMENTS: Final = system("payments")


@transaction.atomic
def offer_refund_code(refund_reference: str, *, at: datetime) -> RefundFacts:
    """The first code of a cash refund. The answer carries it: tell it to the payer now, it is kept only as a hash.

    Called again, or after the payer made one, it returns the refund without a code. Refuses with RefundNotFound.
    """
    row = Refund.objects.locked().filter(reference=get_refund(refund_reference).reference).get()
    if row.code_hash or not _waits_at_counter(row):
        return row.facts()
    return _make(row, by=PAYMENTS, at=at, code="payments.refund_code_made")


@transaction.atomic
def renew_refund_code(refund_reference: str, *, payer: int, by: Actor, at: datetime) -> RefundFacts:
    """A new code for the payer, shown once; the old one is dead and its wrong tries are forgotten.

    Refuses with RefundNotFound, RefundNotForCash, TooManyRefundCodes.
    """
    row = Refund.objects.locked().filter(reference=get_own_refund(refund_reference, payer=payer).reference).get()
    if not _waits_at_counter(row):
        raise RefundNotForCash(refund=row.reference)
    if row.codes_on == _day(at) and row.codes_that_day >= rules.REFUND_CODES_A_DAY_MAX:
        raise TooManyRefundCodes(codes_max=rules.REFUND_CODES_A_DAY_MAX)
    return _make(row, by=by, at=at, code="payments.refund_code_renewed")


def check_refund_code(refund_reference: str, *, code: str, by: Actor, at: datetime) -> RefundFacts:
    """Whether a code is the payer's, before a terminal gives anything back; a wrong one counts as a try. Refuses with RefundCodeWrong, RefundCodeDead."""
    wrong, facts = _checked(refund_reference, code, by=by, at=at)
    if wrong is not None:  # only after its transaction, or the counted try would be rolled back
        raise wrong
    return facts


@transaction.atomic
def _checked(refund_reference: str, code: str, *, by: Actor, at: datetime) -> tuple[Refused | None, RefundFacts]:
    row = Refund.objects.locked().filter(reference=get_refund(refund_reference).reference).get()
    return try_code(row, code, by=by, at=at), row.facts()


def try_code(row: Refund, typed: str, *, by: Actor, at: datetime) -> Refused | None:
    """What is wrong with the code, if anything. Returned and not raised, or the counted try would be rolled back. Needs the refund's lock."""
    if not row.code_hash or row.code_tries >= rules.REFUND_CODE_TRIES_MAX:
        return RefundCodeDead()
    if rules.is_refund_code(row.reference, typed, key=settings.SECRET_KEY, expected=row.code_hash):
        return None
    row.code_tries += 1
    row.save(update_fields=["code_tries"])
    audit.write("payments.refund_code_wrong", about=row.reference, by=by, at=at, tries=row.code_tries)
    left = rules.REFUND_CODE_TRIES_MAX - row.code_tries
    return RefundCodeWrong(tries_left=left) if left else RefundCodeDead()


def _make(row: Refund, *, by: Actor, at: datetime, code: str) -> RefundFacts:
    pin = new_pin(rules.REFUND_CODE_DIGITS)
    row.code_hash = rules.refund_code_hash(row.reference, pin, key=settings.SECRET_KEY)
    row.codes_that_day = row.codes_that_day + 1 if row.codes_on == _day(at) else 1
    row.codes_on, row.code_tries = _day(at), 0
    row.save(update_fields=["code_hash", "code_tries", "codes_on", "codes_that_day"])
    audit.write(code, about=row.reference, by=by, at=at)
    return replace(row.facts(), code=pin)


def _waits_at_counter(row: Refund) -> bool:
    return back_at_counter(row.attempt.way) and row.state == RefundState.PROMISED


def _day(at: datetime) -> date:
    return at.astimezone(HEBRON).date()
