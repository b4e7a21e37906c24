"""What a provider's or a cashier's word does: a receipt, or money that goes back. The charge is locked first, always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import postings, rules
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.actions.charges import close_codes
from hukumati.domain.payments.actions.refunds import promise_back
from hukumati.domain.payments.facts import AttemptState, ChargeState, NoticeOutcome
from hukumati.domain.payments.models import Attempt, Charge, Notice, Receipt
from hukumati.infra.audit import api as audit
from hukumati.infra.outbox import api as outbox
from hukumati.kernel.money import MINOR_DIGITS, Money

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payments.ports import Outcome
    from hukumati.kernel.actor import Actor


@transaction.atomic
def settle(attempt_reference: str, said: Outcome, *, by: Actor, at: datetime) -> None:
    """Write down what the provider said when it was asked. Saying it twice, or late, or out of order changes nothing more."""
    charge, attempt = lock(attempt_reference)
    asked = rules.Asked(
        attempt.reference,
        Money(attempt.amount_minor, attempt.currency),
        AttemptState(attempt.state),
        suspended=attempt.suspended_at is not None,
    )
    match rules.judge(asked, said):
        case rules.Verdict.NOTE_PAID:
            _note_paid(charge, attempt, said, by=by, at=at)
        case rules.Verdict.NOTE_ENDED:
            _note_ended(attempt, said, by=by, at=at)
        case rules.Verdict.SUSPEND:
            _suspend(charge, attempt, said, by=by, at=at)
        case rules.Verdict.KEEP_WAITING:
            note_waiting(attempt, said, by=by, at=at)
    waiting = Notice.objects.filter(about=attempt.reference, outcome=NoticeOutcome.WAITING)
    waiting.update(outcome=NoticeOutcome.APPLIED, decided_at=at)


def lock(attempt_reference: str) -> tuple[Charge, Attempt]:
    """The charge, then the attempt: whoever pays this charge by any way waits here for the others."""
    charge = Charge.objects.locked().get(attempts__reference=attempt_reference)
    return charge, Attempt.objects.locked().get(reference=attempt_reference)


def confirm(
    charge: Charge,
    attempt: Attempt,
    *,
    into: str,
    paid_at: datetime,
    by: Actor,
    at: datetime,
    drawer: str = "",
) -> Receipt:
    """The charge is paid: ledger, receipt, event and audit together. Needs the locks of `lock`."""
    posting = ledger.post(
        charge.reference,
        postings.paid_lines(charge.facts().lines, into=into, case=charge.about),
        kind="charge_confirmed",
        at=at,
    )
    reference = numbers.reference("R", at=at)
    charge.state, charge.paid_at, charge.receipt_reference = ChargeState.PAID, paid_at, reference
    charge.save(update_fields=["state", "paid_at", "receipt_reference"])
    close_codes(charge, AttemptState.CANCELLED, at=at)
    audit.write(
        "payments.charge_confirmed",
        about=charge.reference,
        by=by,
        at=at,
        case=charge.about,
        receipt=reference,
        posting=posting,
    )
    outbox.publish("payments.charge_confirmed", about=charge.about, at=at, charge=charge.reference, receipt=reference)
    year, number = numbers.next_receipt_number(at=at)
    return Receipt.objects.create(
        reference=reference,
        year=year,
        number=number,
        charge=charge,
        attempt=attempt,
        posting_reference=posting,
        office=by.office if drawer else "",
        drawer_reference=drawer,
        paid_at=paid_at,
        issued_at=at,
    )


def _note_paid(charge: Charge, attempt: Attempt, said: Outcome, *, by: Actor, at: datetime) -> None:
    attempt.card_last_four = said.card_last_four
    _note_state(attempt, AttemptState.PAID, said, at=at)
    audit.write("payments.attempt_paid", about=attempt.reference, by=by, at=at, charge=charge.reference)
    into = postings.provider_account(attempt.provider)
    if charge.state == ChargeState.OPEN:
        confirm(charge, attempt, into=into, paid_at=said.paid_at or at, by=by, at=at)
    else:
        promise_back(
            charge, attempt, cause=rules.cause_of_refund(ChargeState(charge.state)), lies_in=into, by=by, at=at
        )


def _note_ended(attempt: Attempt, said: Outcome, *, by: Actor, at: datetime) -> None:
    state = rules.ENDED[said.told]
    _note_state(attempt, state, said, at=at)
    audit.write(f"payments.attempt_{state}", about=attempt.reference, by=by, at=at, reason=said.reason)


def _suspend(charge: Charge, attempt: Attempt, said: Outcome, *, by: Actor, at: datetime) -> None:
    """The provider holds money that does not fit: it stands in suspense until a person decides, and nobody gets a receipt."""
    attempt.suspended_at = at
    _note_state(attempt, AttemptState.UNKNOWN, said, at=at)
    figures = {"amount": said.amount_minor, "currency": said.currency[:8], "asked": attempt.amount_minor}
    audit.write("payments.attempt_suspended", about=attempt.reference, by=by, at=at, charge=charge.reference, **figures)
    if said.amount_minor > 0 and said.currency in MINOR_DIGITS:
        amount = Money(said.amount_minor, said.currency)
        lines = postings.suspense_lines(amount, into=postings.provider_account(attempt.provider), case=charge.about)
        ledger.post(attempt.reference, lines, kind=postings.SUSPENDED, at=at)
    outbox.publish("payments.attempt_suspended", about=charge.about, at=at, attempt=attempt.reference)


def _note_state(attempt: Attempt, state: AttemptState, said: Outcome, *, at: datetime) -> None:
    attempt.state, attempt.reason = state, said.reason
    attempt.provider_payment_id = attempt.provider_payment_id or said.payment_id
    attempt.settled_at, attempt.looked_at, attempt.next_look_at = at, at, None
    attempt.payer_mobile = rules.forgotten_mobile(attempt.payer_mobile)
    attempt.save(
        update_fields=[
            "state", "reason", "provider_payment_id", "settled_at", "looked_at", "next_look_at", "card_last_four", "suspended_at",
            "payer_mobile",
        ]
    )  # fmt: skip


def note_waiting(attempt: Attempt, said: Outcome, *, by: Actor, at: datetime) -> None:
    """Nothing is decided yet: when to ask again, or that asking is over."""
    state = rules.state_after_waiting(said.told, started_at=attempt.started_at, at=at)
    attempt.looks += 1
    attempt.looked_at = at
    attempt.provider_payment_id = attempt.provider_payment_id or said.payment_id
    attempt.redirect_url = attempt.redirect_url or said.redirect_url
    attempt.expires_at = attempt.expires_at or said.expires_at
    attempt.next_look_at = rules.next_look_at(attempt.looks, at=at)
    fields = ["looks", "looked_at", "provider_payment_id", "redirect_url", "expires_at", "next_look_at"]
    if attempt.state == AttemptState.UNKNOWN:
        attempt.next_look_at = rules.next_rare_look_at(started_at=attempt.started_at, at=at)
    if state != attempt.state and attempt.state == AttemptState.OPEN:
        attempt.state, attempt.settled_at, attempt.next_look_at = state, at, None
        if state == AttemptState.UNKNOWN:
            attempt.next_look_at = rules.next_rare_look_at(started_at=attempt.started_at, at=at)
        fields += ["state", "settled_at"]
        audit.write(f"payments.attempt_{state}", about=attempt.reference, by=by, at=at, reason=said.told)
    attempt.save(update_fields=fields)
