"""What documents need of the outside: a seal. The place where their files stay is `infra.storage.Storage`."""

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
