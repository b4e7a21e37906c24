"""Asking providers what they settled, and keeping each line once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog
from django.db import connection, transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.treasury import postings, rules
from hukumati.domain.treasury.accounts import list_terms
from hukumati.domain.treasury.models import SettlementLine
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import provider as provider_actor
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from hukumati.domain.payments.api import SettledLine

DAYS_BACK: Final = 7
"""A provider's list may grow late; older days are closed with them."""
log = structlog.get_logger(__name__)


def take_lists(*, at: datetime) -> int:
    """Ask every provider for the last days, oldest first; how many lines were new. One that is silent is asked again in the next round."""
    today, taken = at.astimezone(HEBRON).date(), 0
    for terms in list_terms():
        for days in range(DAYS_BACK, 0, -1):
            on = today - timedelta(days=days)
            try:
                lines = payments.list_settled(terms.provider, on)
            except payments.ProviderUnreachableError as fault:
                log.warning("treasury.provider_silent", provider=terms.provider, on=on.isoformat(), why=str(fault))
                break
            taken += take_list(terms.provider, on, lines, at=at)
    return taken


@transaction.atomic
def take_list(provider: str, on: date, lines: Sequence[SettledLine], *, at: datetime) -> int:
    """Keep the lines of a provider's day that were not told before, and post what it kept of them; how many are new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('treasury.lists'))")
    turns: Counter[tuple[str, str]] = Counter()
    rows = []
    slips = payments.list_slips([own_reference(line)[1] for line in lines]) if provider == payments.ACQUIRER else {}
    for line in lines:
        kind, named = own_reference(line)
        reference = slips.get(named, named)
        turns[kind, reference] += 1
        rows.append(_row(provider, on, line, kind, reference, turn=turns[kind, reference], at=at))
    known = set(
        SettlementLine.objects.filter(provider=provider, settled_on=on).values_list("kind", "reference", "turn")
    )
    fresh = [row for row in rows if (row.kind, row.reference, row.turn) not in known]
    SettlementLine.objects.bulk_create(fresh, batch_size=5_000)
    if fresh:
        _post_fees(provider, on, fresh, told=len(known), at=at)
        told = {"new": len(fresh), "lines": len(rows)}
        audit.write(
            "treasury.settlement_list_taken", about=f"{provider}:{on}", by=provider_actor(provider), at=at, **told
        )
    return len(fresh)


def own_reference(line: SettledLine) -> tuple[str, str]:
    """Whether it is a payment or a refund, and our reference of it; a refund without one is told by its payment."""
    if line.kind == rules.REFUND:
        return rules.REFUND, line.refund_reference or line.reference
    return rules.PAYMENT, line.reference


def _row(
    provider: str, on: date, line: SettledLine, kind: str, reference: str, *, turn: int, at: datetime
) -> SettlementLine:
    return SettlementLine(
        provider=provider,
        settled_on=on,
        kind=kind,
        reference=reference,
        turn=turn,
        amount_minor=line.amount_minor,
        fee_minor=line.fee_minor,
        currency=line.currency,
        settled_at=line.at,
        told_at=at,
    )


def _post_fees(provider: str, on: date, rows: Sequence[SettlementLine], *, told: int, at: datetime) -> None:
    """What a provider keeps never reaches the bank: it is spent. A day that grows is posted by what it grew."""
    fees: Counter[str] = Counter()
    for row in rows:
        fees[row.currency] += row.fee_minor
    for currency, minor in fees.items():
        if minor:
            about = f"{provider}:{on}:{currency}:{told + len(rows)}"
            lines = postings.moved(
                Money(minor, currency),
                into=postings.fees_account(provider),
                out_of=postings.provider_account(provider),
                case=f"{provider}:{on}",
                statement=f"settlement-{on}",
            )
            ledger.post(about, lines, kind="provider_fees", at=at)
