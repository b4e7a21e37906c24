"""Giving back: promised in the ledger first, sent by a job, called sent only when the provider said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import postings, rules
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.facts import ChargeState, RefundCause, RefundState
from hukumati.domain.payments.models import Attempt, Charge, Receipt, Refund, RefundLine
from hukumati.domain.payments.ports import AttemptRef, ProviderUnreachableError, RefundTold
from hukumati.domain.payments.providers import provider_of
from hukumati.domain.payments.queries import held_for
from hukumati.domain.payments.refusals import ChargeNotFound, NotPaid, RefundTooLarge
from hukumati.infra.audit import api as audit
from hukumati.infra.jobs import enqueue
from hukumati.infra.outbox import api as outbox
from hukumati.kernel.actor import provider
from hukumati.kernel.money import Money

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.ledger.facts import Line
    from hukumati.domain.payments.facts import RefundFacts
    from hukumati.domain.payments.models import ChargeLine
    from hukumati.domain.payments.ports import RefundOutcome
    from hukumati.kernel.actor import Actor

SEND_JOB = "hukumati.domain.payments.jobs.send_refund"


@transaction.atomic
def refund(
    charge_reference: str,
    *,
    amount: Money,
    reason: str,
    by: Actor,
    at: datetime,
    cause: RefundCause = RefundCause.BY_STAFF,
) -> RefundFacts:
    """Promise money back to whoever paid, by the way it came. Refuses with NotPaid and RefundTooLarge.

    How much is left is read under the charge's lock, or two clerks would give the same money back twice.
    """
    charge = Charge.objects.locked().filter(reference=charge_reference).first()
    if charge is None:
        raise ChargeNotFound
    if charge.state != ChargeState.PAID:
        raise NotPaid(charge=charge_reference)
    attempt, lines, left = _paid(charge)
    whole = Money(sum(left), charge.currency)
    if amount.amount_minor <= 0 or amount.currency != charge.currency or whole < amount:
        raise RefundTooLarge(asked=amount, left=whole)
    parts = list(zip(lines, rules.split_refund(left, amount.amount_minor), strict=True))
    return _promise(charge, attempt, parts, cause=cause, reason=reason, lies_in="", by=by, at=at)


def left_to_give_back(charge: Charge) -> Money:
    """What of a paid charge has not been promised back. Needs the charge's lock."""
    _attempt, _lines, left = _paid(charge)
    return Money(sum(left), charge.currency)


def _paid(charge: Charge) -> tuple[Attempt, list[ChargeLine], list[int]]:
    """By what it was paid, its lines, and what is left of each."""
    attempt = Attempt.objects.get(pk=Receipt.objects.get(charge=charge).attempt_id)
    lines = sorted(charge.lines.all(), key=lambda line: line.position)
    return attempt, lines, _left(attempt, lines)


def promise_back(
    charge: Charge, attempt: Attempt, *, cause: RefundCause, lies_in: str, by: Actor, at: datetime
) -> RefundFacts:
    """The whole of a payment that nobody should have made goes back by itself. Needs the charge's lock."""
    parts = [(line, line.amount_minor) for line in sorted(charge.lines.all(), key=lambda line: line.position)]
    return _promise(charge, attempt, parts, cause=cause, reason="", lies_in=lies_in, by=by, at=at)


@transaction.atomic
def give_back_unasked(attempt_reference: str, *, by: Actor, at: datetime) -> RefundFacts:
    """What a provider confirmed beside what it was asked for goes back whole, out of suspense. Twice is once. Refuses with NotPaid."""
    charge = Charge.objects.locked().filter(attempts__reference=attempt_reference).first()
    if charge is None:
        raise ChargeNotFound
    attempt = Attempt.objects.locked().get(reference=attempt_reference)
    known = Refund.objects.filter(attempt=attempt, cause=RefundCause.UNASKED).first()
    if known is not None:
        return known.facts()
    held = held_for(attempt.reference)
    if attempt.suspended_at is None or held is None:
        raise NotPaid(charge=charge.reference)
    row = _create(charge, attempt, held, cause=RefundCause.UNASKED, reason="", by=by, at=at)
    return _record(row, postings.unasked_owed_lines(held, case=charge.about), by=by, at=at)


def send_refund(refund_reference: str, *, at: datetime) -> None:
    """Ask the provider, outside any transaction. A lost answer is found by asking again with the same reference."""
    row = Refund.objects.select_related("attempt", "charge").get(reference=refund_reference)
    if row.state not in (RefundState.PROMISED, RefundState.SENT) or not row.attempt.provider:
        return
    try:
        desk = provider_of(row.attempt.provider)
        if row.provider_refund_id:
            said = desk.look_up_refund(row.provider_refund_id)
        else:
            attempt = AttemptRef(
                row.attempt.reference, row.attempt.provider_payment_id, row.attempt.provider_capture_id
            )
            said = desk.refund(attempt, amount=Money(row.amount_minor, row.currency), refund_reference=row.reference)
    except ProviderUnreachableError:
        ask_again(refund_reference, at=at)
        return
    settle_refund(refund_reference, said, by=provider(row.attempt.provider), at=at)


@transaction.atomic
def settle_refund(refund_reference: str, said: RefundOutcome, *, by: Actor, at: datetime) -> None:
    """Write down what the provider said. Twice, late or out of order changes nothing more."""
    row = Refund.objects.locked().get(reference=refund_reference)
    if row.state in (RefundState.CONFIRMED, RefundState.FAILED):
        return
    if said.told != RefundTold.FAILED and (said.refund_reference, said.amount_minor) != (
        row.reference,
        row.amount_minor,
    ):
        audit.write("payments.refund_word_differs", about=row.reference, by=by, at=at, said=said.amount_minor)
        _schedule(row, at=at)
        return
    row.provider_refund_id = row.provider_refund_id or said.refund_id
    if row.state == RefundState.PROMISED and said.told != RefundTold.FAILED:
        _note_sent(row, by=by, at=at)
    if said.told == RefundTold.CONFIRMED:
        _note_confirmed(row, by=by, at=at)
    elif said.told == RefundTold.FAILED:
        _note_failed(row, said, by=by, at=at)
    else:
        _schedule(row, at=at)


@transaction.atomic
def ask_again(refund_reference: str, *, at: datetime) -> None:
    """Nothing is known yet: the sweep will ask, ever more rarely."""
    row = Refund.objects.locked().get(reference=refund_reference)
    if row.state in (RefundState.PROMISED, RefundState.SENT):
        _schedule(row, at=at)


def _promise(
    charge: Charge,
    attempt: Attempt,
    parts: list[tuple[ChargeLine, int]],
    *,
    cause: RefundCause,
    reason: str,
    lies_in: str,
    by: Actor,
    at: datetime,
) -> RefundFacts:
    amount = Money(sum(minor for _, minor in parts), charge.currency)
    row = _create(charge, attempt, amount, cause=cause, reason=reason, by=by, at=at)
    RefundLine.objects.bulk_create(
        [RefundLine(refund=row, charge_line=line, amount_minor=minor) for line, minor in parts if minor]
    )
    plain = [(line.facts(charge.currency), minor) for line, minor in parts]
    return _record(row, postings.owed_back_lines(plain, case=charge.about, out_of=lies_in), by=by, at=at)


def _create(
    charge: Charge, attempt: Attempt, amount: Money, *, cause: RefundCause, reason: str, by: Actor, at: datetime
) -> Refund:
    return Refund.objects.create(
        reference=numbers.reference("F", at=at),
        charge=charge,
        attempt=attempt,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        cause=cause,
        reason=reason,
        promised_by=by.label,
        promised_at=at,
        next_ask_at=rules.next_look_at(0, at=at) if attempt.provider else None,
    )


def _record(row: Refund, owed: list[Line], *, by: Actor, at: datetime) -> RefundFacts:
    """In the ledger, on record, told, and on its way."""
    ledger.post(row.reference, owed, kind="refund_promised", at=at)
    told = {"charge": row.charge.reference, "amount": row.amount_minor, "cause": row.cause}
    audit.write("payments.refund_promised", about=row.reference, by=by, at=at, **told)
    _tell("payments.refund_promised", row, at=at)
    if row.attempt.provider:
        enqueue(SEND_JOB, refund=row.reference)
    return row.facts()


def _tell(event: str, row: Refund, *, at: datetime) -> None:
    outbox.publish(event, about=row.charge.about, at=at, charge=row.charge.reference, refund=row.reference)


def _left(attempt: Attempt, lines: list[ChargeLine]) -> list[int]:
    """What is left of each line after all that was promised of this payment."""
    gone: dict[int, int] = {}
    for part in RefundLine.objects.filter(refund__attempt=attempt):
        gone[part.charge_line_id] = gone.get(part.charge_line_id, 0) + part.amount_minor
    return [line.amount_minor - gone.get(line.pk, 0) for line in lines]


def _note_sent(row: Refund, *, by: Actor, at: datetime) -> None:
    row.state, row.sent_at = RefundState.SENT, at
    row.save(update_fields=["state", "sent_at", "provider_refund_id"])
    audit.write("payments.refund_sent", about=row.reference, by=by, at=at, charge=row.charge.reference)
    _tell("payments.refund_sent", row, at=at)


def _note_confirmed(row: Refund, *, by: Actor, at: datetime) -> None:
    ledger.post(row.reference, _gone(row), kind="refund_confirmed", at=at)
    _end(row, RefundState.CONFIRMED, at=at)
    audit.write("payments.refund_confirmed", about=row.reference, by=by, at=at, charge=row.charge.reference)
    _tell("payments.refund_confirmed", row, at=at)


def _gone(row: Refund) -> list[Line]:
    drawer, case = row.drawer_reference, row.charge.about
    out_of = postings.drawer_account(drawer) if drawer else postings.provider_account(_holder(row.attempt))
    if row.cause == RefundCause.UNASKED:
        return postings.unasked_gone_lines(Money(row.amount_minor, row.currency), case=case, out_of=out_of)
    parts = [(part.charge_line.facts(row.currency), part.amount_minor) for part in _parts(row)]
    return postings.gone_back_lines(parts, case=case, out_of=out_of)


def _holder(attempt: Attempt) -> str:
    """With whom a payment lies that lies in no drawer: its provider, or the acquirer of the terminals."""
    return attempt.provider or attempt.way


def _note_failed(row: Refund, said: RefundOutcome, *, by: Actor, at: datetime) -> None:
    """The money is still owed: it stays in refunds_payable until a person finds another way."""
    _end(row, RefundState.FAILED, at=at)
    audit.write(
        "payments.refund_failed", about=row.reference, by=by, at=at, charge=row.charge.reference, reason=said.reason
    )
    _tell("payments.refund_failed", row, at=at)


def _end(row: Refund, state: RefundState, *, at: datetime) -> None:
    row.state, row.settled_at, row.next_ask_at = state, at, None
    row.save(update_fields=["state", "settled_at", "next_ask_at", "provider_refund_id"])


def _schedule(row: Refund, *, at: datetime) -> None:
    row.asks += 1
    row.next_ask_at = rules.next_look_at(row.asks, at=at)
    row.save(update_fields=["asks", "next_ask_at", "provider_refund_id"])


def settle_paid_out(row: Refund, *, drawer: str, by: Actor, at: datetime) -> None:
    """Cash left this drawer for it. Needs the locks of refund and drawer."""
    row.drawer_reference = drawer
    row.save(update_fields=["drawer_reference"])
    _note_sent(row, by=by, at=at)
    _note_confirmed(row, by=by, at=at)


def _parts(row: Refund) -> list[RefundLine]:
    return list(RefundLine.objects.filter(refund=row).select_related("charge_line").order_by("charge_line__position"))
