"""Cash at a counter: a drawer that answers for every note in it, from float to count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hukumati.domain.identity import api as identity
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import postings, rules
from hukumati.domain.payments.actions import numbers
from hukumati.domain.payments.actions.refund_codes import try_code
from hukumati.domain.payments.actions.refunds import settle_paid_out
from hukumati.domain.payments.actions.settlement import confirm, lock
from hukumati.domain.payments.facts import AttemptState, DrawerState, RefundState, Way
from hukumati.domain.payments.models import Attempt, Drawer, Receipt, Refund, Slip
from hukumati.domain.payments.offers import require_way
from hukumati.domain.payments.queries import get_refund, receipt_facts
from hukumati.domain.payments.refusals import (
    CashCodeUnknown,
    CashierOnly,
    CountInvalid,
    DrawerAlreadyOpen,
    DrawerClosed,
    DrawerNotFound,
    DrawerTooEmpty,
    RefundByYourself,
    RefundNotForCash,
    SlipsNotCounted,
)
from hukumati.domain.payments.ways import back_in_cash
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind
from hukumati.kernel.money import Money

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payments.facts import DrawerFacts, ReceiptFacts, RefundFacts
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.refusal import Refused

CASHIER = "cashier"


@transaction.atomic
def open_drawer(*, office: str, float_minor: int, by: Actor, at: datetime) -> DrawerFacts:
    """Begin a cashier's day with the change that the office gave. Refuses with CashierOnly, DrawerAlreadyOpen, CountInvalid."""
    _require_cashier(by)
    if not 0 <= float_minor <= rules.DRAWER_MINOR_MAX:
        raise CountInvalid
    reference = numbers.reference("S", at=at)
    try:
        with transaction.atomic():
            drawer = Drawer.objects.create(
                reference=reference, cashier=by.id, office=office, float_minor=float_minor, opened_at=at
            )
    except IntegrityError as fault:
        raise DrawerAlreadyOpen(drawer=Drawer.objects.get(cashier=by.id, state=DrawerState.OPEN).reference) from fault
    if float_minor:
        ledger.post(
            reference,
            postings.float_lines(Money(float_minor), drawer=reference, office=office),
            kind="drawer_opened",
            at=at,
        )
    audit.write("payments.drawer_opened", about=reference, by=by, at=at, office=office, floated=float_minor)
    return drawer.facts()


@transaction.atomic
def take_cash(code: str, *, drawer: str, by: Actor, at: datetime) -> ReceiptFacts:
    """Take the exact fee into the drawer; the receipt is made in the same transaction. The same press twice gives the same receipt.

    Refuses with CashCodeMalformed, CashCodeUnknown, FeeAlreadyPaid, ChargeVoid, ChargeExpired, WayClosed, CashierOnly, DrawerNotFound, DrawerClosed.
    """
    found = find_by_code(rules.parse_cash_code(code))
    charge, attempt = lock(found.reference)
    till = own_open_drawer(drawer, by=by)
    done = Receipt.objects.filter(attempt=attempt, drawer_reference=till.reference).first()
    if done is not None:
        return receipt_facts(done)
    owed = charge.facts()
    rules.require_payable(owed, at=at)
    require_way(owed, Way(attempt.way), at=at)
    if attempt.state != AttemptState.OPEN:
        raise CashCodeUnknown
    attempt.state, attempt.settled_at = AttemptState.PAID, at
    attempt.save(update_fields=["state", "settled_at"])
    into = postings.drawer_account(till.reference)
    receipt = confirm(charge, attempt, into=into, paid_at=at, by=by, at=at, drawer=till.reference)
    audit.write(
        "payments.cash_taken", about=receipt.reference, by=by, at=at, drawer=till.reference, amount=charge.total_minor
    )
    return receipt_facts(receipt)


@transaction.atomic
def close_drawer(
    drawer: str, *, counted: Money, by: Actor, at: datetime, slips_counted: Money | None = None
) -> DrawerFacts:
    """End the day by a count. What the count lacks or has beyond the ledger is posted, by the drawer's name, never smoothed over.

    `slips_counted` is the terminal's own total, when slips were entered: what differs stands on record, and the acquirer's list decides it.
    Refuses with CashierOnly, DrawerNotFound, DrawerClosed, CountInvalid, SlipsNotCounted.
    """
    till = own_open_drawer(drawer, by=by)
    if counted.currency != till.currency or not 0 <= counted.amount_minor <= rules.DRAWER_MINOR_MAX:
        raise CountInvalid
    _count_slips(till, slips_counted)
    expected = ledger.balance(postings.drawer_account(till.reference), till.currency)
    variance = counted - expected
    if variance:
        ledger.post(
            till.reference, postings.variance_lines(variance, drawer=till.reference), kind="drawer_counted", at=at
        )
    till.state, till.closed_at = DrawerState.CLOSED, at
    till.counted_minor, till.expected_minor = counted.amount_minor, expected.amount_minor
    till.save(
        update_fields=["state", "closed_at", "counted_minor", "expected_minor", "slips_minor", "slips_counted_minor"]
    )
    told = {"counted": counted.amount_minor, "variance": variance.amount_minor}
    if till.slips_minor is not None and till.slips_counted_minor is not None:
        told["slips_variance"] = till.slips_counted_minor - till.slips_minor
    audit.write("payments.drawer_closed", about=till.reference, by=by, at=at, **told)
    return till.facts()


def _count_slips(till: Drawer, counted: Money | None) -> None:
    """The terminal's own total against the slips that were entered beside this drawer."""
    slips = list(Slip.objects.filter(drawer_reference=till.reference))
    if not slips:
        return
    if counted is None:
        raise SlipsNotCounted
    if counted.currency != till.currency or abs(counted.amount_minor) > rules.DRAWER_MINOR_MAX:
        raise CountInvalid
    till.slips_minor = sum(-slip.amount_minor if slip.refund_id else slip.amount_minor for slip in slips)
    till.slips_counted_minor = counted.amount_minor


def pay_out_refund(refund_reference: str, *, code: str, drawer: str, by: Actor, at: datetime) -> RefundFacts:
    """Give cash back that came as cash, out of this drawer, to the payer who has the code and shows an identity card. Twice is once.

    Refuses with RefundNotFound, RefundNotForCash, RefundByYourself, DrawerTooEmpty, RefundCodeWrong, RefundCodeDead, CashierOnly,
    DrawerNotFound, DrawerClosed.
    """
    outcome = _pay_out(refund_reference, code, drawer=drawer, by=by, at=at)
    if isinstance(
        outcome, Exception
    ):  # only after its transaction: raised inside, the counted try would be rolled back
        raise outcome
    return outcome


@transaction.atomic
def _pay_out(refund_reference: str, code: str, *, drawer: str, by: Actor, at: datetime) -> RefundFacts | Refused:
    row = Refund.objects.locked().filter(reference=get_refund(refund_reference).reference).get()
    till = own_open_drawer(drawer, by=by)
    if row.state == RefundState.CONFIRMED and row.drawer_reference == till.reference:
        return row.facts()
    require_payable_out(row, by=by)
    amount = Money(row.amount_minor, row.currency)
    if row.currency != till.currency or ledger.balance(postings.drawer_account(till.reference), till.currency) < amount:
        raise DrawerTooEmpty(amount=amount)
    wrong = try_code(row, code, by=by, at=at)
    if wrong is not None:
        return wrong
    settle_paid_out(row, drawer=till.reference, by=by, at=at)
    return row.facts()


def require_payable_out(row: Refund, *, by: Actor) -> None:
    """Two employees stand behind cash that goes back: who promised it does not hand it over."""
    if not back_in_cash(row.attempt.way) or row.state != RefundState.PROMISED:
        raise RefundNotForCash(refund=row.reference)
    if identity.is_same_person(row.promised_by.partition(":")[2], by.id):
        raise RefundByYourself(refund=row.reference)


def find_by_code(code: str) -> Attempt:
    """The attempt that this code stands for: the waiting one, or else the last that had it. Refuses with CashCodeUnknown."""
    known = Attempt.objects.filter(way=Way.CASH, pay_code=code).order_by("-started_at", "-pk")
    found = known.filter(state=AttemptState.OPEN).first() or known.first()
    if found is None:
        raise CashCodeUnknown
    return found


def own_open_drawer(reference: str, *, by: Actor) -> Drawer:
    """The drawer, locked. Refuses with CashierOnly, DrawerNotFound, DrawerClosed."""
    _require_cashier(by)
    drawer = Drawer.objects.locked().filter(reference=reference).first()
    if drawer is None or drawer.cashier != by.id:
        raise DrawerNotFound
    if drawer.state != DrawerState.OPEN:
        raise DrawerClosed(drawer=reference)
    return drawer


def _require_cashier(by: Actor) -> None:
    if by.kind != ActorKind.STAFF or CASHIER not in by.roles:
        raise CashierOnly
