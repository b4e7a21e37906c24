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
class LineQuestion:
    """Which lines are looked for: of a currency, whose account begins so, of a kind of posting, of a case, whose size lies between. Empty is any."""

    currency: str = "ILS"
    account: str = ""
    kind: str = ""
    case: str = ""
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """A question that somebody kept."""

    key: int
    name: str
    owner: str
    shared: bool
    question: LineQuestion


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


@dataclass(eq=False)
class QuestionInvalid(Refused):
    """`field` is no such thing: account, kind, case, at_least, at_most, until, name."""

    field: str
    code: ClassVar[str] = "ledger.question_invalid"


@dataclass(eq=False)
class SavedQueryNotFound(Refused):
    code: ClassVar[str] = "ledger.saved_query_not_found"


@dataclass(eq=False)
class TooManySavedQueries(Refused):
    queries_max: int
    code: ClassVar[str] = "ledger.too_many_saved_queries"
