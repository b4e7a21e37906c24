"""The door of the ledger."""

from __future__ import annotations

from hukumati.domain.ledger.actions import post
from hukumati.domain.ledger.facts import LedgerFault, Line, PostingDiffersError, PostingFacts, PostingRefusedError
from hukumati.domain.ledger.queries import (
    balance,
    check,
    count_postings,
    find_posting,
    list_balances,
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
    "balance",
    "check",
    "count_postings",
    "find_posting",
    "list_balances",
    "list_lines",
    "list_postings",
    "list_postings_of_case",
    "post",
    "posted_among",
]
