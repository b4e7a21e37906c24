"""The words of a spreadsheet (.xlsx) that somebody sent us, and nothing else of it: no macro, no link, no formula is followed or run.

Such a file is a zip of XML. Only the cells' texts are wanted, so this reads them itself, within limits, and says what it left out.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

FILE_BYTES_MAX: Final = 5_000_000
UNPACKED_BYTES_MAX: Final = 30_000_000
PARTS_MAX: Final = 500
ROWS_MAX, COLUMNS_MAX, CELL_CHARACTERS_MAX = 3_000, 80, 2_000
MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LEFT_OUT: Final = {
    "vbaProject": "macros are not taken over",
    "externalLinks/": "links to other files are not followed",
    "embeddings/": "embedded files are not opened",
}


class WorkbookRefusedError(ValueError):
    """The file is no spreadsheet that we open; the message says why."""


@dataclass(frozen=True)
class Row:
    """One line of a sheet: what stands under each heading."""

    number: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


@dataclass(frozen=True)
class Workbook:
    """Sheets by their lower-case names; `notes` say what was left out, with sheet and row."""

    sheets: dict[str, list[Row]]
    notes: list[str] = field(default_factory=list)


def read(path: Path) -> Workbook:
    """Raises WorkbookRefusedError for what is not a spreadsheet, or larger than any form."""
    if path.stat().st_size > FILE_BYTES_MAX:
        raise WorkbookRefusedError(f"larger than {FILE_BYTES_MAX} bytes")
    try:
        with zipfile.ZipFile(path) as packed:
            return _Reader(packed).read()
    except WorkbookRefusedError:
        raise
    except UNREADABLE as fault:
        raise WorkbookRefusedError(f"not a spreadsheet in .xlsx form ({fault})") from None


# Damaged, encrypted, packed in a way nobody uses, or numbered by something that is no number.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    RuntimeError,
    DefusedXmlException,
    ElementTree.ParseError,
)


class _Reader:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        parts = packed.infolist()
        if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
            raise WorkbookRefusedError(f"unpacks to more than {UNPACKED_BYTES_MAX} bytes: a file made to exhaust us")
        self.packed, self.left = packed, UNPACKED_BYTES_MAX
        self.notes = [f"{words}" for mark, words in LEFT_OUT.items() if any(mark in part.filename for part in parts)]

    def read(self) -> Workbook:
        relations = {one.get("Id"): one.get("Target", "") for one in self._xml("xl/_rels/workbook.xml.rels")}
        shared = self._shared_texts()
        sheets = {}
        for sheet in self._xml("xl/workbook.xml").iter(f"{MAIN}sheet"):
            name = (sheet.get("name") or "").strip().lower()
            target = relations.get(sheet.get(RELATION), "")
            part = posixpath.normpath(posixpath.join("xl", target)) if not target.startswith("/") else target[1:]
            if part.startswith("xl/worksheets/"):
                sheets[name] = list(self._rows(name, part, shared))
        return Workbook(sheets, self.notes)

    def _xml(self, part: str) -> Element:
        """A part, unpacked within what is left to unpack: the size that a zip tells of itself may be a lie."""
        with self.packed.open(part) as opened:
            text = opened.read(self.left + 1)
        self.left -= len(text)
        if self.left < 0:
            raise WorkbookRefusedError(f"unpacks to more than {UNPACKED_BYTES_MAX} bytes: a file made to exhaust us")
        return ElementTree.fromstring(text, forbid_dtd=True)

    def _shared_texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.packed.namelist():
            return []
        return [_text(item) for item in self._xml("xl/sharedStrings.xml").iter(f"{MAIN}si")]

    def _rows(self, sheet: str, part: str, shared: list[str]) -> Iterator[Row]:
        headings: dict[int, str] = {}
        for count, line in enumerate(self._xml(part).iter(f"{MAIN}row")):
            if count >= ROWS_MAX:
                raise WorkbookRefusedError(f"sheet {sheet} has more than {ROWS_MAX} rows")
            number = int(line.get("r") or count + 1)
            cells = dict(self._cells(sheet, number, line, shared))
            if not headings:
                headings = {column: said.strip().lower() for column, said in cells.items() if said.strip()}
                continue
            row = {name: cells[column].strip() for column, name in headings.items() if cells.get(column, "").strip()}
            if row:
                yield Row(number, row)

    def _cells(self, sheet: str, number: int, line: Element, shared: list[str]) -> Iterator[tuple[int, str]]:
        for index, cell in enumerate(line.iter(f"{MAIN}c")):
            place = PLACE.fullmatch(cell.get("r") or "")
            column = _column(place[1]) if place else index
            if column >= COLUMNS_MAX:
                continue
            if cell.find(f"{MAIN}f") is not None:
                self.notes.append(f"{sheet}, row {number}: a formula is not calculated; write its text")
                continue
            yield column, _said(cell, shared)[:CELL_CHARACTERS_MAX]


def _said(cell: Element, shared: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v") or ""
    if kind == "s":
        return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""
    if kind == "inlineStr":
        return _text(cell)
    return {"1": "true", "0": "false"}.get(value, value) if kind == "b" else value.removesuffix(".0")


def _text(element: Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{MAIN}t"))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
