"""The door of the ledger."""

from __future__ import annotations

from hukumati.domain.ledger.actions import note_look, post
from hukumati.domain.ledger.certificates import Signed, body_of
from hukumati.domain.ledger.closing import close_days, export_postings, find_certificate
from hukumati.domain.ledger.facts import (
    CertificateNotFound,
    LedgerFault,
    Line,
    MovedLine,
    PostingDiffersError,
    PostingFacts,
    PostingNotFound,
    PostingRefusedError,
)
from hukumati.domain.ledger.queries import (
    balance,
    check,
    count_postings,
    find_posting,
    get_posting,
    list_account_lines,
    list_balances,
    list_certified_days,
    list_earned,
    list_held_at,
    list_lines,
    list_postings,
    list_postings_of_case,
    posted_among,
)

__all__ = [
    "CertificateNotFound",
    "LedgerFault",
    "Line",
    "MovedLine",
    "PostingDiffersError",
    "PostingFacts",
    "PostingNotFound",
    "PostingRefusedError",
    "Signed",
    "balance",
    "body_of",
    "check",
    "close_days",
    "count_postings",
    "export_postings",
    "find_certificate",
    "find_posting",
    "get_posting",
    "list_account_lines",
    "list_balances",
    "list_certified_days",
    "list_earned",
    "list_held_at",
    "list_lines",
    "list_postings",
    "list_postings_of_case",
    "note_look",
    "post",
    "posted_among",
]
