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
class MovedLine:
    """A line with the posting it stands in; `place` orders the lines of an account, later ones higher."""

    place: int
    posting_reference: str
    kind: str
    about: str
    posted_at: datetime
    line: Line


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """What the checker found: a stable code, the posting or currency where, and the figures."""

    code: str
    where: str
    found: str


@dataclass(eq=False)
class PostingNotFound(Refused):
    code: ClassVar[str] = "ledger.posting_not_found"


@dataclass(eq=False)
class CertificateNotFound(Refused):
    """The day has not ended, or nothing was posted by then."""

    code: ClassVar[str] = "ledger.certificate_not_found"


class PostingRefusedError(Exception):
    """The lines are no posting: not balanced, of two currencies, fewer than two, or of an account that is none. A programmer's fault."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PostingDiffersError(Exception):
    """The same kind was already posted about the same thing, with other lines: two verbs told two stories of one event."""

    def __init__(self, *, kind: str, about: str) -> None:
        super().__init__(f"{kind} about {about} was posted with other lines")
        self.kind = kind
        self.about = about
