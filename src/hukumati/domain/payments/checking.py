"""What must always hold between charges, receipts and the ledger, read over all of them. Empty is the only good answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments.facts import AttemptState, ChargeState, PaymentsFault, RefundState, Way
from hukumati.domain.payments.models import Attempt, Charge, Receipt, ReceiptSeries, Refund, Slip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

FAULTS_MAX = 1000
BATCH = 1000


def check() -> list[PaymentsFault]:
    """Every broken promise found, a thousand of a kind at most."""
    return [*_unreceipted(), *_unposted(), *_homeless_money(), *_gaps(), *_wrong_sums(), *_slips()]


def _unreceipted() -> Iterator[PaymentsFault]:
    paid = Charge.objects.filter(state=ChargeState.PAID)
    lone = paid.exclude(receipt_reference__in=Receipt.objects.values("reference"))
    for reference in lone.values_list("reference", flat=True)[:FAULTS_MAX]:
        yield PaymentsFault("payments.paid_without_receipt", reference)
    undue = Receipt.objects.exclude(charge__state=ChargeState.PAID, charge__receipt_reference=F("reference"))
    for reference in undue.values_list("reference", flat=True)[:FAULTS_MAX]:
        yield PaymentsFault("payments.receipt_without_due_fee", reference)


def _unposted() -> Iterator[PaymentsFault]:
    """Each receipt has its posting, each promise of a refund too, and there are no postings beyond them."""
    for kind, said in (
        ("charge_confirmed", Receipt.objects.values_list("charge__reference", flat=True)),
        ("refund_promised", Refund.objects.values_list("reference", flat=True)),
        ("refund_confirmed", Refund.objects.filter(state="confirmed").values_list("reference", flat=True)),
    ):
        count, batch = 0, list[str]()
        for about in said.order_by("pk").iterator(chunk_size=BATCH):
            count += 1
            batch.append(about)
            if len(batch) == BATCH:
                yield from _missing(batch, kind)
                batch = []
        yield from _missing(batch, kind)
        if (posted := ledger.count_postings(kind)) != count:
            yield PaymentsFault("payments.postings_do_not_match", kind, f"{posted} of {count}")


def _missing(abouts: list[str], kind: str) -> Iterator[PaymentsFault]:
    for about in sorted(set(abouts) - ledger.posted_among(abouts, kind=kind)):
        yield PaymentsFault("payments.not_posted", about, kind)


def _homeless_money() -> Iterator[PaymentsFault]:
    """A payment that came in bought a receipt, or goes back."""
    paid = Attempt.objects.filter(state=AttemptState.PAID)
    kept = Q(pk__in=Receipt.objects.values("attempt")) | Q(pk__in=Refund.objects.values("attempt"))
    for reference in paid.exclude(kept).values_list("reference", flat=True)[:FAULTS_MAX]:
        yield PaymentsFault("payments.paid_for_nothing", reference)


def _gaps() -> Iterator[PaymentsFault]:
    series = Receipt.objects.values("year").annotate(count=Count("pk"), last=Max("number")).order_by("year")
    promised = dict(ReceiptSeries.objects.values_list("year", "last_number"))
    for row in series:
        if not row["count"] == row["last"] == promised.get(row["year"]):
            yield PaymentsFault(
                "payments.receipt_numbers_have_gaps", str(row["year"]), f"{row['count']} of {row['last']}"
            )


def _wrong_sums() -> Iterator[PaymentsFault]:
    summed = Charge.objects.annotate(sum=Coalesce(Sum("lines__amount_minor"), 0)).exclude(sum=F("total_minor"))
    for reference in summed.values_list("reference", flat=True)[:FAULTS_MAX]:
        yield PaymentsFault("payments.lines_do_not_sum", reference)


def _slips() -> Iterator[PaymentsFault]:
    """What a terminal took or gave back has its slip, of the same sum."""
    taken = Attempt.objects.filter(way=Way.TERMINAL, state=AttemptState.PAID)
    for reference in taken.exclude(pk__in=_with_slip("attempt")).values_list("reference", flat=True)[:FAULTS_MAX]:
        yield PaymentsFault("payments.terminal_without_slip", reference)
    given = Refund.objects.filter(attempt__way=Way.TERMINAL, state=RefundState.CONFIRMED)
    for reference in given.exclude(pk__in=_with_slip("refund")).values_list("reference", flat=True)[:FAULTS_MAX]:
        yield PaymentsFault("payments.terminal_without_slip", reference)


def _with_slip(of: str) -> QuerySet[Slip, int]:
    fits = Slip.objects.filter(**{f"{of}__isnull": False, f"{of}__amount_minor": F("amount_minor")})
    return fits.values_list(f"{of}_id", flat=True)
