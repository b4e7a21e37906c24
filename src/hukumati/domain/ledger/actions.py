"""The one thing that changes the ledger: adding to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation, ForeignKeyViolation, UniqueViolation

from hukumati.domain.ledger.facts import LINES_MAX, LINES_MIN, PostingDiffersError, PostingRefusedError
from hukumati.infra.audit import api as audit
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.reference import new_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hukumati.domain.ledger.facts import Line
    from hukumati.kernel.actor import Actor

POST = (
    "SELECT ledger_post(%s, %s, %s, %s, %s, %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])"
)


def post(about: str, lines: Sequence[Line], *, kind: str, at: datetime) -> str:
    """Write one posting, in one statement, within the caller's transaction (its own when there is none); returns its reference.

    The same `kind` about the same thing with the same lines is an echo: nothing is written and the first reference comes back.
    Raises PostingDiffersError when the echo has other lines, PostingRefusedError when the database finds no balance: faults, not answers,
    so there is no savepoint to go on from: the caller's transaction is over.
    """
    if not LINES_MIN <= len(lines) <= LINES_MAX:
        raise PostingRefusedError(why="posting_has_two_sides")
    reference = new_reference("L", year=at.astimezone(HEBRON).year)
    values: list[Any] = [reference, kind, about, at, lines[0].amount.currency, *_columns(lines)]
    try:
        with connection.cursor() as cursor:
            cursor.execute(POST, values)
            (written,) = cursor.fetchone()
    except IntegrityError as fault:
        raise _refusal(fault, kind=kind, about=about) from fault
    return str(written)


@transaction.atomic
def note_look(what: str, *, by: Actor, at: datetime) -> None:
    """Whoever looks at the books is on record, like whoever reads a person's data."""
    audit.write("ledger.looked_at", about=what, by=by, at=at)


def _columns(lines: Sequence[Line]) -> tuple[list[str | int], ...]:
    return (
        [line.account for line in lines],
        [line.amount.amount_minor for line in lines],
        [line.amount.currency for line in lines],
        [line.case for line in lines],
        [line.instrument for line in lines],
        [line.article for line in lines],
    )


def _refusal(fault: IntegrityError, *, kind: str, about: str) -> Exception:
    match fault.__cause__:
        case UniqueViolation():
            return PostingDiffersError(kind=kind, about=about)
        case CheckViolation() | ForeignKeyViolation() as cause:
            return PostingRefusedError(why=cause.diag.constraint_name or "unknown")
    return fault
