"""What documents speak in: the issued document, what a verifier is told, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.kernel.text import Text


class DocumentState(StrEnum):
    """What a document is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """An issued document as its holder and the office see it. `state` is valid or revoked; whether its days are over, `is_over` says."""

    reference: str
    verification_code: str
    about: str
    kind: str
    holder: int
    title: Text
    institution: Text
    language: str
    issued_at: datetime
    valid_until: date | None
    sha256: str
    size_bytes: int
    state: DocumentState
    revoked_at: datetime | None
    revoked_reason: str
    times_checked: int
    last_checked_at: datetime | None

    def is_over(self, *, on: date) -> bool:
        """Whether its validity has ended by that day."""
        return self.valid_until is not None and on >= self.valid_until


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody who holds the code is told: enough to compare with the paper, nothing to learn from. `about` is for us, not for them."""

    state: DocumentState
    kind: str
    about: str
    title: Text
    institution: Text
    reference: str
    issued_at: datetime
    valid_until: date | None
    revoked_at: datetime | None
    masked_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file to hand out."""

    name: str
    content: bytes


@dataclass(eq=False)
class DocumentNotFound(Refused):
    """No such document, or not yours: the same answer."""

    code: ClassVar[str] = "documents.not_found"


@dataclass(eq=False)
class AlreadyRevoked(Refused):
    """A document is revoked once."""

    reference: str
    code: ClassVar[str] = "documents.already_revoked"


@dataclass(eq=False)
class RevocationReasonMissing(Refused):
    """Whoever revokes says why."""

    code: ClassVar[str] = "documents.revocation_reason_missing"


@dataclass(eq=False)
class TooManyChecks(Refused):
    """This address has checked very many codes; `retry_seconds` until it may again."""

    retry_seconds: int
    code: ClassVar[str] = "documents.too_many_checks"


@dataclass(eq=False)
class FileTooLarge(Refused):
    """Larger than any document we issue."""

    megabytes_max: int
    code: ClassVar[str] = "documents.file_too_large"


class TemplateFaultError(Exception):
    """A template does not compile with these data. The message is the compiler's."""


class SealerBehindError(Exception):
    """The audit record has not been sealed for long: without proof no documents. Issuing goes on when the sealer does."""


class RenderDiffersError(Exception):
    """Rendering the same inputs again gave other bytes: another renderer, other fonts, or touched inputs."""
