"""Ordering the bank to pay: proposed by one, approved by another, sent until the bank has it, ended by its word and its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity import api as identity
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts import pain, postings
from hukumati.domain.payouts.facts import (
    LineState,
    NothingToPayOut,
    PayoutAlreadyWaits,
    PayoutDecided,
    PayoutExceedsBank,
    PayoutNotFound,
    PayoutStale,
    PayoutsTreasurerOnly,
    PayoutTakesTwo,
    PayoutWordsMissing,
)
from hukumati.domain.payouts.models import BeneficiaryAccount, Payout, PayoutLine
from hukumati.domain.payouts.ports import BankUnreachableError
from hukumati.domain.payouts.queries import available_in, get_suggestion, list_dues
from hukumati.infra.audit import api as audit
from hukumati.infra.jobs import enqueue
from hukumati.infra.ports import adapter
from hukumati.kernel.actor import ActorKind, system
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference, new_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from hukumati.domain.payouts.facts import Due, PaidFrom, PayoutFacts
    from hukumati.domain.payouts.ports import Bank
    from hukumati.kernel.actor import Actor

TREASURER: Final = "treasurer"
SEND_JOB: Final = "hukumati.domain.payouts.jobs.send_payout"
BANK: Final = system("payouts.bank")
LOCK: Final = "payouts.orders"
WORDS_LENGTH_MAX: Final = 1_000
WORD_OF_THE_WHOLE: Final = "the whole order was refused"


@transaction.atomic
def propose_payout(account: PaidFrom, *, by: Actor, at: datetime) -> PayoutFacts:
    """Propose to pay every institution what it has earned by the end of the last certified day and did not get, as far as the bank holds it.

    Refuses with PayoutsTreasurerOnly, PayoutAlreadyWaits, NothingToPayOut.
    """
    _require_treasurer(by)
    _lock()
    waiting = Payout.objects.filter(currency=account.currency, decision="").first()
    if waiting is not None:
        raise PayoutAlreadyWaits(payout=waiting.reference)
    suggested = get_suggestion(account, at=at)
    if suggested.earned_until is None or not suggested.payable:
        raise NothingToPayOut
    total = sum(one.payable.amount_minor for one in suggested.payable)
    payout = Payout.objects.create(
        reference=new_reference("BO", year=at.year),
        account=account.id,
        iban=account.iban,
        currency=account.currency,
        earned_until=suggested.earned_until,
        pays_on=at.astimezone(HEBRON).date(),
        total_minor=total,
        proposed_by=by.label,
        proposed_at=at,
    )
    for one in suggested.payable:
        _create_line(payout, one, at=at)
    audit.write("payouts.proposed", about=payout.reference, by=by, at=at, total=total, currency=account.currency)
    return payout.facts()


def _create_line(payout: Payout, due: Due, *, at: datetime) -> None:
    if due.beneficiary is None:
        raise NothingToPayOut
    PayoutLine.objects.create(
        payout=payout,
        reference=new_reference("BL", year=at.year),
        institution=due.institution,
        beneficiary=BeneficiaryAccount.objects.get(reference=due.beneficiary.reference),
        amount_minor=due.payable.amount_minor,
    )


@transaction.atomic
def approve_payout(reference: str, account: PaidFrom, *, by: Actor, at: datetime) -> PayoutFacts:
    """Order it: from now on it is on its way in the ledger, and the bank gets the order until it has it.

    What is due and what the account holds is read again under the lock. Refuses with PayoutsTreasurerOnly, PayoutNotFound, PayoutDecided,
    PayoutTakesTwo, PayoutStale, PayoutExceedsBank.
    """
    _require_treasurer(by)
    _lock()
    payout = _waiting(reference)
    if identity.is_same_person(payout.proposed_by.partition(":")[2], by.id):
        raise PayoutTakesTwo
    lines = list(payout.lines.select_related("beneficiary").order_by("pk"))
    _require_still_due(payout, lines, account, on=at.astimezone(HEBRON).date())
    payout.order = _written(payout, lines, account, at=at)
    payout.decision, payout.decided_by, payout.decided_at = "approved", by.label, at
    payout.save(update_fields=["decision", "decided_by", "decided_at", "order"])
    for line in lines:
        _post(line, payout, undone=False, at=at)
    audit.write("payouts.approved", about=payout.reference, by=by, at=at, total=payout.total_minor)
    enqueue(SEND_JOB, payout=payout.reference)
    return payout.facts()


def _require_still_due(payout: Payout, lines: Sequence[PayoutLine], account: PaidFrom, *, on: date) -> None:
    """Nothing was given back, ordered elsewhere or ended since it was proposed."""
    if (payout.account, payout.iban, payout.currency) != (account.id, account.iban, account.currency):
        raise PayoutStale(institution="")
    dues, nothing = list_dues(payout.currency, until=payout.earned_until), Money(0, payout.currency)
    for line in lines:
        due, ended = dues.get(line.institution, nothing), line.beneficiary.ended_on
        if due.amount_minor < line.amount_minor or (ended is not None and ended <= on):
            raise PayoutStale(institution=line.institution)
    available = available_in(account)
    if payout.total_minor > available.amount_minor:
        raise PayoutExceedsBank(available=available)


def _written(payout: Payout, lines: Sequence[PayoutLine], account: PaidFrom, *, at: datetime) -> bytes:
    transfers = [
        pain.Transfer(
            line.reference,
            catalogue.institution_name(line.institution).en,
            line.beneficiary.iban,
            Money(line.amount_minor, payout.currency),
            f"Fees until {payout.earned_until} {line.reference}",
        )
        for line in lines
    ]
    return pain.write_order(payout.reference, transfers, payer=account.name, iban=payout.iban, on=payout.pays_on, at=at)


@transaction.atomic
def reject_payout(reference: str, *, words: str, by: Actor, at: datetime) -> PayoutFacts:
    """Turn a proposal down. Refuses with PayoutsTreasurerOnly, PayoutNotFound, PayoutDecided, PayoutTakesTwo, PayoutWordsMissing."""
    _require_treasurer(by)
    payout = _waiting(reference)
    said = " ".join(words.split())
    if identity.is_same_person(payout.proposed_by.partition(":")[2], by.id):
        raise PayoutTakesTwo
    if not said or len(said) > WORDS_LENGTH_MAX:
        raise PayoutWordsMissing
    payout.decision, payout.decided_by, payout.decided_at, payout.decision_words = "rejected", by.label, at, said
    payout.save(update_fields=["decision", "decided_by", "decided_at", "decision_words"])
    audit.write("payouts.rejected", about=payout.reference, by=by, at=at)
    return payout.facts()


def send_payout(reference: str, *, at: datetime) -> bool:
    """Give the bank the order, outside any transaction; whether it has it. It is known there by its reference, so twice is once."""
    payout = Payout.objects.filter(reference=reference, decision="approved", sent_at__isnull=True).first()
    if payout is None:
        return True
    bank: Bank = adapter("payouts.bank")
    try:
        bank.send_order(payout.reference, bytes(payout.order or b""))
    except BankUnreachableError:
        return False
    with transaction.atomic():
        row = Payout.objects.select_for_update().get(pk=payout.pk)
        if row.sent_at is None:
            row.sent_at = at
            row.save(update_fields=["sent_at"])
            audit.write("payouts.sent", about=reference, by=BANK, at=at)
    return True


@transaction.atomic
def take_status(body: bytes, *, at: datetime) -> PayoutFacts | None:
    """Write down the bank's word on an order: lines that it refuses are due again. Twice, late or out of order changes nothing more.

    None for an order that is not ours. Refuses with StatusMalformed.
    """
    word = pain.read_status(body)
    found = Payout.objects.select_for_update().filter(reference=word.message_id, decision="approved").first()
    if found is None:
        audit.write("payouts.status_unknown", about="payouts", by=BANK, at=at, said=word.message_id[:40])
        return None
    if found.sent_at is None:
        found.sent_at = at
    status, reason = word.whole
    said = {status, *(one for one, _why in word.lines.values())}
    if found.accepted_at is None and said & pain.ACCEPTED:
        found.accepted_at = at
    found.save(update_fields=["sent_at", "accepted_at"])
    for line in found.lines.select_for_update().order_by("pk"):
        own, why = word.lines.get(line.reference, ("", ""))
        if own == pain.REFUSED or (status == pain.REFUSED and not own):
            _refuse(found, line, why or reason or WORD_OF_THE_WHOLE, at=at)
    return found.facts()


def _refuse(payout: Payout, line: PayoutLine, why: str, *, at: datetime) -> None:
    if line.state == LineState.ORDERED:
        line.state, line.reason, line.decided_at = LineState.REFUSED, why, at
        line.save(update_fields=["state", "reason", "decided_at"])
        _post(line, payout, undone=True, at=at)
        audit.write("payouts.line_refused", about=line.reference, by=BANK, at=at, payout=payout.reference, why=why)
    elif line.state == LineState.PAID:
        audit.write("payouts.word_differs", about=line.reference, by=BANK, at=at, said="refused", held=line.state)


def note_booked(reference: str, *, entry: str, amount: Money, on: date, at: datetime) -> None:
    """The bank's statement has it: gone out (a negative amount), or come back. Inside the caller's transaction, which moves the bank's account.

    The caller asked `list_lines_booked` first: anything else is a fault.
    """
    line = PayoutLine.objects.select_for_update().select_related("payout").get(reference=reference)
    payout = line.payout
    if amount.amount_minor == -line.amount_minor and line.state == LineState.ORDERED:
        line.state, line.entry, line.paid_on, line.decided_at = LineState.PAID, entry, on, at
        audit.write("payouts.line_paid", about=line.reference, by=BANK, at=at, entry=entry)
    elif amount.amount_minor == line.amount_minor and line.state == LineState.PAID:
        line.state, line.decided_at, line.reason = LineState.RETURNED, at, entry
        _post(line, payout, undone=True, at=at)
        audit.write("payouts.line_returned", about=line.reference, by=BANK, at=at, entry=entry)
    else:
        raise ValueError(f"{reference} is {line.state}, and an entry of {amount} does not fit it")
    line.save(update_fields=["state", "entry", "paid_on", "decided_at", "reason"])


def _post(line: PayoutLine, payout: Payout, *, undone: bool, at: datetime) -> None:
    written = postings.undone_lines if undone else postings.ordered_lines
    why = (line.beneficiary.instrument, line.beneficiary.article)
    amount = Money(line.amount_minor, payout.currency)
    lines = written(amount, institution=line.institution, account=payout.account, payout=payout.reference, why=why)
    ledger.post(line.reference, lines, kind="payout_undone" if undone else "payout_ordered", at=at)


def _waiting(reference: str) -> Payout:
    known = reference if is_reference(reference) else ""
    row = Payout.objects.select_for_update().filter(reference=known).first()
    if row is None:
        raise PayoutNotFound
    if row.decision:
        raise PayoutDecided
    return row


def _lock() -> None:
    """Of two orders at once, both could find the same money due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def _require_treasurer(by: Actor) -> None:
    if by.kind != ActorKind.STAFF or TREASURER not in by.roles:
        raise PayoutsTreasurerOnly
