"""Reads of treasury: where the State's money is today, and what nobody has answered for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Min, Q, Sum

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts.api import PaidFrom
from hukumati.domain.treasury import postings
from hukumati.domain.treasury.accounts import list_accounts, list_terms
from hukumati.domain.treasury.facts import (
    AccountToday,
    DifferenceKind,
    DifferenceNotFound,
    LastList,
    ProviderToday,
    RefusedFacts,
)
from hukumati.domain.treasury.models import (
    BankEntry,
    BankFile,
    BankStatement,
    Clearing,
    Difference,
    MailPlace,
    RefusedFile,
    SettlementLine,
)
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.domain.treasury.facts import ClearingFacts, DifferenceFacts, FileFacts

LISTED_MAX = 50
FOUND_MAX = 20


def list_accounts_today() -> list[AccountToday]:
    """Each bank account: what its last statement says and what the ledger says. Entries that only a notice has told explain a difference for a day."""
    today = []
    for account in list_accounts():
        booked = ledger.balance(postings.bank_account(account.id), account.currency)
        last = BankStatement.objects.filter(account=account.id).order_by("-closed_on", "-pk").first()
        stated = Money(last.closing_minor, account.currency) if last else None
        since = _noticed_after(account.id, last.closed_on if last else None)
        unexplained = booked - stated - Money(since, account.currency) if stated is not None else None
        today.append(AccountToday(account, stated, last.closed_on if last else None, booked, unexplained))
    return today


def _noticed_after(account: str, day: date | None) -> int:
    """What notices have told beyond the last statement; minor units."""
    if day is None:
        return 0
    later = BankEntry.objects.filter(account=account, booked_on__gt=day)
    return int(later.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def list_providers_today(currency: str = "ILS") -> list[ProviderToday]:
    """What lies with each provider."""
    today = []
    for terms in list_terms():
        told = SettlementLine.objects.filter(provider=terms.provider).values_list("settled_on", flat=True).distinct()
        days = {f"{terms.provider}:{on}": on for on in told.order_by("-settled_on")[:LISTED_MAX]}
        banked = set(BankEntry.objects.filter(matched_with__in=days).values_list("matched_with", flat=True))
        waiting = [on for about, on in days.items() if about not in banked]
        today.append(
            ProviderToday(
                terms.provider,
                ledger.balance(postings.provider_account(terms.provider), currency),
                min(waiting, default=None),
                ledger.balance(postings.fees_account(terms.provider), currency),
            )
        )
    return today


def suspense(currency: str = "ILS") -> Money:
    """What stands in suspense: positive is money that came in and belongs to nobody yet."""
    return -ledger.balance(postings.SUSPENSE, currency)


def list_differences(*, kind: DifferenceKind | None = None, after: str = "") -> list[DifferenceFacts]:
    """Open ones, the most urgent first; `after` is the last reference of the page before."""
    rows = Difference.objects.filter(resolved_at__isnull=True).order_by("due_on", "id")
    if kind is not None:
        rows = rows.filter(kind=kind)
    last = Difference.objects.filter(reference=after).first() if is_reference(after) else None
    if last is not None:
        rows = rows.filter(Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, id__gt=last.pk))
    return [row.facts() for row in rows[: LISTED_MAX + 1]]


def count_differences() -> dict[str, int]:
    """Open ones by kind; few by their nature."""
    open_ones = Difference.objects.filter(resolved_at__isnull=True).values_list("kind", flat=True)
    counts: dict[str, int] = {}
    for kind in open_ones:
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def list_answered(*, limit: int = FOUND_MAX) -> list[DifferenceFacts]:
    """Answered lately, latest first."""
    rows = Difference.objects.filter(resolved_at__isnull=False).order_by("-resolved_at")
    return [row.facts() for row in rows[:limit]]


def get_difference(reference: str) -> DifferenceFacts:
    """Refuses with DifferenceNotFound."""
    row = Difference.objects.filter(reference=reference if is_reference(reference) else "").first()
    if row is None:
        raise DifferenceNotFound
    return row.facts()


def find_clearing(difference: str) -> ClearingFacts | None:
    """What is proposed, or was decided last, about money in suspense."""
    rows = Clearing.objects.filter(difference__reference=difference if is_reference(difference) else "")
    row = rows.select_related("difference").order_by("-pk").first()
    return row.facts() if row else None


def oldest_due() -> date | None:
    """The day by which the most urgent open difference is to be answered."""
    return Difference.objects.filter(resolved_at__isnull=True).aggregate(due=Min("due_on"))["due"]  # type: ignore[no-any-return]


def list_files(*, limit: int = FOUND_MAX) -> list[FileFacts]:
    """Bank files taken lately, latest first."""
    rows = BankFile.objects.defer("body").order_by("-pk")[:limit]
    return [row.facts() for row in rows]


def list_refused_files(*, limit: int = FOUND_MAX) -> list[RefusedFacts]:
    """Files that could not be believed, latest first."""
    rows = RefusedFile.objects.defer("body").order_by("-pk")[:limit]
    return [RefusedFacts(row.name, row.digest, row.why, row.where, row.found, row.received_at) for row in rows]


def find_last_fetch() -> datetime | None:
    """When the bank's mailbox was read last."""
    row = MailPlace.objects.order_by("-read_at").first()
    return row.read_at if row else None


def list_payers() -> list[PaidFrom]:
    """Our accounts as those that payouts draw on."""
    return [PaidFrom(one.id, one.iban, one.currency, one.name.en) for one in list_accounts()]


def find_last_list(provider: str) -> LastList | None:
    """The last day of which a provider told what it settled, and when it did."""
    row = SettlementLine.objects.filter(provider=provider).order_by("-settled_on").first()
    return LastList(row.settled_on, row.told_at) if row else None


def count_differences_at(place: str) -> dict[DifferenceKind, int]:
    """Open differences of one provider, account or of the drawers, by kind."""
    rows = Difference.objects.filter(resolved_at__isnull=True, place=place).values_list("kind", flat=True)
    return {DifferenceKind(kind): count for kind, count in Counter(rows).items()}
