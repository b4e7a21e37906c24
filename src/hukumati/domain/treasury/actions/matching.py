"""The daily comparison: providers' lists with the books, the bank with both. Run as often as one likes, on whatever has come by then."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Q, Sum

from hukumati.domain.payments import api as payments
from hukumati.domain.treasury import rules
from hukumati.domain.treasury.accounts import list_accounts, list_terms
from hukumati.domain.treasury.actions.differences import close_explained, open_difference
from hukumati.domain.treasury.facts import DifferenceKind, Finding
from hukumati.domain.treasury.models import BankEntry, BankStatement, Clearing, Difference, SettlementLine
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.official_calendar import working_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hukumati.domain.treasury.facts import Terms

DAYS_BACK: Final = 40
"""How far back a comparison looks; an open difference keeps its day in view beyond that."""
DEPOSIT_WITHIN_DAYS: Final = 3
SLICE: Final = 5_000
BY_A_PERSON_ONLY: Final = (DifferenceKind.UNKNOWN_ENTRY,)


def match(*, at: datetime) -> int:
    """Compare everything in view; how many differences are open after it. What a later file explains is answered by that."""
    today = at.astimezone(HEBRON).date()
    findings = [*_of_providers(today), *_of_drawers(today), *_gaps(today)]
    _keep(findings, at=at)
    return Difference.objects.filter(resolved_at__isnull=True).count()


@transaction.atomic
def _keep(findings: list[Finding], *, at: datetime) -> None:
    seen = set()
    for finding in findings:
        seen.add((finding.kind, finding.where, finding.about))
        open_difference(finding, at=at)
    still_open = (
        Difference.objects.select_for_update().filter(resolved_at__isnull=True).exclude(kind__in=BY_A_PERSON_ONLY)
    )
    for row in still_open.order_by("pk"):
        if (row.kind, row.place, row.about) not in seen:
            close_explained(row, at=at)


def _of_providers(today: date) -> Iterator[Finding]:
    for terms in list_terms():
        for on in _days(terms.provider, today):
            yield from _of_list(terms, on)
        yield from _repeated_elsewhere(terms.provider, today)
        yield from _missing(terms, today)
        yield from _not_banked(terms, today)


def _days(provider: str, today: date) -> list[date]:
    """The days whose lines are judged: the last ones, and those that an open difference is about."""
    told = SettlementLine.objects.filter(provider=provider, settled_on__gte=today - timedelta(days=DAYS_BACK))
    days = set(told.values_list("settled_on", flat=True).distinct())
    kept = Difference.objects.filter(place=provider, resolved_at__isnull=True).values_list("evidence__day", flat=True)
    return sorted(days | {date.fromisoformat(day) for day in kept if day})


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
            yield _on_day(finding, on)


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


def _on_day(finding: Finding, on: date) -> Finding:
    return Finding(
        finding.kind, finding.about, finding.where, finding.currency, finding.expected_minor, finding.found_minor,
        {**finding.evidence, "day": on.isoformat()},
    )  # fmt: skip


REPEATED = """
    SELECT l.kind, l.reference, min(l.amount_minor), sum(l.amount_minor), min(l.currency), max(l.settled_on)
      FROM treasury_settlementline l
     WHERE l.provider = %s AND (l.kind, l.reference) IN
           (SELECT kind, reference FROM treasury_settlementline WHERE provider = %s AND settled_on >= %s)
     GROUP BY l.kind, l.reference HAVING count(DISTINCT l.settled_on) > 1
"""


def _repeated_elsewhere(provider: str, today: date) -> Iterator[Finding]:
    """The same payment on the lists of two days."""
    with connection.cursor() as cursor:
        cursor.execute(REPEATED, [provider, provider, today - timedelta(days=DAYS_BACK)])
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
    for reference, money in payments.list_paid_between(payments.Way(terms.provider), *span):
        waiting[reference] = (money.amount_minor, money.currency)
        if len(waiting) >= SLICE:
            yield from _unlisted(terms.provider, waiting)
            waiting = {}
    yield from _unlisted(terms.provider, waiting)
    yield from _still_missing(terms.provider, span[0])


def _unlisted(provider: str, waiting: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    listed = SettlementLine.objects.filter(provider=provider, kind=rules.PAYMENT, reference__in=list(waiting))
    for reference in sorted(waiting.keys() - set(listed.values_list("reference", flat=True))):
        minor, currency = waiting[reference]
        yield Finding(DifferenceKind.MISSING_SETTLEMENT, f"payment:{reference}", provider, currency, minor, 0)


def _still_missing(provider: str, before: datetime) -> Iterator[Finding]:
    """An open one that has grown older than what is looked at stays open until a list has it."""
    old = Difference.objects.filter(
        kind=DifferenceKind.MISSING_SETTLEMENT, place=provider, resolved_at__isnull=True, found_at__lt=before
    )
    waiting = {row.about.removeprefix("payment:"): (row.expected_minor or 0, row.currency) for row in old}
    yield from _unlisted(provider, waiting)


def _not_banked(terms: Terms, today: date) -> Iterator[Finding]:
    """Each day of a provider with what came to the bank for it."""
    first = today - timedelta(days=DAYS_BACK)
    expected = _expected(terms.provider, first)
    banked = _banked([f"{terms.provider}:{on}" for on, _currency in expected], f"{terms.provider}:", first)
    for on, currency in sorted(
        expected.keys() | {(date.fromisoformat(about.partition(":")[2]), cur) for about, cur in banked}
    ):
        about = f"{terms.provider}:{on}"
        should, came = expected.get((on, currency), 0), banked.get((about, currency))
        overdue = _working_days_before(today, terms.settles_within_days) > on
        if came is None and should and overdue:
            yield Finding(
                DifferenceKind.MISSING_IN_BANK,
                f"{about}:{currency}",
                terms.provider,
                currency,
                should,
                0,
                {"day": on.isoformat()},
            )
        elif came is not None and came != should:
            yield Finding(
                DifferenceKind.BANKED_AMOUNT,
                f"{about}:{currency}",
                terms.provider,
                currency,
                should,
                came,
                {"day": on.isoformat()},
            )


EXPECTED = """
    SELECT settled_on, currency, sum(CASE WHEN kind = 'refund' THEN -amount_minor ELSE amount_minor END - fee_minor)
      FROM treasury_settlementline WHERE provider = %s AND settled_on >= %s GROUP BY settled_on, currency
"""


def _expected(provider: str, first: date) -> dict[tuple[date, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED, [provider, first])
        return {(on, currency): int(net) for on, currency, net in cursor.fetchall()}


def _banked(abouts: list[str], prefix: str, first: date) -> dict[tuple[str, str], int]:
    named = BankEntry.objects.filter(matched_with__in=abouts)
    others = BankEntry.objects.filter(matched_with__startswith=prefix, booked_on__gte=first).exclude(
        matched_with__in=abouts
    )
    found: dict[tuple[str, str], int] = defaultdict(int)
    for rows in (named, others):
        for about, currency, summed in rows.values_list("matched_with", "currency").annotate(sum=Sum("amount_minor")):
            found[about, currency] += int(summed)
    cleared = Clearing.objects.filter(decision="approved").filter(Q(target__in=abouts) | Q(target__startswith=prefix))
    sums = cleared.values_list("target", "difference__currency").annotate(sum=Sum("difference__found_minor"))
    for about, currency, summed in sums:
        found[about, currency] += int(summed)
    return found


def _of_drawers(today: date) -> Iterator[Finding]:
    """What a cashier counted, and what the bank counted of it."""
    drawers = payments.list_drawers_closed_between(
        _begin(today - timedelta(days=DAYS_BACK)), _begin(today + timedelta(days=1))
    )
    banked = _banked([drawer.reference for drawer in drawers], "S-", today - timedelta(days=DAYS_BACK))
    overdue_before = _begin(_working_days_before(today, DEPOSIT_WITHIN_DAYS))
    for drawer in drawers:
        if drawer.counted is None or drawer.closed_at is None:
            continue
        counted, currency = drawer.counted.amount_minor, drawer.counted.currency
        came = banked.get((drawer.reference, currency))
        evidence = {"office": drawer.office, "closed_at": drawer.closed_at.isoformat()}
        if came is None and counted and drawer.closed_at < overdue_before:
            yield Finding(DifferenceKind.MISSING_IN_BANK, drawer.reference, "drawers", currency, counted, 0, evidence)
        elif came is not None and came != counted:
            yield Finding(DifferenceKind.BANKED_AMOUNT, drawer.reference, "drawers", currency, counted, came, evidence)


def _gaps(today: date) -> Iterator[Finding]:
    """Where a statement does not go on from the one before it."""
    for account in list_accounts():
        rows = BankStatement.objects.filter(account=account.id, closed_on__gte=today - timedelta(days=DAYS_BACK))
        for before, after in pairwise(rows.order_by("opened_on", "closed_on", "pk")):
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
