"""What must always hold of payouts. Empty is the only good answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts import postings
from hukumati.domain.payouts.facts import PayoutsFault
from hukumati.domain.payouts.models import Payout
from hukumati.domain.payouts.queries import ordered_unpaid

if TYPE_CHECKING:
    from collections.abc import Iterator

UNREGISTERED = """
    SELECT l.reference FROM payouts_payoutline l JOIN payouts_payout p ON p.id = l.payout_id
      JOIN payouts_beneficiaryaccount b ON b.id = l.beneficiary_id
     WHERE b.approved_by = '' OR b.institution <> l.institution OR b.currency <> p.currency
        OR b.valid_from > p.pays_on OR b.ended_on <= p.pays_on
     LIMIT 100
"""
SUMS = """
    SELECT p.reference FROM payouts_payout p JOIN payouts_payoutline l ON l.payout_id = p.id
     GROUP BY p.id HAVING sum(l.amount_minor) <> p.total_minor LIMIT 100
"""


def check() -> list[PayoutsFault]:
    """Every line goes to an account that two people registered for that day; orders add up; and what is on its way is what the ledger says is."""
    return [
        *_told(UNREGISTERED, "payouts.to_an_unregistered_account"),
        *_told(SUMS, "payouts.order_does_not_add_up"),
        *_on_their_way(),
    ]


def _told(question: str, code: str) -> Iterator[PayoutsFault]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        for (reference,) in cursor.fetchall():
            yield PayoutsFault(code, reference)


def _on_their_way() -> Iterator[PayoutsFault]:
    for account, currency in Payout.objects.values_list("account", "currency").distinct():
        ordered = ordered_unpaid(account, currency)
        held = -ledger.balance(postings.transit_account(account), currency)
        if ordered != held:
            yield PayoutsFault("payouts.transit_differs", account, f"{held} in the ledger, {ordered} ordered")
