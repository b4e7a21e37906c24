"""Files in a directory of this machine. For one node; several nodes need an object store with object lock."""

from __future__ import annotations

import os
import re
import secrets
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import Final

from hukumati.infra.storage import StorageConflictError, StorageDamagedError, StorageMissingError

KEY: Final = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+){0,6}(?:\.[a-z0-9]{1,8})?")
KEY_CHARACTERS_MAX: Final = 200


class LocalStorage:
    """Put once by a hard link, which is atomic and refuses to replace."""

    def __init__(self, *, directory: str) -> None:
        self._root = Path(directory)

    def put_once(self, key: str, content: bytes) -> None:
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = target.parent / f".{secrets.token_hex(8)}.part"
        try:
            _write_durably(fresh, content)
            os.link(fresh, target)
        except FileExistsError:
            if target.read_bytes() != content:
                raise StorageConflictError(key) from None
        finally:
            fresh.unlink(missing_ok=True)
        _sync_directory(target.parent)

    def get(self, key: str, *, sha256: str) -> bytes:
        try:
            content = self._path(key).read_bytes()
        except FileNotFoundError:
            raise StorageMissingError(key) from None
        if sha256_of(content).hexdigest() != sha256:
            raise StorageDamagedError(key)
        return content

    def end(self, key: str) -> None:
        target = self._path(key)
        target.unlink(missing_ok=True)
        if target.parent.exists():
            _sync_directory(target.parent)

    def _path(self, key: str) -> Path:
        """Keys are our own; the pattern leaves no way out of the directory: no dots but one suffix, no empty part."""
        if len(key) > KEY_CHARACTERS_MAX or not KEY.fullmatch(key):
            raise ValueError(f"not a storage key: {key!r}")
        return self._root / key


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
