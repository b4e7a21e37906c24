"""What stands beside the service folders, in TOML: once for the State, and in each institution's own folder.

`instruments.toml` at the root names the laws of all, `interior/instruments.toml` those of one ministry. So a new service, or a register
that a ministry connects, touches nobody else's file; and a file that is broken takes nothing down but what it declares.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def rows(root: Path, file: str, table: str) -> dict[str, dict[str, Any]]:
    """The rows of this table by their `id`, the State's first, then each institution's. Read once, and again when a file was written anew.

    A file that cannot be read declares nothing, and of two rows with one id the first counts: `faults` tells of both.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in _files(root, file):
        for name, row in _read(path, table)[0].items():
            found.setdefault(name, row)
    return found


def faults(root: Path, file: str, table: str, *, institution: str) -> list[str]:
    """What is wrong with the State's file, or with this institution's, in plain words; empty when nothing is."""
    told, known = [], set[str]()
    for path in _files(root, file):
        own, fault = _read(path, table)
        if path.parent in (root, root / institution):
            twice = sorted(set(own) & known)
            told += [fault] if fault else []
            told += (
                [f"{path.relative_to(root)} declares again what stands elsewhere: {', '.join(twice)}"] if twice else []
            )
        known |= set(own)
    return told


def _files(root: Path, file: str) -> Iterator[Path]:
    yield from (path for path in (root / file, *sorted(root.glob(f"*/{file}"))) if path.is_file())


def _read(path: Path, table: str) -> tuple[dict[str, dict[str, Any]], str]:
    return _parsed(path, table, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _parsed(path: Path, table: str, _written: int) -> tuple[dict[str, dict[str, Any]], str]:
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
        return {row["id"]: row for row in declared[table]}, ""
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as fault:
        return {}, f"{path.parent.name}/{path.name} cannot be read: {fault!r}"
