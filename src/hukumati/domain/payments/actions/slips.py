"""A card at the counter: the terminal takes it, the cashier enters what its slip says, and the acquirer's list must say it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from hukumati.domain.identity import api as identity
from hukumati.domain.payments import postings, rules
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.actions.cash import find_by_code, own_open_drawer
from hukumati.domain.payments.actions.refund_codes import try_code
from hukumati.domain.payments.actions.refunds import settle_paid_out
from hukumati.domain.payments.actions.settlement import confirm, lock
from hukumati.domain.payments.facts import AttemptState, RefundState, Way
from hukumati.domain.payments.models import Attempt, Receipt, Refund, Slip
from hukumati.domain.payments.offers import require_way
from hukumati.domain.payments.queries import get_refund, receipt_facts
from hukumati.domain.payments.refusals import RefundByYourself, RefundNotForTerminal, SlipUsed, TerminalUnknown
from hukumati.domain.payments.terminals import terminals_of
from hukumati.infra.audit import api as audit

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payments.facts import ReceiptFacts, RefundFacts, SlipFacts
    from hukumati.domain.payments.models import Charge, Drawer
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.refusal import Refused

ACQUIRER: Final = "terminal"
"""The provider whose list has the terminals' payments, and in whose account they lie until they come to the bank."""


@transaction.atomic
def take_slip(code: str, slip: SlipFacts, *, drawer: str, by: Actor, at: datetime) -> ReceiptFacts:
    """The terminal has taken the exact fee: the receipt. The same slip again for the same fee gives the same receipt.

    Refuses with CashCodeMalformed, CashCodeUnknown, FeeAlreadyPaid, ChargeVoid, ChargeExpired, WayNotOffered, WayClosed, TerminalUnknown,
    SlipUsed, CashierOnly, DrawerNotFound, DrawerClosed.
    """
    found = find_by_code(rules.parse_cash_code(code))
    charge, waiting = lock(found.reference)
    till = own_open_drawer(drawer, by=by)
    _require_terminal(slip, till)
    done = Slip.objects.filter(terminal=slip.terminal, number=slip.number).select_related("attempt").first()
    if done is not None:
        return _known(done, charge, till)
    owed = charge.facts()
    rules.require_payable(owed, at=at)
    require_way(owed, Way.TERMINAL, at=at)
    attempt = Attempt.objects.create(
        reference=numbers.reference("T", at=at),
        charge=charge,
        way=Way.TERMINAL,
        state=AttemptState.PAID,
        amount_minor=charge.total_minor,
        currency=charge.currency,
        language=waiting.language,
        return_url="",
        started_at=at,
        settled_at=at,
        card_last_four=slip.card_last_four,
    )
    _keep(slip, till, charge.total_minor, attempt=attempt, by=by, at=at)
    into = postings.provider_account(ACQUIRER)
    receipt = confirm(charge, attempt, into=into, paid_at=at, by=by, at=at, drawer=till.reference)
    told = {"drawer": till.reference, "amount": charge.total_minor, "terminal": slip.terminal}
    audit.write("payments.slip_taken", about=receipt.reference, by=by, at=at, **told)
    return receipt_facts(receipt)


def _known(slip: Slip, charge: Charge, till: Drawer) -> ReceiptFacts:
    """The same press twice is one payment; a slip that stands for another is refused."""
    receipt = Receipt.objects.filter(attempt=slip.attempt, charge=charge, drawer_reference=till.reference).first()
    if receipt is None:
        raise SlipUsed
    return receipt_facts(receipt)


def give_back_on_terminal(
    refund_reference: str, slip: SlipFacts, *, code: str, drawer: str, by: Actor, at: datetime
) -> RefundFacts:
    """The terminal has given a payment back to a card, whose payer has the code and shows an identity card. Twice is once.

    Refuses with RefundNotFound, RefundNotForTerminal, RefundByYourself, RefundCodeWrong, RefundCodeDead, TerminalUnknown, SlipUsed, CashierOnly,
    DrawerNotFound, DrawerClosed.
    """
    outcome = _give_back(refund_reference, slip, code, drawer=drawer, by=by, at=at)
    if isinstance(outcome, Exception):  # only after its transaction, or the counted try would be rolled back
        raise outcome
    return outcome


@transaction.atomic
def _give_back(
    refund_reference: str, slip: SlipFacts, code: str, *, drawer: str, by: Actor, at: datetime
) -> RefundFacts | Refused:
    row = Refund.objects.locked().filter(reference=get_refund(refund_reference).reference).get()
    till = own_open_drawer(drawer, by=by)
    _require_terminal(slip, till)
    if row.attempt.way != Way.TERMINAL:
        raise RefundNotForTerminal(refund=row.reference)
    known = Slip.objects.filter(terminal=slip.terminal, number=slip.number).first()
    if known is not None and known.refund_id == row.pk and known.drawer_reference == till.reference:
        return row.facts()
    if known is not None:
        raise SlipUsed
    if row.state != RefundState.PROMISED:
        raise RefundNotForTerminal(refund=row.reference)
    if identity.is_same_person(row.promised_by.partition(":")[2], by.id):
        raise RefundByYourself(refund=row.reference)
    wrong = try_code(row, code, by=by, at=at)
    if wrong is not None:
        return wrong
    _keep(slip, till, row.amount_minor, refund=row, by=by, at=at)
    settle_paid_out(row, drawer="", by=by, at=at)
    return row.facts()


def _keep(
    slip: SlipFacts,
    till: Drawer,
    minor: int,
    *,
    by: Actor,
    at: datetime,
    attempt: Attempt | None = None,
    refund: Refund | None = None,
) -> None:
    try:
        with transaction.atomic():
            Slip.objects.create(
                terminal=slip.terminal,
                number=slip.number,
                authorisation=slip.authorisation,
                attempt=attempt,
                refund=refund,
                amount_minor=minor,
                drawer_reference=till.reference,
                entered_by=by.id,
                entered_at=at,
            )
    except IntegrityError as fault:
        raise SlipUsed from fault


def _require_terminal(slip: SlipFacts, till: Drawer) -> None:
    if slip.terminal not in terminals_of(till.office):
        raise TerminalUnknown(terminal=slip.terminal)
