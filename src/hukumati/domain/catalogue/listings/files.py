"""Reading lists of services from CSV and JSON, row by row, whatever is in them: a bad row is told and left, a file of any length is never held."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue.folder.source import close_to
from hukumati.domain.catalogue.listings.facts import RowFault
from hukumati.domain.catalogue.listings.rows import COLUMNS, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

type Read = tuple[int, dict[str, str]] | RowFault

LINE_MAX: Final = 262_144
FIELD_MAX: Final = 65_536
CHUNK: Final = 65_536
ROWS_MAX: Final = 1_000_000
GAP: Final = re.compile(r"[\s,]*")
SURROGATE: Final = re.compile("[\ud800-\udfff]")
WRONG_LETTERS: Final = (
    "holds bytes that are not UTF-8; save the file as “CSV UTF-8”, or name its encoding (--encoding windows-1256)"
)
TOO_LONG: Final = f"is longer than {LINE_MAX} letters: probably a quotation mark that is never closed"


class FileRefusedError(ValueError):
    """The file as a whole cannot be read: a heading, an encoding or a shape that is not what it should be."""

    def __init__(self, fault: RowFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_rows(path: Path, *, encoding: str = "") -> Iterator[Read]:
    """Each row with its line, or what is wrong with it. Raises FileRefusedError."""
    with path.open("rb") as file:
        text = _text(file, encoding)
        rows = _csv(text) if path.suffix == ".csv" else _lines(text) if path.suffix == ".jsonl" else _json(text)
        for number, row in enumerate(rows):
            if number >= ROWS_MAX:
                yield RowFault(0, "", f"the file has more than {ROWS_MAX} rows; divide it")
                return
            yield row


def _text(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """Bytes that are no letters stay recognisable, so that only their rows are refused."""
    start = file.read(4)
    file.seek(0)
    marked = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        codecs.lookup(encoding or marked)
    except LookupError:
        raise FileRefusedError(RowFault(0, "", f"there is no encoding “{encoding}”")) from None
    # UTF-16 cannot escape single bytes: what is broken there shows as the replacement character.
    errors = "replace" if (encoding or marked).startswith("utf-16") else "surrogateescape"
    return io.TextIOWrapper(file, encoding=encoding or marked, errors=errors, newline="")


def _csv(text: io.TextIOWrapper) -> Iterator[Read]:
    skipped: list[int] = []
    lines = _bounded(text, skipped)
    heading = next(lines, "")
    separator = max(",;\t", key=heading.count)
    columns = _columns(next(csv.reader([heading], delimiter=separator), []))
    csv.field_size_limit(FIELD_MAX)
    reader = csv.reader(lines, delimiter=separator)
    while True:
        line = reader.line_num + 2
        try:
            fields = next(reader)
        except StopIteration:
            yield from (RowFault(number, "", TOO_LONG) for number in skipped)
            return
        except csv.Error:
            yield RowFault(line, "", "a field is too long: probably a quotation mark that is never closed")
            continue
        yield from (RowFault(number, "", TOO_LONG) for number in skipped)
        skipped.clear()
        if any(field.strip() for field in fields):
            yield _row(fields, columns, line)


def _row(fields: list[str], columns: list[str], line: int) -> Read:
    if len(fields) != len(columns):
        return RowFault(
            line,
            "",
            f"has {len(fields)} fields, the heading {len(columns)}; put fields with separators into quotation marks",
        )
    if any(SURROGATE.search(field) for field in fields):
        return RowFault(line, "", WRONG_LETTERS)
    return line, dict(zip(columns, fields, strict=True))


def _columns(names: list[str]) -> list[str]:
    """The heading, proved: a misspelt column must not be silently ignored."""
    columns = [name.strip().lower() for name in names]
    for name in columns:
        if name not in COLUMNS:
            raise FileRefusedError(
                RowFault(1, name[:40], f"is no column; {close_to(name, COLUMNS)}known are {', '.join(COLUMNS)}")
            )
    missing = [name for name in REQUIRED if name not in columns]
    if missing or len(set(columns)) != len(columns):
        told = f"is missing: {', '.join(missing)}" if missing else "names a column twice"
        raise FileRefusedError(RowFault(1, "", f"the heading {told}"))
    return columns


def _bounded(text: io.TextIOWrapper, skipped: list[int]) -> Iterator[str]:
    """Lines; one that is too long is left out without being held."""
    number = 0
    while line := text.readline(LINE_MAX):
        number += 1
        if len(line) < LINE_MAX or line.endswith("\n"):
            yield line
            continue
        skipped.append(number)
        while (rest := text.readline(LINE_MAX)) and not rest.endswith("\n"):
            pass


def _lines(text: io.TextIOWrapper) -> Iterator[Read]:
    skipped: list[int] = []
    for number, line in enumerate(_bounded(text, skipped), 1):
        if line.strip():
            try:
                yield _record(json.loads(line), number)
            except (ValueError, RecursionError):
                yield RowFault(number, "", "is no JSON object")
    yield from (RowFault(number, "", TOO_LONG) for number in skipped)


def _json(text: io.TextIOWrapper) -> Iterator[Read]:
    """An array of objects, decoded one by one. After a break nothing more can be told apart, so the rest is refused as one."""
    decoder, held, line, at = json.JSONDecoder(), text.read(CHUNK).lstrip("\ufeff \t\r\n"), 1, 1
    if not held.startswith("["):
        raise FileRefusedError(RowFault(1, "", "is no JSON array of services: it begins with ["))
    while True:
        between = GAP.match(held, at)
        begins = between.end() if between else at
        line += held.count("\n", at, begins)
        if held.startswith("]", begins):
            return
        try:
            record, ends = decoder.raw_decode(held, begins)
        except (ValueError, RecursionError):
            more = text.read(CHUNK)
            if not more or len(held) - begins > LINE_MAX:
                yield RowFault(line, "", "the JSON breaks off or is broken here; nothing after it was read")
                return
            held, at = held[begins:] + more, 0
            continue
        yield _record(record, line)
        line += held.count("\n", begins, ends)
        at = ends


def _record(record: Any, line: int) -> Read:
    """A JSON object as a row of text, as the same table would have it."""
    if not isinstance(record, dict):
        return RowFault(line, "", "is no object with the columns as names")
    unknown = [name for name in record if name not in COLUMNS]
    if unknown:
        return RowFault(
            line, unknown[0][:40], f"is no column; {close_to(unknown[0], COLUMNS)}known are {', '.join(COLUMNS)}"
        )
    row = {}
    for name, value in record.items():
        if isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(one, str) for one in value)):
            return RowFault(line, name, "is a text, a number, or a list of texts")
        row[name] = ";".join(value) if isinstance(value, list) else "" if value is None else str(value)
    if any(SURROGATE.search(cell) for cell in row.values()):
        return RowFault(line, "", WRONG_LETTERS)
    return line, row
