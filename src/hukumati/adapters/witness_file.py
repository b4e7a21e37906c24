"""Checkpoints in a directory of another hand: in a real installation a mount or a bucket that the database's rulers cannot write."""

from __future__ import annotations

import json
import os
from pathlib import Path


class FileWitness:
    """One line a checkpoint, one file a day of sealing; only ever appended to."""

    def __init__(self, *, directory: str) -> None:
        self._root = Path(directory)
        self._latest: int | None = None

    def keep(self, checkpoint: bytes) -> None:
        said = json.loads(checkpoint)
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._root / f"{said['sealed_at'][:10]}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(checkpoint + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._latest = max(said["size"], self.latest_size())

    def latest_size(self) -> int:
        if self._latest is None:
            self._latest = max((json.loads(line)["size"] for line in self.kept()), default=0)
        return self._latest

    def kept(self) -> list[bytes]:
        lines = [line for path in sorted(self._root.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
        return sorted(lines, key=lambda line: int(json.loads(line)["size"]))
