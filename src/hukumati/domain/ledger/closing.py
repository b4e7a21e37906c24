"""Ending a day: no more postings into it, what each account held at its end, and the signed certificate of it. Twice is once."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import Max, Min

from hukumati.domain.ledger import certificates
from hukumati.domain.ledger.certificates import Signed, Tally
from hukumati.domain.ledger.models import ClosedDay, DayBalance, DayCertificate, Posting
from hukumati.domain.ledger.queries import held_before
from hukumati.infra.audit import api as audit
from hukumati.infra.ports import adapter
from hukumati.kernel.calendar import HEBRON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from hukumati.domain.ledger.ports import Signer
    from hukumati.kernel.actor import Actor

GRACE: Final = timedelta(minutes=30)
"""A request that began before midnight has long ended by then; one that has not is refused, and nothing of it is kept."""
DAYS_AT_ONCE_MAX: Final = 400
FETCHED_AT_ONCE: Final = 2_000

# Sorted by the posting, which is numbered as it was written: the digest of a closed day is the same whenever it is made.
POSTINGS = """
    SELECT p.reference, p.kind, p.about, p.posted_at, p.currency, l.accounts, l.amounts, l.cases, l.instruments, l.articles
      FROM (SELECT posting_id, array_agg(account ORDER BY position) AS accounts, array_agg(amount_minor ORDER BY position) AS amounts,
                   array_agg(case_reference ORDER BY position) AS cases, array_agg(instrument ORDER BY position) AS instruments,
                   array_agg(article ORDER BY position) AS articles
              FROM ledger_postingline WHERE day = %s GROUP BY posting_id) l
      JOIN ledger_posting p ON p.id = l.posting_id
     ORDER BY p.id
"""


def close_days(*, by: Actor, at: datetime) -> list[date]:
    """Close and certify every day that ended half an hour ago or earlier; those that were certified now, in order."""
    first = _first_uncertified()
    if first is None:
        return []
    last = (at - GRACE).astimezone(HEBRON).date() - timedelta(days=1)
    days = [first + timedelta(days=n) for n in range(min((last - first).days + 1, DAYS_AT_ONCE_MAX))]
    certified = []
    for day in days:
        # Committed by itself, so that postings of the new day wait only for those of the old one, and not for the sums.
        ClosedDay.objects.get_or_create(day=day, defaults={"closed_at": at})
        if _certify(day, by=by, at=at):
            certified.append(day)
    return certified


def postings_of(day: date) -> Iterator[dict[str, Any]]:
    """Every posting of a day, as it stands in the export, without holding them all. Within a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(POSTINGS, [day])
        while rows := cursor.fetchmany(FETCHED_AT_ONCE):
            yield from map(_posting, rows)


def _posting(row: tuple[Any, ...]) -> dict[str, Any]:
    reference, kind, about, posted_at, currency, *columns = row
    names = ("account", "amount", "case", "instrument", "article")
    return {
        "reference": reference,
        "kind": kind,
        "about": about,
        "posted_at": posted_at.astimezone(UTC).isoformat(),
        "currency": currency,
        "lines": [dict(zip(names, line, strict=True)) for line in zip(*columns, strict=True)],
    }


def export_postings(day: date) -> Iterator[bytes]:
    """The postings of a day as the lines whose digest its certificate names."""
    with transaction.atomic():
        for posting in postings_of(day):
            yield certificates.posting_line(posting)


def _first_uncertified() -> date | None:
    """The day after the last certificate, or the day of the first posting of all."""
    last = DayCertificate.objects.aggregate(last=Max("day"))["last"]
    if last is not None:
        return last + timedelta(days=1)  # type: ignore[no-any-return]
    first = Posting.objects.aggregate(first=Min("posted_at"))[
        "first"
    ]  # the whole table, once: there is no day before the first
    return first.astimezone(HEBRON).date() if first else None


@transaction.atomic
def _certify(day: date, *, by: Actor, at: datetime) -> bool:
    ClosedDay.objects.select_for_update().get(day=day)  # of two workers that wake at once, the second finds it done
    if DayCertificate.objects.filter(day=day).exists():
        return False
    tally = Tally()
    for posting in postings_of(day):
        tally.add(posting)
    opening = held_before(day, list(tally.accounts))
    content = certificates.body(tally, day=day, before=find_certificate_before(day), opening=opening)
    DayBalance.objects.bulk_create([_row(day, row) for row in content["accounts"]], batch_size=FETCHED_AT_ONCE)
    signed = _sign(certificates.canonical(content))
    DayCertificate.objects.create(
        day_id=day,
        body=signed.body,
        digest=signed.digest,
        previous=content["previous"],
        protected=signed.protected,
        signature=signed.signature,
        certified_at=at,
    )
    audit.write("ledger.day_certified", about=day.isoformat(), by=by, at=at, digest=signed.digest, lines=tally.lines)
    return True


def find_certificate(day: date) -> Signed | None:
    """The certificate of a day, as it was signed."""
    row = DayCertificate.objects.filter(day=day).first()
    return _signed(row) if row else None


def find_certificate_before(day: date) -> Signed | None:
    """The last certificate before a day."""
    row = DayCertificate.objects.filter(day__lt=day).order_by("-day").first()
    return _signed(row) if row else None


def _signed(row: DayCertificate) -> Signed:
    return Signed(bytes(row.body), bytes(row.protected), bytes(row.signature))


def _sign(body: bytes) -> Signed:
    signer: Signer = adapter("ledger.signer")
    protected = certificates.header(signer.certificates())
    der = signer.sign_bytes(certificates.signing_input(protected, body))
    return Signed(body, protected, certificates.raw_signature(der))


def _row(day: date, row: dict[str, Any]) -> DayBalance:
    return DayBalance(
        day_id=day,
        account=row["account"],
        currency=row["currency"],
        opening_minor=row["opening"],
        debit_minor=row["debit"],
        credit_minor=row["credit"],
        closing_minor=row["closing"],
        lines_count=row["lines"],
    )
