"""Reads of the ledger. Every figure is a sum of lines."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Sum

from hukumati.domain.ledger.facts import LedgerFault, Line, PostingFacts
from hukumati.domain.ledger.models import Posting, PostingLine
from hukumati.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

FAULTS_MAX = 1000
POSTINGS_MAX = 500

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
CHECK_SUMS = (
    "SELECT currency, sum(amount_minor) FROM ledger_postingline GROUP BY currency HAVING sum(amount_minor) <> 0"
)


def balance(account: str, currency: str = "ILS") -> Money:
    """What the lines of one account sum to: debits less credits. Read it after the lock that your decision needs."""
    lines = PostingLine.objects.filter(account=account, currency=currency)
    return Money(int(lines.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def list_balances(prefix: str = "", *, currency: str = "ILS") -> dict[str, Money]:
    """Every account whose name starts so, and its balance."""
    lines = PostingLine.objects.filter(currency=currency, account__startswith=prefix)
    sums = lines.values_list("account").annotate(sum=Sum("amount_minor")).order_by("account")
    return {account: Money(int(amount), currency) for account, amount in sums}


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
        yield PostingFacts(posting.reference, posting.kind, posting.about, posting.posted_at, tuple(map(_line, lines)))


def _posting_key(row: PostingLine) -> int:
    return row.posting_id


def _line(row: PostingLine) -> Line:
    return Line(row.account, Money(row.amount_minor, row.currency), row.case_reference, row.instrument, row.article)
