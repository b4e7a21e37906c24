"""Reads of payouts: registered accounts, what is due to whom, and orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts import postings, rules
from hukumati.domain.payouts.facts import (
    BeneficiaryNotFound,
    Due,
    LineState,
    PayoutNotFound,
    SettlementTime,
    Suggestion,
)
from hukumati.domain.payouts.models import BeneficiaryAccount, Payout, PayoutLine
from hukumati.infra.ports import list_ports
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from hukumati.domain.payouts.facts import BeneficiaryFacts, PaidFrom, PayoutFacts

WAITING_MAX = 200
LISTED_MAX = 50
TIMED_MAX = 100


def find_beneficiary(institution: str, *, currency: str, on: date) -> BeneficiaryFacts | None:
    """The one account to which an institution's money of a currency may go on a day; none when nobody registered one."""
    row = (
        BeneficiaryAccount.objects.exclude(approved_by="")
        .filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=on),
            institution=institution,
            currency=currency,
            valid_from__lte=on,
        )
        .first()
    )
    return row.facts() if row else None


def get_beneficiary(reference: str) -> BeneficiaryFacts:
    """Refuses with BeneficiaryNotFound."""
    row = BeneficiaryAccount.objects.filter(reference=reference if is_reference(reference) else "").first()
    if row is None:
        raise BeneficiaryNotFound
    return row.facts()


def list_waiting_beneficiaries() -> list[BeneficiaryFacts]:
    """What waits for a second person, oldest first."""
    rows = BeneficiaryAccount.objects.filter(approved_by="", ended_on__isnull=True).order_by("proposed_at")
    return [row.facts() for row in rows[:WAITING_MAX]]


def list_beneficiaries() -> list[BeneficiaryFacts]:
    """Those that two people registered, by institution, the latest first; a State has some dozens of institutions."""
    rows = BeneficiaryAccount.objects.exclude(approved_by="").order_by("institution", "currency", "-valid_from")
    return [row.facts() for row in rows[:WAITING_MAX]]


def get_suggestion(account: PaidFrom, *, at: datetime) -> Suggestion:
    """What could be paid out of an account now. Nothing is suggested before a day is certified."""
    days = ledger.list_certified_days(limit=1)
    available = available_in(account)
    if not days:
        return Suggestion(account, None, available, ())
    until, today = days[0][0], at.astimezone(HEBRON).date()
    institutions = ledger.list_held_at(postings.REVENUE, until, currency=account.currency)
    named = sorted({name.split(":")[1] for name in institutions})
    due = {one: due_of(one, account.currency, until=until) for one in named}
    accounts = {one: find_beneficiary(one, currency=account.currency, on=today) for one in named}
    shares = rules.shares(
        {one: amount.amount_minor for one, amount in due.items() if accounts[one] is not None}, available.amount_minor
    )
    found = tuple(
        Due(one, amount, accounts[one], Money(shares.get(one, 0), account.currency))
        for one, amount in due.items()
        if amount.amount_minor > 0
    )
    return Suggestion(account, until, available, found)


def available_in(account: PaidFrom) -> Money:
    """What the bank has booked on an account, less what is ordered of it, what belongs to nobody yet and what is owed to citizens."""
    booked = ledger.balance(f"bank:{account.id}", account.currency)
    ordered = ledger.balance(postings.transit_account(account.id), account.currency)
    others = (ledger.balance(name, account.currency).amount_minor for name in postings.NOT_INSTITUTIONS)
    return booked + ordered - Money(sum(max(0, -minor) for minor in others), account.currency)


def due_of(institution: str, currency: str, *, until: date) -> Money:
    """What an institution earned by the end of a day and neither gave back since nor got. Never more than stands in its accounts today."""
    prefix = postings.revenue_prefix(institution)
    then = ledger.list_held_at(prefix, until, currency=currency)
    now = ledger.list_balances(prefix, currency=currency)
    earned = min(-sum(one.amount_minor for one in held.values()) for held in (then, now))
    got = ledger.balance(postings.remitted_account(institution), currency).amount_minor
    return Money(earned - got, currency)


def get_payout(reference: str) -> PayoutFacts:
    """Refuses with PayoutNotFound."""
    row = Payout.objects.filter(reference=reference if is_reference(reference) else "").first()
    if row is None:
        raise PayoutNotFound
    return row.facts()


def get_order(reference: str) -> bytes:
    """The pain.001 of an approved payout, as the bank gets it. Refuses with PayoutNotFound."""
    row = Payout.objects.filter(reference=reference if is_reference(reference) else "", decision="approved").first()
    if row is None or row.order is None:
        raise PayoutNotFound
    return bytes(row.order)


def list_payouts(*, before: str = "") -> list[PayoutFacts]:
    """The latest first; `before` is the last reference of the page before. One more than a page when there is more."""
    rows = Payout.objects.order_by("-pk")
    last = Payout.objects.filter(reference=before).first() if is_reference(before) else None
    if last is not None:
        rows = rows.filter(pk__lt=last.pk)
    return [row.facts() for row in rows[: LISTED_MAX + 1]]


def count_waiting_payouts() -> int:
    """How many orders and accounts wait for a second person."""
    accounts = BeneficiaryAccount.objects.filter(approved_by="", ended_on__isnull=True).count()
    return accounts + Payout.objects.filter(decision="").count()


def list_unsent() -> list[str]:
    """Orders that the bank does not have yet, the oldest first."""
    rows = Payout.objects.filter(decision="approved", sent_at__isnull=True).order_by("decided_at")
    return list(rows.values_list("reference", flat=True)[:LISTED_MAX])


def list_lines_booked(references: Sequence[str], *, account: str) -> dict[str, dict[str, Money]]:
    """Of these references the lines of an account's orders that an entry may be about: what would go out, or come back, by the sign of the amount."""
    rows = PayoutLine.objects.filter(
        reference__in=list(references), payout__account=account, state__in=[LineState.ORDERED, LineState.PAID]
    ).values_list("reference", "amount_minor", "payout__currency", "state")
    return {
        reference: {"out": Money(-minor, currency)} if state == LineState.ORDERED else {"back": Money(minor, currency)}
        for reference, minor, currency, state in rows
    }


def list_settlement_times(currency: str = "ILS") -> list[SettlementTime]:
    """By institution: how long its fees of the last orders took to come, each day's fees weighed by their sum."""
    times: dict[str, list[tuple[float, int]]] = {}
    rows = PayoutLine.objects.filter(state=LineState.PAID, payout__currency=currency).select_related("payout")
    for line in rows.order_by("-paid_on", "-pk")[:TIMED_MAX]:
        if line.paid_on is not None:
            since = _paid_until_before(line)
            prefix = postings.revenue_prefix(line.institution)
            days = ledger.list_earned(prefix, after=since, until=line.payout.earned_until, currency=currency)
            times.setdefault(line.institution, []).extend(
                ((line.paid_on - day).days, minor) for day, minor in days if minor > 0
            )
    told = []
    for institution, parts in sorted(times.items()):
        whole = sum(minor for _days, minor in parts)
        if whole:
            told.append(
                SettlementTime(institution, sum(days * minor for days, minor in parts) / whole, Money(whole, currency))
            )
    return told


def _paid_until_before(line: PayoutLine) -> date | None:
    """Until which day the institution had been paid before this line."""
    earlier = PayoutLine.objects.filter(
        institution=line.institution,
        state=LineState.PAID,
        payout__currency=line.payout.currency,
        payout__earned_until__lt=line.payout.earned_until,
    )
    found = earlier.order_by("-payout__earned_until").values_list("payout__earned_until", flat=True).first()
    return found  # noqa: RET504 (its type is told here)


def ordered_unpaid(account: str, currency: str) -> Money:
    """The sum of lines that are on their way out of an account."""
    rows = PayoutLine.objects.filter(
        payout__account=account, payout__currency=currency, payout__decision="approved", state=LineState.ORDERED
    )
    return Money(int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def is_bank_wired() -> bool:
    """Whether orders go to a bank by themselves, and its files are fetched."""
    return "payouts.bank" in list_ports("payouts")
