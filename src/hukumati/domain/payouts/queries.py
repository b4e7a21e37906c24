"""Reads of payouts: registered accounts, what is due to whom, and orders."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, Sum

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
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hukumati.domain.payouts.facts import BeneficiaryFacts, PaidFrom, PayoutFacts

WAITING_MAX = 200
LISTED_MAX = 50
TIMED_MAX = 100


def find_beneficiary(institution: str, *, currency: str, on: date) -> BeneficiaryFacts | None:
    """The one account to which an institution's money of a currency may go on a day; none when nobody registered one."""
    row = _in_force(currency, on).filter(institution=institution).first()
    return row.facts() if row else None


def _in_force(currency: str, on: date) -> QuerySet[BeneficiaryAccount]:
    """The accounts of a currency that are paid on a day, one of each institution at most."""
    registered = BeneficiaryAccount.objects.exclude(approved_by="")
    return registered.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), currency=currency, valid_from__lte=on)


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
    due = list_dues(account.currency, until=until)
    accounts = {row.institution: row.facts() for row in _in_force(account.currency, today)}
    shares = rules.shares(
        {one: amount.amount_minor for one, amount in due.items() if one in accounts}, available.amount_minor
    )
    found = tuple(
        Due(one, amount, accounts.get(one), Money(shares.get(one, 0), account.currency))
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


def list_dues(currency: str, *, until: date) -> dict[str, Money]:
    """By institution what it earned by the end of a day and neither gave back since nor got. Never more than stands in its accounts today."""
    prefix = f"{postings.REVENUE}:"
    then = _by_institution(ledger.list_held_at(prefix, until, currency=currency))
    now = _by_institution(ledger.list_balances(prefix, currency=currency))
    got = ledger.list_balances(postings.remitted_account(""), currency=currency)
    nothing = Money(0, currency)
    return {
        one: Money(min(earned, now[one]), currency) - got.get(postings.remitted_account(one), nothing)
        for one, earned in sorted(then.items())
    }


def _by_institution(held: Mapping[str, Money]) -> Counter[str]:
    """What revenue accounts were credited, added up; minor units."""
    earned: Counter[str] = Counter()
    for name, amount in held.items():
        earned[name.split(":")[1]] -= amount.amount_minor
    return earned


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
    lines = Prefetch("lines", PayoutLine.objects.select_related("beneficiary").order_by("pk"))
    return [row.facts_with(row.lines.all()) for row in rows.prefetch_related(lines)[: LISTED_MAX + 1]]


def list_unsent() -> list[str]:
    """Orders that the bank does not have yet, the oldest first."""
    rows = Payout.objects.filter(decision="approved", sent_at__isnull=True).order_by("decided_at")
    return list(rows.values_list("reference", flat=True)[:LISTED_MAX])


def list_lines_booked(references: Sequence[str], *, account: str) -> dict[str, Money]:
    """Of these references the lines of an account's orders that an entry may be about: below zero what would go out, above it what would come back."""
    rows = PayoutLine.objects.filter(
        reference__in=list(references), payout__account=account, state__in=[LineState.ORDERED, LineState.PAID]
    ).values_list("reference", "amount_minor", "payout__currency", "state")
    return {
        reference: Money(-minor if state == LineState.ORDERED else minor, currency)
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
