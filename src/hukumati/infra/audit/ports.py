"""What the record needs of the outside: a seal, and a witness in other hands."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """Holds the sealing key and never gives it away."""

    def sign_bytes(self, message: bytes) -> bytes:
        """A detached signature over the bytes: ECDSA P-256, SHA-256, DER."""
        ...

    def certificates(self) -> tuple[bytes, ...]:
        """DER, the signing certificate first."""
        ...


class Witness(Protocol):
    """Keeps checkpoints where whoever rules the database does not rule: what a rewritten record cannot agree with."""

    def keep(self, checkpoint: bytes) -> None:
        """Keep one checkpoint (JSON, one line), durable when it returns. Keeping the same twice is no fault."""
        ...

    def latest_size(self) -> int:
        """The size of the newest checkpoint kept; 0 when none is."""
        ...

    def kept(self) -> list[bytes]:
        """Every checkpoint kept, by size."""
        ...
