"""The daily comparison: providers' lists with the books, the bank with both. Run as often as one likes, on whatever has come by then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import Sum

from hukumati.domain.payments import api as payments
from hukumati.domain.treasury import rules
from hukumati.domain.treasury.accounts import list_accounts, list_terms
from hukumati.domain.treasury.actions.differences import keep
from hukumati.domain.treasury.actions.suspended import open_suspended
from hukumati.domain.treasury.facts import DifferenceKind, Finding
from hukumati.domain.treasury.models import BankEntry, BankStatement, Clearing, Difference, SettlementLine
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.official_calendar import working_calendar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from hukumati.domain.payments.facts import DrawerFacts
    from hukumati.domain.treasury.facts import Terms

DAYS_BACK: Final = 40
"""How far back a comparison looks; an open difference keeps its day in view beyond that."""
DEPOSIT_WITHIN_DAYS: Final = 3
SLICE: Final = 5_000
DRAWERS: Final = "drawers"
UNDECIDED_FOR: Final = timedelta(days=3)
REFUND_UNDECIDED_FOR: Final = timedelta(days=5)


def match(*, at: datetime) -> int:
    """Compare everything in view; how many differences are open after it. What a later file explains is answered by that."""
    today = at.astimezone(HEBRON).date()
    open_suspended(at=at)
    keep([*_of_providers(today), *_of_drawers(today), *_gaps(), *_undecided(at)], at=at)
    return Difference.objects.filter(resolved_at__isnull=True).count()


def _of_providers(today: date) -> Iterator[Finding]:
    for terms in list_terms():
        for on in sorted(_days(terms.provider, today)):
            yield from _of_list(terms, on)
        yield from _repeated_elsewhere(terms.provider, today)
        yield from _missing(terms, today)
        yield from _not_banked(terms, today)


def _days(provider: str, today: date) -> set[date]:
    """The days whose lines are judged: the last ones, and those that an open difference is about."""
    told = SettlementLine.objects.filter(provider=provider, settled_on__gte=today - timedelta(days=DAYS_BACK))
    return set(told.values_list("settled_on", flat=True).distinct()) | _days_in_doubt(provider)


def _days_in_doubt(provider: str) -> set[date]:
    """However old it grows, what is open stays in view until it is explained or answered."""
    kept = Difference.objects.filter(place=provider, resolved_at__isnull=True).values_list("evidence__day", flat=True)
    return {date.fromisoformat(day) for day in kept if day}


def _of_list(terms: Terms, on: date) -> Iterator[Finding]:
    """Line by line, in slices: what a day holds is never all in memory twice."""
    rows = SettlementLine.objects.filter(provider=terms.provider, settled_on=on).order_by("kind", "reference", "turn")
    columns = rows.values_list("kind", "reference", "amount_minor", "fee_minor", "currency")
    for lines in _slices(rules.Line(*row) for row in columns.iterator(chunk_size=SLICE)):
        held = payments.list_held(
            [line.reference for line in lines if line.kind == rules.PAYMENT],
            [line.reference for line in lines if line.kind == rules.REFUND],
        )
        plain = {key: (money.amount_minor, money.currency) for key, money in held.items()}
        for finding in rules.judge_lines(lines, held=plain, terms=terms, where=terms.provider):
            yield replace(finding, evidence={**finding.evidence, "day": on.isoformat()})


def _slices(lines: Iterable[rules.Line]) -> Iterator[list[rules.Line]]:
    """Slices that never part the lines of one reference."""
    found: list[rules.Line] = []
    for line in lines:
        if len(found) >= SLICE and (line.kind, line.reference) != (found[-1].kind, found[-1].reference):
            yield found
            found = []
        found.append(line)
    if found:
        yield found


REPEATED = """
    SELECT l.kind, l.reference, min(l.amount_minor), sum(l.amount_minor), min(l.currency), max(l.settled_on)
      FROM treasury_settlementline l
     WHERE l.provider = %s AND (l.kind, l.reference) IN
           (SELECT kind, reference FROM treasury_settlementline WHERE provider = %s AND settled_on = ANY(%s))
     GROUP BY l.kind, l.reference HAVING count(DISTINCT l.settled_on) > 1
"""


def _repeated_elsewhere(provider: str, today: date) -> Iterator[Finding]:
    """The same payment on the lists of two days."""
    with connection.cursor() as cursor:
        cursor.execute(REPEATED, [provider, provider, list(_days(provider, today))])
        for kind, reference, one, whole, currency, on in cursor.fetchall():
            yield Finding(
                DifferenceKind.DUPLICATE_SETTLEMENT, f"{kind}:{reference}", provider, currency, one, int(whole),
                {"line": reference, "kind": kind, "day": on.isoformat()},
            )  # fmt: skip


def _missing(terms: Terms, today: date) -> Iterator[Finding]:
    """What we hold for paid, and no list has, though the agreed days are over."""
    last = _working_days_before(today, terms.settles_within_days)
    span = (_begin(today - timedelta(days=DAYS_BACK)), _begin(last))
    waiting: dict[str, tuple[int, str]] = {}
    for reference, money in payments.list_paid_between(terms.provider, *span):
        waiting[reference] = (money.amount_minor, money.currency)
        if len(waiting) >= SLICE:
            yield from _unlisted(terms.provider, waiting)
            waiting = {}
    yield from _unlisted(terms.provider, waiting)
    yield from _still_missing(terms.provider)


def _unlisted(provider: str, waiting: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    listed = SettlementLine.objects.filter(provider=provider, kind=rules.PAYMENT, reference__in=list(waiting))
    for reference in sorted(waiting.keys() - set(listed.values_list("reference", flat=True))):
        minor, currency = waiting[reference]
        yield Finding(DifferenceKind.MISSING_SETTLEMENT, f"payment:{reference}", provider, currency, minor, 0)


def _still_missing(provider: str) -> Iterator[Finding]:
    """An open one stays open until a list has it, however old it grows."""
    old = Difference.objects.filter(kind=DifferenceKind.MISSING_SETTLEMENT, place=provider, resolved_at__isnull=True)
    waiting = {row.about.removeprefix("payment:"): (row.expected_minor or 0, row.currency) for row in old}
    yield from _unlisted(provider, waiting)


def _not_banked(terms: Terms, today: date) -> Iterator[Finding]:
    """Each day of a provider with what came to the bank for it."""
    provider = terms.provider
    days = _days(provider, today) | _days_named(provider, today)
    expected, banked = _expected(provider, days), _banked([f"{provider}:{on}" for on in days])
    overdue_before = _working_days_before(today, terms.settles_within_days)
    for on, currency in sorted(expected.keys() | {(_day_of(about), currency) for about, currency in banked}):
        should, came = expected.get((on, currency), 0), banked.get((f"{provider}:{on}", currency))
        kind = _kind(should, came, overdue=on < overdue_before)
        if kind is not None:
            evidence = {"day": on.isoformat()}
            yield Finding(kind, f"{provider}:{on}:{currency}", provider, currency, should, came or 0, evidence)


def _kind(should: int, came: int | None, *, overdue: bool) -> DifferenceKind | None:
    """What is wrong between what should come to the bank and what came; None when nothing is, or it is not yet time."""
    if came is None:
        return DifferenceKind.MISSING_IN_BANK if should and overdue else None
    return DifferenceKind.BANKED_AMOUNT if came != should else None


def _days_named(provider: str, today: date) -> set[date]:
    """The days that lately booked or lately cleared money names, however old the days are."""
    first, prefix = today - timedelta(days=DAYS_BACK), f"{provider}:"
    booked = BankEntry.objects.filter(matched_with__startswith=prefix, booked_on__gte=first)
    cleared = Clearing.objects.filter(decision="approved", target__startswith=prefix, decided_at__gte=_begin(first))
    named = {*booked.values_list("matched_with", flat=True), *cleared.values_list("target", flat=True)}
    return {_day_of(about) for about in named}


def _day_of(about: str) -> date:
    """The day of `card:2026-11-25`, which was judged when it was taken."""
    return date.fromisoformat(about.partition(":")[2])


EXPECTED = """
    SELECT settled_on, currency, sum(CASE WHEN kind = 'refund' THEN -amount_minor ELSE amount_minor END - fee_minor)
      FROM treasury_settlementline WHERE provider = %s AND settled_on = ANY(%s) GROUP BY settled_on, currency
"""


def _expected(provider: str, days: Collection[date]) -> dict[tuple[date, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED, [provider, list(days)])
        return {(on, currency): int(net) for on, currency, net in cursor.fetchall()}


def _banked(abouts: list[str]) -> dict[tuple[str, str], int]:
    """What came to the bank for these, by its text or because two people said so."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    entries = BankEntry.objects.filter(matched_with__in=abouts).values_list("matched_with", "currency")
    cleared = Clearing.objects.filter(decision="approved", target__in=abouts)
    sums = cleared.values_list("target", "difference__currency").annotate(sum=Sum("difference__found_minor"))
    for about, currency, summed in (*entries.annotate(sum=Sum("amount_minor")), *sums):
        found[about, currency] += int(summed)
    return found


def _of_drawers(today: date) -> Iterator[Finding]:
    """What a cashier counted, and what the bank counted of it."""
    drawers = _drawers(today)
    banked = _banked([drawer.reference for drawer in drawers])
    overdue_before = _begin(_working_days_before(today, DEPOSIT_WITHIN_DAYS))
    for drawer in drawers:
        if drawer.counted is None or drawer.closed_at is None:
            continue
        counted, currency = drawer.counted.amount_minor, drawer.counted.currency
        came = banked.get((drawer.reference, currency))
        kind = _kind(counted, came, overdue=drawer.closed_at < overdue_before)
        if kind is not None:
            evidence = {"office": drawer.office, "closed_at": drawer.closed_at.isoformat()}
            yield Finding(kind, drawer.reference, DRAWERS, currency, counted, came or 0, evidence)


def _drawers(today: date) -> list[DrawerFacts]:
    """Drawers that were closed lately, and those that an open difference is about."""
    lately = payments.list_drawers_closed_between(
        _begin(today - timedelta(days=DAYS_BACK)), _begin(today + timedelta(days=1))
    )
    in_doubt = Difference.objects.filter(place=DRAWERS, resolved_at__isnull=True).values_list("about", flat=True)
    older = payments.list_closed_drawers(list(in_doubt))
    return list({drawer.reference: drawer for drawer in (*lately, *older)}.values())


def _undecided(at: datetime) -> Iterator[Finding]:
    """What providers leave open: it has an owner and a day, and is answered by the provider's word when that comes."""
    for reference, provider, amount in payments.list_undecided(before=at - UNDECIDED_FOR):
        yield Finding(
            DifferenceKind.UNDECIDED_PAYMENT, f"payment:{reference}", provider, amount.currency, amount.amount_minor, 0
        )
    for reference, provider, amount in payments.list_slow_refunds(before=at - REFUND_UNDECIDED_FOR):
        yield Finding(
            DifferenceKind.UNDECIDED_REFUND, f"refund:{reference}", provider, amount.currency, amount.amount_minor, 0
        )


def _gaps() -> Iterator[Finding]:
    """Where a statement does not go on from the one before it. An account has a few hundred statements a year: all are looked at."""
    for account in list_accounts():
        rows = BankStatement.objects.filter(account=account.id).order_by("opened_on", "closed_on", "pk")
        for before, after in pairwise(rows):
            if before.closing_minor != after.opening_minor:
                evidence = {"after": before.number, "statement": after.number}
                yield Finding(
                    DifferenceKind.STATEMENT_GAP, after.number, account.id, account.currency, before.closing_minor, after.opening_minor, evidence,
                )  # fmt: skip


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), HEBRON)


def _working_days_before(today: date, days: int) -> date:
    """The last day that has had its working days by today."""
    calendar, day = working_calendar(today.year), today
    while calendar.days_after(day, days) > today:
        day -= timedelta(days=1)
    return day
