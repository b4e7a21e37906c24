"""Looking for lines of the books by what they are, and keeping a question to ask it again. Only questions are kept; the books are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q

from hukumati.domain.ledger.facts import (
    LineQuestion,
    MovedLine,
    QueryFacts,
    QuestionInvalid,
    SavedQueryNotFound,
    TooManySavedQueries,
)
from hukumati.domain.ledger.models import PostingLine, SavedQuery
from hukumati.domain.ledger.queries import line_of
from hukumati.infra.audit import api as audit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from hukumati.kernel.actor import Actor

SPAN_DAYS_MAX: Final = 92
"""One question reads a quarter at most, however rare what it looks for is."""
SAVED_MAX: Final = 50
NAME_LENGTH_MAX: Final = 80
MINOR_MAX: Final = 10**15
EXPORT_LINES_MAX: Final = 200_000
EXPORT_PAGE: Final = 1_000
PREFIX: Final = re.compile(r"[a-z_]{0,40}(:[A-Za-z0-9_.-]{0,60}){0,6}")
WORD: Final = re.compile(r"[A-Za-z0-9_.:-]{0,80}")


def question(said: dict[str, Any]) -> LineQuestion:
    """What was asked, if it is a question at all. Refuses with QuestionInvalid, naming the field."""
    if not PREFIX.fullmatch(said.get("account", "")):
        raise QuestionInvalid(field="account")
    for field in ("kind", "case"):
        if not WORD.fullmatch(said.get(field, "")):
            raise QuestionInvalid(field=field)
    least, most = said.get("at_least"), said.get("at_most")
    for field, minor in (("at_least", least), ("at_most", most)):
        if minor is not None and not 0 <= minor <= MINOR_MAX:
            raise QuestionInvalid(field=field)
    if least is not None and most is not None and most < least:
        raise QuestionInvalid(field="at_most")
    return LineQuestion(
        said.get("currency", "ILS"), said.get("account", ""), said.get("kind", ""), said.get("case", ""), least, most
    )


def find_lines(asked: LineQuestion, *, since: date, until: date, before: int = 0, limit: int = 50) -> list[MovedLine]:
    """Lines of these days, latest first; one more than `limit` when there is more. Refuses with QuestionInvalid for more than a quarter."""
    if until < since or (until - since).days > SPAN_DAYS_MAX:
        raise QuestionInvalid(field="until")
    rows = PostingLine.objects.filter(_where(asked), day__gte=since, day__lte=until).select_related("posting")
    if before:
        last = PostingLine.objects.filter(pk=before).first()
        rows = rows.filter(Q(day__lt=last.day) | Q(day=last.day, id__lt=last.pk)) if last else rows
    return [
        MovedLine(
            row.pk, row.posting.reference, row.posting.kind, row.posting.about, row.posting.posted_at, line_of(row)
        )
        for row in rows.order_by("-day", "-id")[: limit + 1]
    ]


def _where(asked: LineQuestion) -> Q:
    where = Q(currency=asked.currency)
    if asked.account:
        where &= Q(account__startswith=asked.account)
    if asked.kind:
        where &= Q(posting__kind=asked.kind)
    if asked.case:
        where &= Q(case_reference=asked.case)
    if asked.at_least is not None:
        where &= Q(amount_minor__gte=asked.at_least) | Q(amount_minor__lte=-asked.at_least)
    if asked.at_most is not None:
        where &= Q(amount_minor__lte=asked.at_most, amount_minor__gte=-asked.at_most)
    return where


def export_lines(asked: LineQuestion, *, since: date, until: date) -> Iterator[MovedLine]:
    """The same lines to the end, two hundred thousand at most, without holding all of them."""
    before, told = 0, 0
    while told < EXPORT_LINES_MAX:
        page = find_lines(asked, since=since, until=until, before=before, limit=EXPORT_PAGE)
        yield from page[:EXPORT_PAGE]
        told += EXPORT_PAGE
        if len(page) <= EXPORT_PAGE:
            return
        before = page[EXPORT_PAGE - 1].place


@transaction.atomic
def save_query(name: str, asked: LineQuestion, *, shared: bool, by: Actor, at: datetime) -> QueryFacts:
    """Keep a question under a name; the same name again replaces it. Refuses with QuestionInvalid, TooManySavedQueries."""
    said = " ".join(name.split())
    if not said or len(said) > NAME_LENGTH_MAX:
        raise QuestionInvalid(field="name")
    mine = SavedQuery.objects.select_for_update().filter(owner=by.label)
    if mine.exclude(name=said).count() >= SAVED_MAX:
        raise TooManySavedQueries(queries_max=SAVED_MAX)
    row, _made = SavedQuery.objects.update_or_create(
        owner=by.label, name=said, defaults={"question": _written(asked), "shared": shared, "saved_at": at}
    )
    audit.write("ledger.query_saved", about=f"query:{row.pk}", by=by, at=at, shared=shared)
    return _facts(row)


@transaction.atomic
def forget_query(key: int, *, by: Actor, at: datetime) -> None:
    """Whoever saved it lets it go. Refuses with SavedQueryNotFound."""
    gone, _kinds = SavedQuery.objects.filter(pk=key, owner=by.label).delete()
    if not gone:
        raise SavedQueryNotFound
    audit.write("ledger.query_forgotten", about=f"query:{key}", by=by, at=at)


def list_saved_queries(*, by: Actor) -> list[QueryFacts]:
    """One's own, then those that others share."""
    rows = SavedQuery.objects.filter(Q(owner=by.label) | Q(shared=True)).order_by("name", "pk")[: SAVED_MAX * 10]
    return sorted((_facts(row) for row in rows), key=lambda one: one.owner != by.label)


def _written(asked: LineQuestion) -> dict[str, Any]:
    return {
        "currency": asked.currency,
        "account": asked.account,
        "kind": asked.kind,
        "case": asked.case,
        "at_least": asked.at_least,
        "at_most": asked.at_most,
    }


def _facts(row: SavedQuery) -> QueryFacts:
    return QueryFacts(row.pk, row.name, row.owner, row.shared, question(row.question))
