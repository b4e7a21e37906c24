"""Reads of payments. Outside gets facts; a citizen's page gets only what is the citizen's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import postings, rules
from hukumati.domain.payments.facts import (
    AttemptState,
    ChargeState,
    DrawerState,
    NoticeFacts,
    NoticeOutcome,
    ReceiptFacts,
    RefundState,
    SuspendedFacts,
    Way,
)
from hukumati.domain.payments.models import Attempt, Charge, Drawer, Notice, Receipt, Refund, RefundProposal, Slip
from hukumati.domain.payments.refusals import (
    CashCodeUnknown,
    ChargeNotFound,
    DrawerNotFound,
    ReceiptNotFound,
    RefundNotFound,
    RefundProposalNotFound,
)
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from hukumati.domain.payments.facts import AttemptFacts, ChargeFacts, DrawerFacts, RefundFacts, RefundProposalFacts

LISTED_MAX = 200


def get_charge(reference: str) -> ChargeFacts:
    """The charge, for the State's own use. Refuses with ChargeNotFound."""
    return _one(_charges().filter(reference=_plain(reference)))


def get_own_charge(reference: str, *, payer: int) -> ChargeFacts:
    """The charge, if this account owes it; another's is not found. Refuses with ChargeNotFound."""
    return _one(_charges().filter(reference=_plain(reference), payer_id=payer))


def find_open_charge(about: str) -> ChargeFacts | None:
    """What is still to be paid for a case."""
    charge = _charges().filter(about=about, state=ChargeState.OPEN).first()
    return charge.facts() if charge else None


def list_charges(about: str) -> list[ChargeFacts]:
    """Every charge of a case, oldest first."""
    return [charge.facts() for charge in _charges().filter(about=about).order_by("raised_at", "pk")[:LISTED_MAX]]


def find_last_attempt(charge_reference: str, *, way: Way | None = None) -> AttemptFacts | None:
    """The latest try to pay at a provider, or the latest of one way."""
    tries = _attempts().filter(charge__reference=charge_reference).exclude(provider="")
    tries = tries.filter(way=way) if way else tries
    attempt = tries.order_by("-started_at", "-pk").first()
    return attempt.facts() if attempt else None


def list_attempts(charge_reference: str) -> list[AttemptFacts]:
    """Every try to pay a charge, oldest first."""
    tries = _attempts().filter(charge__reference=charge_reference).order_by("started_at", "pk")
    return [attempt.facts() for attempt in tries[:LISTED_MAX]]


def list_attempts_due(*, at: datetime) -> list[str]:
    """Undecided attempts whose provider should be asked now, longest waiting first."""
    due = Attempt.objects.filter(next_look_at__lte=at).order_by("next_look_at")
    return list(due.values_list("reference", flat=True)[:LISTED_MAX])


def list_refunds_due(*, at: datetime) -> list[str]:
    """Refunds to ask after now, longest waiting first."""
    due = Refund.objects.filter(next_ask_at__lte=at).order_by("next_ask_at")
    return list(due.values_list("reference", flat=True)[:LISTED_MAX])


def get_receipt(reference: str) -> ReceiptFacts:
    """The receipt, for the State's own use. Refuses with ReceiptNotFound."""
    return _receipt(Receipt.objects.filter(reference=_plain(reference)))


def get_own_receipt(reference: str, *, payer: int) -> ReceiptFacts:
    """The receipt, if this account paid; another's is not found. Refuses with ReceiptNotFound."""
    return _receipt(Receipt.objects.filter(reference=_plain(reference), charge__payer_id=payer))


def get_refund(reference: str) -> RefundFacts:
    """One refund, for the State's own use. Refuses with RefundNotFound."""
    refund = Refund.objects.filter(reference=_plain(reference)).select_related("charge", "attempt").first()
    if refund is None:
        raise RefundNotFound
    return refund.facts()


def get_own_refund(reference: str, *, payer: int) -> RefundFacts:
    """The refund, if this account paid; another's is not found. Refuses with RefundNotFound."""
    own = (
        Refund.objects.filter(reference=_plain(reference), charge__payer_id=payer)
        .select_related("charge", "attempt")
        .first()
    )
    if own is None:
        raise RefundNotFound
    return own.facts()


def list_pay_outs(drawer: str) -> list[RefundFacts]:
    """Refunds that were paid out of a drawer, latest first."""
    paid = Refund.objects.filter(drawer_reference=drawer).select_related("charge", "attempt").order_by("-settled_at")
    return [refund.facts() for refund in paid[:LISTED_MAX]]


def list_refunds(charge_reference: str) -> list[RefundFacts]:
    """Everything that was promised back for a charge, oldest first."""
    promised = Refund.objects.filter(charge__reference=charge_reference).select_related("charge", "attempt")
    return [refund.facts() for refund in promised.order_by("promised_at", "pk")[:LISTED_MAX]]


def find_charge_by_cash_code(code: str, *, at: datetime) -> ChargeFacts:
    """What a citizen at the counter came to pay. Refuses with CashCodeMalformed, CashCodeUnknown, FeeAlreadyPaid, ChargeVoid, ChargeExpired."""
    digits = rules.parse_cash_code(code)
    known = Attempt.objects.filter(way=Way.CASH, pay_code=digits).order_by("-started_at", "-pk")
    attempt = known.filter(state="open").first() or known.first()
    if attempt is None:
        raise CashCodeUnknown
    charge = _charges().get(pk=attempt.charge_id).facts()
    rules.require_payable(charge, at=at)
    return charge


def list_transfers_asked(codes: Collection[str]) -> dict[str, Money]:
    """Of these codes of transfers those that are ours, and what was asked for with each."""
    asked = Attempt.objects.filter(way=Way.TRANSFER, pay_code__in=list(codes))
    return {
        code: Money(minor, currency)
        for code, minor, currency in asked.values_list("pay_code", "amount_minor", "currency")
    }


def find_open_drawer(cashier: str) -> DrawerFacts | None:
    """The drawer that this cashier has open."""
    drawer = Drawer.objects.filter(cashier=cashier, state=DrawerState.OPEN).first()
    return drawer.facts() if drawer else None


def get_own_drawer(reference: str, *, cashier: str) -> DrawerFacts:
    """One's own drawer, open or closed. Refuses with DrawerNotFound."""
    drawer = Drawer.objects.filter(reference=_plain(reference), cashier=cashier).first()
    if drawer is None:
        raise DrawerNotFound
    return drawer.facts()


def list_drawers(cashier: str) -> list[DrawerFacts]:
    """This cashier's drawers, latest first."""
    return [drawer.facts() for drawer in Drawer.objects.filter(cashier=cashier).order_by("-opened_at")[:LISTED_MAX]]


def list_takings(drawer: str) -> list[ReceiptFacts]:
    """What came into a drawer, latest first."""
    taken = Receipt.objects.filter(drawer_reference=drawer).select_related("charge", "attempt").order_by("-number")
    return [receipt_facts(receipt) for receipt in taken.prefetch_related("charge__lines")[:LISTED_MAX]]


def get_taking(receipt: str, *, cashier: str) -> ReceiptFacts:
    """A receipt for cash that this cashier took. Refuses with ReceiptNotFound."""
    own = Drawer.objects.filter(cashier=cashier).values("reference")
    return _receipt(Receipt.objects.filter(reference=_plain(receipt), drawer_reference__in=own))


def list_refund_proposals(*, limit: int = LISTED_MAX) -> list[RefundProposalFacts]:
    """What waits for its second person, oldest first."""
    rows = RefundProposal.objects.filter(decision="").select_related("charge", "refund").order_by("proposed_at", "pk")
    return [row.facts() for row in rows[:limit]]


def list_decided_proposals(*, limit: int = 20) -> list[RefundProposalFacts]:
    """Decided lately, latest first."""
    rows = RefundProposal.objects.exclude(decision="").select_related("charge", "refund").order_by("-decided_at")
    return [row.facts() for row in rows[:limit]]


def get_refund_proposal(reference: str) -> RefundProposalFacts:
    """Refuses with RefundProposalNotFound."""
    row = RefundProposal.objects.filter(reference=_plain(reference)).select_related("charge", "refund").first()
    if row is None:
        raise RefundProposalNotFound
    return row.facts()


def find_refund_proposal(charge_reference: str) -> RefundProposalFacts | None:
    """The proposal about this charge that waits for its second person."""
    rows = RefundProposal.objects.filter(charge__reference=_plain(charge_reference), decision="")
    row = rows.select_related("charge", "refund").first()
    return row.facts() if row else None


def get_left_to_give_back(charge_reference: str) -> Money:
    """What of a charge could still go back, as it stands now; nothing when it is not paid. The verb looks again under its lock."""
    charge = Charge.objects.filter(reference=_plain(charge_reference), state=ChargeState.PAID).first()
    if charge is None:
        return Money(0)
    promised = Refund.objects.filter(charge=charge, attempt__in=Receipt.objects.filter(charge=charge).values("attempt"))
    gone = promised.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return Money(charge.total_minor - gone, charge.currency)


def list_held(payments: Sequence[str], refunds: Sequence[str]) -> dict[tuple[str, str], Money]:
    """Of these attempts and refunds, those that we hold for paid or for given back: ("payment" or "refund", reference) and the amount."""
    paid = Attempt.objects.filter(reference__in=payments, state=AttemptState.PAID)
    gone = Refund.objects.filter(reference__in=refunds, state=RefundState.CONFIRMED)
    held = {}
    for kind, rows in (("payment", paid), ("refund", gone)):
        for reference, minor, currency in rows.values_list("reference", "amount_minor", "currency").iterator():
            held[kind, reference] = Money(minor, currency)
    return held


def list_paid_between(provider: str, first: datetime, last: datetime) -> Iterator[tuple[str, Money]]:
    """What we hold for paid at this provider, from one moment until before another, without holding all of them."""
    paid = Attempt.objects.filter(state=AttemptState.PAID, settled_at__gte=first, settled_at__lt=last)
    paid = paid.filter(provider="", way=provider) if provider == Way.TERMINAL else paid.filter(provider=provider)
    for reference, minor, currency in paid.values_list("reference", "amount_minor", "currency").iterator():
        yield reference, Money(minor, currency)


def list_undecided(*, before: datetime) -> Iterator[tuple[str, str, Money]]:
    """Payments begun before a moment of which their provider still does not say how they ended: reference, provider, what was asked."""
    rows = Attempt.objects.filter(state=AttemptState.UNKNOWN, suspended_at__isnull=True, started_at__lt=before)
    for row in rows.exclude(provider="").order_by("pk").iterator():
        yield row.reference, row.provider, Money(row.amount_minor, row.currency)


def list_slow_refunds(*, before: datetime) -> Iterator[tuple[str, str, Money]]:
    """Refunds promised before a moment that their provider has neither confirmed nor refused: reference, provider, sum."""
    rows = Refund.objects.filter(state__in=[RefundState.PROMISED, RefundState.SENT], promised_at__lt=before)
    for row in rows.exclude(attempt__provider="").select_related("attempt").order_by("pk").iterator():
        yield row.reference, row.attempt.provider, Money(row.amount_minor, row.currency)


def list_slips(names: Sequence[str]) -> dict[str, str]:
    """Slips of terminals by the names that an acquirer gives them (`terminal-number`), and the payment or refund that each stands for."""
    parts = [name.partition("-")[::2] for name in names]
    rows = Slip.objects.filter(number__in=[number for _terminal, number in parts]).select_related("attempt", "refund")
    told = {row.name: row.attempt or row.refund for row in rows}
    return {name: stands_for.reference for name, stands_for in told.items() if stands_for is not None}


def list_slips_of(drawer: str) -> list[tuple[str, Money, bool]]:
    """The slips that were entered beside a drawer: name, sum, and whether it went back; latest first."""
    rows = Slip.objects.filter(drawer_reference=drawer).order_by("-pk")[:LISTED_MAX]
    return [(row.name, Money(row.amount_minor), row.refund_id is not None) for row in rows]


def list_suspended(*, without: Collection[str] = ()) -> Iterator[SuspendedFacts]:
    """Payments that wait for a person, or waited: what the provider says is not what was asked. Oldest first, less those in `without`."""
    rows = Attempt.objects.filter(suspended_at__isnull=False).exclude(reference__in=list(without))
    for row in rows.select_related("charge").order_by("suspended_at", "pk"):
        asked = Money(row.amount_minor, row.currency)
        yield SuspendedFacts(row.reference, row.charge.reference, row.provider, asked, held_for(row.reference))


def held_for(attempt_reference: str) -> Money | None:
    """What came into suspense by this attempt; None when nothing did."""
    posting = ledger.find_posting(attempt_reference, kind=postings.SUSPENDED)
    lines = posting.lines if posting else ()
    return next((-line.amount for line in lines if line.account == postings.SUSPENSE), None)


def list_closed_drawers(references: Sequence[str]) -> list[DrawerFacts]:
    """Those of these drawers that are closed: an open drawer's cash is not at a bank. What cannot be a reference is none."""
    plain = [reference for reference in references if is_reference(reference)]
    closed = Drawer.objects.filter(reference__in=plain, state=DrawerState.CLOSED)
    return [drawer.facts() for drawer in closed.order_by("closed_at")]


def list_drawers_closed_between(first: datetime, last: datetime) -> list[DrawerFacts]:
    """Drawers whose cash is to be brought to the bank."""
    closed = Drawer.objects.filter(state=DrawerState.CLOSED, closed_at__gte=first, closed_at__lt=last)
    return [drawer.facts() for drawer in closed.order_by("closed_at")]


def list_notices(about: Sequence[str]) -> list[NoticeFacts]:
    """What providers sent about these attempts, as it came; oldest first. For auditors."""
    rows = Notice.objects.filter(about__in=about).order_by("received_at", "pk")[:LISTED_MAX]
    return [
        NoticeFacts(
            row.provider,
            row.notice_id,
            row.kind,
            row.received_at,
            row.verified,
            NoticeOutcome(row.outcome),
            bytes(row.body),
        )
        for row in rows
    ]


def find_charge_of(reference: str) -> str:
    """The charge that a reference leads to: its own, or that of an attempt, a receipt or a refund; empty when none."""
    if not is_reference(reference):
        return ""
    if Charge.objects.filter(reference=reference).exists():
        return reference
    for model in (Attempt, Receipt, Refund):
        row = model.objects.filter(reference=reference).select_related("charge").first()
        if row is not None:
            return row.charge.reference
    return ""


def receipt_facts(receipt: Receipt) -> ReceiptFacts:
    """The receipt with what its charge says."""
    charge, attempt = receipt.charge.facts(), receipt.attempt
    return ReceiptFacts(
        reference=receipt.reference,
        number=f"{receipt.year}-{receipt.number:06d}",
        charge_reference=charge.reference,
        about=charge.about,
        payer_account_id=charge.payer_account_id,
        service_name=charge.service_name,
        beneficiary=charge.beneficiary,
        lines=charge.lines,
        total=Money(attempt.amount_minor, attempt.currency),
        way=Way(attempt.way),
        card_last_four=attempt.card_last_four,
        office=receipt.office,
        paid_at=receipt.paid_at,
        issued_at=receipt.issued_at,
    )


def _plain(reference: str) -> str:
    """What was typed or stands in an address, if it can be a reference at all; else what none has: the database takes no NUL."""
    return reference if is_reference(reference) else ""


def _charges() -> QuerySet[Charge]:
    return Charge.objects.prefetch_related("lines")


def _attempts() -> QuerySet[Attempt]:
    return Attempt.objects.select_related("charge")


def _one(charges: QuerySet[Charge]) -> ChargeFacts:
    charge = charges.first()
    if charge is None:
        raise ChargeNotFound
    return charge.facts()


def _receipt(receipts: QuerySet[Receipt]) -> ReceiptFacts:
    receipt = receipts.select_related("charge", "attempt").first()
    if receipt is None:
        raise ReceiptNotFound
    return receipt_facts(receipt)
