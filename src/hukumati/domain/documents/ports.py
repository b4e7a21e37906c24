"""What documents need of the outside: a seal, and a place where files stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Signer(Protocol):
    """Holds the institution's key and never gives it away."""

    def sign_pdf(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """The same PDF with a PAdES signature appended; the given bytes stay its beginning."""
        ...

    def sign_bytes(self, message: bytes) -> bytes:
        """A detached signature over the bytes: ECDSA P-256, SHA-256, DER."""
        ...

    def certificates(self) -> tuple[bytes, ...]:
        """DER, the signing certificate first, its issuers after it, the root last."""
        ...


class StorageConflictError(Exception):
    """Other bytes already stand under this key. What is stored is never replaced."""


class StorageMissingError(Exception):
    """Nothing stands under this key."""


class StorageDamagedError(Exception):
    """What stands under this key is not what was put there."""


class Storage(Protocol):
    """Write once, read for ever."""

    def put_once(self, key: str, content: bytes) -> None:
        """Store, durable when it returns. The same bytes again are no fault; other bytes raise StorageConflictError."""
        ...

    def get(self, key: str, *, sha256: str) -> bytes:
        """The bytes. Raises StorageMissingError, or StorageDamagedError when their hash is another."""
        ...
