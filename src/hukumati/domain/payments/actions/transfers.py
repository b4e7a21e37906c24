"""A transfer that names its fee: the bank has booked it, so nobody is asked whether it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.payments import rules
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.actions.refunds import promise_back
from hukumati.domain.payments.actions.settlement import confirm, lock
from hukumati.domain.payments.facts import AttemptState, ChargeState, Way
from hukumati.domain.payments.models import Attempt
from hukumati.infra.audit import api as audit

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payments.facts import AttemptFacts
    from hukumati.domain.payments.models import Charge
    from hukumati.kernel.actor import Actor


@transaction.atomic
def take_transfer(code: str, *, entry: str, into: str, by: Actor, at: datetime) -> AttemptFacts:
    """The whole of a fee came as a transfer, and lies in the account `into`. Call it once for an entry of the bank, in that entry's transaction.

    A fee that is still due is paid; what came for one that is paid, void or expired goes back. LookupError for a code that is none of ours.
    """
    asked = Attempt.objects.filter(way=Way.TRANSFER, pay_code=code).order_by("pk").first()
    if asked is None:
        raise LookupError(code)
    charge, attempt = lock(asked.reference)
    if attempt.state == AttemptState.PAID:
        attempt = _again(charge, attempt, at=at)
    else:
        attempt.state, attempt.settled_at = AttemptState.PAID, at
        attempt.save(update_fields=["state", "settled_at"])
    audit.write("payments.transfer_taken", about=attempt.reference, by=by, at=at, charge=charge.reference, entry=entry)
    if charge.state == ChargeState.OPEN:
        confirm(charge, attempt, into=into, paid_at=at, by=by, at=at)
    else:
        cause = rules.cause_of_refund(ChargeState(charge.state))
        promise_back(charge, attempt, cause=cause, lies_in=into, by=by, at=at)
    return attempt.facts()


def _again(charge: Charge, before: Attempt, *, at: datetime) -> Attempt:
    """The same order given twice: another payment, which can go back by itself."""
    return Attempt.objects.create(
        reference=numbers.reference("T", at=at),
        charge=charge,
        way=before.way,
        state=AttemptState.PAID,
        amount_minor=before.amount_minor,
        currency=before.currency,
        language=before.language,
        return_url=before.return_url,
        pay_code=before.pay_code,
        started_at=at,
        settled_at=at,
    )
