"""Where in a TOML file something stands, so that a fault can name its line. Follows the layout we write; values are not parsed."""

from __future__ import annotations

import re

type Path = tuple[str | int, ...]

TABLE = re.compile(r"^\s*\[(?!\[)\s*([^\]]+?)\s*\]")
ARRAY_TABLE = re.compile(r"^\s*\[\[\s*([^\]]+?)\s*\]\]")
KEY = re.compile(r"^\s*([\w.\"'-]+)\s*=\s*(.*)$")


class Lines:
    """Line numbers of every key, table and array entry of one file."""

    def __init__(self, text: str) -> None:
        self._at: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._table: Path = ()
        self._array: Path | None = None
        self._entry = 0
        self._quoted = False
        for number, line in enumerate(text.splitlines(), 1):
            self._read(line, number)

    def of(self, path: Path) -> int:
        """The line of the path, or of the nearest thing around it."""
        while path and path not in self._at:
            path = path[:-1]
        return self._at.get(path, 1)

    def _read(self, line: str, number: int) -> None:
        if self._quoted or line.count('"""') == 1:
            self._quoted ^= line.count('"""') % 2 == 1
            if not KEY.match(line):
                return
        if self._array is not None:
            self._read_entry(line, number)
        elif found := ARRAY_TABLE.match(line):
            path = self._resolved(found[1])
            self._counts[path] = self._counts.get(path, -1) + 1
            self._table = (*path, self._counts[path])
            self._at[self._table] = number
        elif found := TABLE.match(line):
            self._table = self._resolved(found[1])
            self._at[self._table] = number
        elif found := KEY.match(line):
            self._read_key((*self._table, *_parts(found[1])), found[2], number)

    def _read_key(self, path: Path, value: str, number: int) -> None:
        for length in range(len(self._table) + 1, len(path) + 1):
            self._at.setdefault(path[:length], number)
        if value.startswith("[") and "]" not in value.split("#", maxsplit=1)[0]:
            self._array, self._entry = path, 0

    def _read_entry(self, line: str, number: int) -> None:
        assert self._array is not None
        stripped = line.strip()
        if stripped.startswith("]"):
            self._array = None
        elif stripped and not stripped.startswith("#"):
            self._at[(*self._array, self._entry)] = number
            self._entry += 1

    def _resolved(self, header: str) -> Path:
        """`page.field` inside the second `[[page]]` is `page, 1, field`."""
        path: Path = ()
        parts = _parts(header)
        for index, part in enumerate(parts):
            path = (*path, part)
            if index < len(parts) - 1 and path in self._counts:
                path = (*path, self._counts[path])
        return path


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
