"""Checkpoints in a directory: another machine's mount, or a bucket with object lock, in a real installation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

DIGITS: Final = 20


class CheckpointRefusedError(Exception):
    """Another checkpoint of this size is kept already: somebody rewrote the record."""


class FileWitness:
    """One file a checkpoint, named by its size; never replaced."""

    def __init__(self, *, directory: str) -> None:
        self._root = Path(directory)

    def keep(self, size: int, checkpoint: bytes) -> None:
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self._root / f"{size:0{DIGITS}}.json"
        fresh = self._root / f".{secrets.token_hex(8)}.part"
        try:
            with fresh.open("xb") as file:
                file.write(checkpoint)
                file.flush()
                os.fsync(file.fileno())
            os.link(fresh, target)
        except FileExistsError:
            if target.read_bytes() != checkpoint:
                raise CheckpointRefusedError(str(size)) from None
        finally:
            fresh.unlink(missing_ok=True)

    def latest_size(self) -> int:
        return max((int(path.stem) for path in self._root.glob("*.json")), default=0)

    def kept(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self._root.glob("*.json"))]
