"""What the ledger speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.kernel.money import Money

LINES_MIN: Final = 2
LINES_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting: positive is a debit, negative a credit. Cites the case, and the instrument and article that ask for it."""

    account: str
    amount: Money
    case: str
    instrument: str
    article: str


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """One posting as it was written."""

    reference: str
    kind: str
    about: str
    posted_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """What the checker found: a stable code, the posting or currency where, and the figures."""

    code: str
    where: str
    found: str


@dataclass(eq=False)
class PostingRefused(Refused):
    """The lines are not a posting: not balanced, of two currencies, fewer than two, or of an account that is none."""

    why: str
    code: ClassVar[str] = "ledger.posting_refused"


@dataclass(eq=False)
class PostingDiffers(Refused):
    """The same kind was already posted about the same thing, with other lines."""

    kind: str
    about: str
    code: ClassVar[str] = "ledger.posting_differs"
