"""Reads of the ledger. Every figure is a sum of lines."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from hukumati.domain.ledger.facts import LedgerFault, Line, MovedLine, PostingFacts, PostingNotFound
from hukumati.domain.ledger.models import DayCertificate, Posting, PostingLine
from hukumati.kernel.money import Money
from hukumati.kernel.reference import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

FAULTS_MAX = 1000
POSTINGS_MAX = 500
ACCOUNT = re.compile(r"[a-z_]+(:[A-Za-z0-9_.-]+)*")
"""The constraint `line_account_is_well_named`: no other account can have lines."""

CHECK_POSTINGS = """
    SELECT p.reference, p.lines_count, count(l.id), coalesce(sum(l.amount_minor), 0),
           coalesce(bool_or(l.currency <> p.currency), false)
    FROM ledger_posting p LEFT JOIN ledger_postingline l ON l.posting_id = p.id
    GROUP BY p.id
    HAVING count(l.id) <> p.lines_count OR count(l.id) < 2 OR sum(l.amount_minor) <> 0 OR bool_or(l.currency <> p.currency)
    ORDER BY p.id LIMIT %s
"""
CHECK_ORPHANS = """
    SELECT l.id FROM ledger_postingline l LEFT JOIN ledger_posting p ON p.id = l.posting_id WHERE p.id IS NULL ORDER BY l.id LIMIT %s
"""
CHECK_DAYS = """
    WITH summed AS (
        SELECT l.day, l.account, l.currency, sum(greatest(l.amount_minor, 0)) AS debit, sum(greatest(-l.amount_minor, 0)) AS credit, count(*) AS lines
          FROM ledger_postingline l JOIN ledger_daycertificate c ON c.day = l.day GROUP BY l.day, l.account, l.currency
    )
    SELECT coalesce(summed.day, b.day), coalesce(summed.account, b.account)
      FROM summed FULL JOIN ledger_daybalance b ON (b.day, b.account, b.currency) = (summed.day, summed.account, summed.currency)
     WHERE (summed.debit, summed.credit, summed.lines) IS DISTINCT FROM (b.debit_minor, b.credit_minor, b.lines_count)
     ORDER BY 1, 2 LIMIT %s
"""
CHECK_OPENINGS = """
    SELECT day, account FROM (
        SELECT day, account, opening_minor, coalesce(lag(closing_minor) OVER (PARTITION BY account, currency ORDER BY day), 0) AS before
          FROM ledger_daybalance) held
     WHERE opening_minor <> before ORDER BY day, account LIMIT %s
"""
CHECK_SUMS = (
    "SELECT currency, sum(amount_minor) FROM ledger_postingline GROUP BY currency HAVING sum(amount_minor) <> 0"
)


# What stood at the end of the last certified day, and the lines since: a balance is as quick after a hundred million lines as after a thousand.
BALANCE = """
    SELECT coalesce((SELECT closing_minor FROM ledger_daybalance WHERE account = %(account)s AND currency = %(currency)s
                      ORDER BY day DESC LIMIT 1), 0)
         + coalesce((SELECT sum(amount_minor) FROM ledger_postingline WHERE account = %(account)s AND currency = %(currency)s
                        AND day > coalesce((SELECT max(day) FROM ledger_daycertificate), '-infinity')), 0)
"""
BALANCES = """
    WITH held AS (
        SELECT DISTINCT ON (account) account, closing_minor AS amount FROM ledger_daybalance
         WHERE currency = %(currency)s AND starts_with(account, %(prefix)s) ORDER BY account, day DESC
    ), since AS (
        SELECT account, sum(amount_minor) AS amount FROM ledger_postingline
         WHERE currency = %(currency)s AND starts_with(account, %(prefix)s)
           AND day > coalesce((SELECT max(day) FROM ledger_daycertificate), '-infinity')
         GROUP BY account
    )
    SELECT account, coalesce(held.amount, 0) + coalesce(since.amount, 0) FROM held FULL JOIN since USING (account) ORDER BY account
"""
HELD_AT = """
    SELECT DISTINCT ON (account) account, closing_minor FROM ledger_daybalance
     WHERE currency = %(currency)s AND starts_with(account, %(prefix)s) AND day <= %(day)s ORDER BY account, day DESC
"""
EARNED = """
    SELECT day, sum(credit_minor - debit_minor) FROM ledger_daybalance
     WHERE currency = %(currency)s AND starts_with(account, %(prefix)s) AND day > %(after)s AND day <= %(until)s GROUP BY day ORDER BY day
"""
HELD_BEFORE = """
    SELECT asked.account, asked.currency, held.closing_minor
      FROM unnest(%s::text[], %s::text[]) AS asked(account, currency)
      CROSS JOIN LATERAL (SELECT closing_minor FROM ledger_daybalance b
                           WHERE b.account = asked.account AND b.currency = asked.currency AND b.day < %s
                           ORDER BY b.day DESC LIMIT 1) held
"""


def balance(account: str, currency: str = "ILS") -> Money:
    """What the lines of one account sum to: debits less credits. Read it after the lock that your decision needs."""
    if not ACCOUNT.fullmatch(account):
        return Money(0, currency)
    with connection.cursor() as cursor:
        cursor.execute(BALANCE, {"account": account, "currency": currency})
        (amount,) = cursor.fetchone()
    return Money(int(amount), currency)


def list_balances(prefix: str = "", *, currency: str = "ILS") -> dict[str, Money]:
    """Every account whose name starts so, and its balance."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"prefix": prefix, "currency": currency})
        return {account: Money(int(amount), currency) for account, amount in cursor.fetchall()}


def list_held_at(prefix: str, day: date, *, currency: str = "ILS") -> dict[str, Money]:
    """What every account whose name starts so held at the end of a certified day."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_AT, {"prefix": prefix, "currency": currency, "day": day})
        return {account: Money(int(held), currency) for account, held in cursor.fetchall()}


def list_earned(prefix: str, *, after: date | None, until: date, currency: str = "ILS") -> list[tuple[date, int]]:
    """Day by day what these accounts were credited beyond their debits on certified days after `after` and until `until`; minor units."""
    told: dict[str, str | date] = {
        "prefix": prefix,
        "currency": currency,
        "after": after or date.min,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(EARNED, told)
        return [(day, int(minor)) for day, minor in cursor.fetchall()]


def held_before(day: date, accounts: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """What these accounts (name, currency) held when a day began, as the days before it were certified; minor units."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_BEFORE, [[name for name, _ in accounts], [currency for _, currency in accounts], day])
        return {(account, currency): int(held) for account, currency, held in cursor.fetchall()}


def list_certified_days(*, limit: int = 400) -> list[tuple[date, str]]:
    """The days that are certified, latest first, with the digest of each certificate."""
    return list(DayCertificate.objects.order_by("-day").values_list("day_id", "digest")[:limit])


def list_account_lines(account: str, *, currency: str = "ILS", before: int = 0, limit: int = 50) -> list[MovedLine]:
    """What moved on an account, latest first; `before` is the place of the last one of the page before. One more than `limit` when there is more."""
    if not ACCOUNT.fullmatch(account):
        return []
    rows = (
        PostingLine.objects.filter(account=account, currency=currency).select_related("posting").order_by("-day", "-id")
    )
    last = PostingLine.objects.filter(pk=before).first() if before else None
    if last is not None:
        rows = rows.filter(Q(day__lt=last.day) | Q(day=last.day, id__lt=last.pk))
    return [
        MovedLine(
            row.pk, row.posting.reference, row.posting.kind, row.posting.about, row.posting.posted_at, line_of(row)
        )
        for row in rows[: limit + 1]
    ]


def get_posting(reference: str) -> PostingFacts:
    """Refuses with PostingNotFound."""
    rows = PostingLine.objects.filter(posting__reference=reference if is_reference(reference) else "")
    found = next(iter(_postings(rows)), None)
    if found is None:
        raise PostingNotFound
    return found


def find_posting(about: str, *, kind: str) -> PostingFacts | None:
    """The posting of this kind about this thing, if it was made."""
    rows = PostingLine.objects.filter(posting__about=about, posting__kind=kind)
    return next(iter(_postings(rows)), None)


def list_postings(about: str) -> list[PostingFacts]:
    """Everything that was posted about this thing, oldest first."""
    return list(_postings(PostingLine.objects.filter(posting__about=about)))


def list_postings_of_case(case: str) -> list[PostingFacts]:
    """Everything that moved for one case, oldest first; each posting whole."""
    mine = PostingLine.objects.filter(case_reference=case).values("posting_id")[:POSTINGS_MAX]
    return list(_postings(PostingLine.objects.filter(posting_id__in=mine)))


def list_lines(about: str) -> list[Line]:
    """The lines of every posting about this thing, oldest first."""
    return [line for posting in list_postings(about) for line in posting.lines]


def count_postings(kind: str) -> int:
    """How many postings of a kind there are."""
    return Posting.objects.filter(kind=kind).count()


def posted_among(abouts: Sequence[str], *, kind: str) -> set[str]:
    """Those of these things about which this kind was posted."""
    return set(Posting.objects.filter(kind=kind, about__in=abouts).values_list("about", flat=True))


def check() -> list[LedgerFault]:
    """Read the whole ledger and list what must never be there. Empty is the only good answer."""
    with connection.cursor() as cursor:
        cursor.execute(CHECK_POSTINGS, [FAULTS_MAX])
        faults = [_posting_fault(*row) for row in cursor.fetchall()]
        cursor.execute(CHECK_ORPHANS, [FAULTS_MAX])
        faults += [LedgerFault("ledger.line_without_posting", str(line), "") for (line,) in cursor.fetchall()]
        for code, query in (
            ("ledger.day_differs_from_lines", CHECK_DAYS),
            ("ledger.day_opens_elsewhere", CHECK_OPENINGS),
        ):
            cursor.execute(query, [FAULTS_MAX])
            faults += [LedgerFault(code, f"{day} {account}", "") for day, account in cursor.fetchall()]
        cursor.execute(CHECK_SUMS)
        faults += [LedgerFault("ledger.sum_is_not_zero", currency, str(left)) for currency, left in cursor.fetchall()]
    return faults


def _posting_fault(reference: str, promised: int, found: int, left: int, mixed: bool) -> LedgerFault:  # noqa: FBT001 (a row)
    if mixed:
        return LedgerFault("ledger.currencies_mixed", reference, "")
    if found != promised:
        return LedgerFault("ledger.lines_missing_or_added", reference, f"{found} of {promised}")
    return LedgerFault("ledger.posting_unbalanced", reference, str(left))


def _postings(rows: QuerySet[PostingLine]) -> Iterable[PostingFacts]:
    ordered = rows.select_related("posting").order_by("posting_id", "position")
    for _, group in groupby(ordered, key=_posting_key):
        lines = list(group)
        posting = lines[0].posting
        yield PostingFacts(
            posting.reference, posting.kind, posting.about, posting.posted_at, tuple(map(line_of, lines))
        )


def _posting_key(row: PostingLine) -> int:
    return row.posting_id


def line_of(row: PostingLine) -> Line:
    return Line(row.account, Money(row.amount_minor, row.currency), row.case_reference, row.instrument, row.article)
