"""What the ledger needs of the outside: a hand that signs its certificates."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """Holds the signing key and never gives it away."""

    def sign_bytes(self, message: bytes) -> bytes:
        """A detached signature over the bytes: ECDSA P-256, SHA-256, DER."""
        ...

    def certificates(self) -> tuple[bytes, ...]:
        """DER, the signing certificate first."""
        ...
