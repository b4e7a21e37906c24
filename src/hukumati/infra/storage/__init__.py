"""Where files stay: written once under a key of our own, read back against their hash. Two modules keep files, each in a place of its own.

Documents stay for ever, so their module asks for a `Storage`, which cannot take anything away. What a citizen uploaded and then gave up must
go again, so uploads ask for an `EndingStorage`.
"""

from __future__ import annotations

from typing import Protocol


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


class EndingStorage(Storage, Protocol):
    """Write once, until it is no longer needed."""

    def end(self, key: str) -> None:
        """Take the bytes away for good, durable when it returns. Nothing there is no fault."""
        ...
