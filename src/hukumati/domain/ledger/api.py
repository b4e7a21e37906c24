"""The door of the ledger."""

from __future__ import annotations

from hukumati.domain.ledger.actions import post
from hukumati.domain.ledger.certificates import Signed
from hukumati.domain.ledger.closing import close_days, export_postings, find_certificate
from hukumati.domain.ledger.facts import LedgerFault, Line, PostingDiffersError, PostingFacts, PostingRefusedError
from hukumati.domain.ledger.queries import (
    balance,
    check,
    count_postings,
    find_posting,
    list_balances,
    list_certified_days,
    list_lines,
    list_postings,
    list_postings_of_case,
    posted_among,
)

__all__ = [
    "LedgerFault",
    "Line",
    "PostingDiffersError",
    "PostingFacts",
    "PostingRefusedError",
    "Signed",
    "balance",
    "check",
    "close_days",
    "count_postings",
    "export_postings",
    "find_certificate",
    "find_posting",
    "list_balances",
    "list_certified_days",
    "list_lines",
    "list_postings",
    "list_postings_of_case",
    "post",
    "posted_among",
]
