"""The language of cells, as small as DMN's S-FEEL unary tests: read by one tokenizer and one short parser, never run.

`"worker", "voluntary"` one of them · `not("worker")` none of them · `-` anything · `< 18` · `[18..60)` from 18 to below 60 ·
`date("2026-01-01")` · `true` · `null` what is not known. `]18..60[` is `(18..60)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue.decisions.facts import Type
from hukumati.domain.catalogue.decisions.inputs import as_day

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS_MAX: Final = 400
PARTS_MAX: Final = 60
TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\\x00-\x1f]|\\["\\])*")
      | (?P<number>-?\d{1,15}(?:\.(?!\.)\d{1,6})?)
      | (?P<word>[a-z]+)
      | (?P<range>\.\.)
      | (?P<compare><=|>=|<|>)
      | (?P<mark>[\[\](),-])
    )""",
    re.VERBOSE | re.ASCII,
)
ESCAPED: Final = re.compile(r"\\(.)")
OPENING: Final = {"[": False, "(": True, "]": True}
CLOSING: Final = {"]": False, ")": True, "[": True}
BOOLEANS: Final = {"true": True, "false": False}
DAY: Final = re.compile(r'"\d{4}-\d{2}-\d{2}"', re.ASCII)
END: Final = ("end", "the end")
WANTED: Final = {
    Type.STRING: 'a text in double quotes, e.g. "worker"',
    Type.NUMBER: "a number, e.g. 18 or 2.5",
    Type.BOOLEAN: "true or false",
    Type.DATE: 'a date, e.g. date("2026-01-31")',
}

type Literal = str | int | Decimal | bool | date | None


class CellMalformedError(ValueError):
    """The cell cannot be read. Says what to write instead."""


@dataclass(frozen=True, slots=True)
class Equal:
    value: Literal

    def holds(self, value: Any) -> bool:
        return bool(value == self.value)


@dataclass(frozen=True, slots=True)
class Between:
    """From low to high, with or without the ends; None is no end."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Any) -> bool:
        if value is None:
            return False
        if self.low is not None and (value <= self.low if self.low_open else value < self.low):
            return False
        return self.high is None or bool(value < self.high if self.high_open else value <= self.high)


@dataclass(frozen=True, slots=True)
class Cell:
    """A test of one value. Without parts it holds for everything."""

    parts: tuple[Equal | Between, ...] = ()
    negated: bool = False

    @property
    def holds_always(self) -> bool:
        return not self.parts

    @property
    def speaks_of_unknown(self) -> bool:
        return Equal(None) in self.parts

    def holds(self, value: Any) -> bool:
        """What is not known equals nothing but `null`, and is neither within nor outside of a range."""
        if not self.parts:
            return True
        if value is None and self.negated and any(isinstance(part, Between) for part in self.parts):
            return False
        for part in self.parts:
            if part.holds(value):
                return not self.negated
        return self.negated

    def marks(self) -> Iterator[Any]:
        """Every value that the cell names: between two neighbours it says the same of all."""
        for part in self.parts:
            named = (part.value,) if isinstance(part, Equal) else (part.low, part.high)
            yield from (value for value in named if value is not None)


def read_cell(text: str, kind: Type) -> Cell:
    """The test that a cell of an input column writes. Raises CellMalformedError."""
    if text.strip() in ("-", ""):
        return Cell()
    return _Reader(text, kind).cell()


def read_literal(text: str, kind: Type) -> Literal:
    """The one value that a cell of an output column writes; `-` is nothing. Raises CellMalformedError."""
    return None if text.strip() in ("-", "") else _Reader(text, kind).only_literal()


def read_list(text: str, kind: Type) -> tuple[Literal, ...]:
    """Values with commas between. Raises CellMalformedError."""
    return _Reader(text, kind).literals() if text.strip() else ()


def written(value: Literal) -> str:
    """A value as a cell writes it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class _Reader:
    """Reads one cell from left to right, looking one token ahead."""

    def __init__(self, text: str, kind: Type) -> None:
        self._kind = kind
        self._tokens = _tokens(text)
        self._at = 0

    def cell(self) -> Cell:
        negated = self._take("word", "not")
        if negated:
            self._need("(")
        parts = [self._part()]
        while self._take("mark", ","):
            parts.append(self._part())
        if negated:
            self._need(")")
        self._finish(parts)
        return Cell(tuple(parts), negated)

    def only_literal(self) -> Literal:
        value = self._literal()
        self._finish([value])
        return value

    def literals(self) -> tuple[Literal, ...]:
        values = [self._literal()]
        while self._take("mark", ","):
            values.append(self._literal())
        self._finish(values)
        return tuple(values)

    def _part(self) -> Equal | Between:
        kind, token = self._tokens[self._at]
        if kind == "compare":
            return self._comparison(token)
        if kind == "mark" and token in OPENING:
            return self._interval(OPENING[token])
        return Equal(self._literal())

    def _comparison(self, sign: str) -> Between:
        self._at += 1
        end, is_open = self._end(), len(sign) == 1
        return Between(high=end, high_open=is_open) if sign[0] == "<" else Between(low=end, low_open=is_open)

    def _interval(self, low_open: bool) -> Between:  # noqa: FBT001
        self._at += 1
        low = self._end()
        if self._next()[0] != "range":
            raise CellMalformedError("a range has two dots between its ends, e.g. [18..60)")
        high = self._end()
        kind, token = self._next()
        if kind != "mark" or token not in CLOSING:
            raise CellMalformedError("a range ends with ] (with its end) or ) (without it)")
        if low > high or (low == high and (low_open or CLOSING[token])):
            raise CellMalformedError(
                f"nothing lies between {written(low)} and {written(high)}: the lower end comes first"
            )
        return Between(low, high, low_open, CLOSING[token])

    def _end(self) -> Any:
        if self._kind not in (Type.NUMBER, Type.DATE):
            raise CellMalformedError(f"only numbers and dates can be compared; a {self._kind} is listed or `-`")
        value = self._literal()
        if value is None:
            raise CellMalformedError("a range needs both ends: write < or >= when one is open")
        return value

    def _literal(self) -> Literal:
        kind, said = self._next()
        if (kind, said) == ("word", "null"):
            return None
        if kind == "string" and self._kind == Type.STRING:
            return ESCAPED.sub(r"\1", said[1:-1])
        if kind == "number" and self._kind == Type.NUMBER:
            return Decimal(said) if "." in said else int(said)
        if kind == "word" and self._kind == Type.BOOLEAN and said in BOOLEANS:
            return BOOLEANS[said]
        if (kind, said) == ("word", "date") and self._kind == Type.DATE:
            return self._date()
        raise CellMalformedError(f"here stands {said}; write {WANTED[self._kind]}")

    def _date(self) -> date:
        self._need("(")
        _kind, said = self._next()
        self._need(")")
        day = as_day(said[1:-1]) if DAY.fullmatch(said) else None
        if day is None:
            raise CellMalformedError(f"{said} is no day: write {WANTED[Type.DATE]}")
        return day

    def _next(self) -> tuple[str, str]:
        found = self._tokens[self._at]
        self._at += found != END
        return found

    def _take(self, kind: str, token: str) -> bool:
        taken = self._tokens[self._at] == (kind, token)
        self._at += taken
        return taken

    def _need(self, mark: str) -> None:
        if not self._take("mark", mark):
            raise CellMalformedError(f"{mark} is missing before {self._tokens[self._at][1]}")

    def _finish(self, parts: list[Any]) -> None:
        if self._tokens[self._at] != END:
            raise CellMalformedError(
                f"{self._tokens[self._at][1]} is too much: several values have commas between them"
            )
        if len(parts) > PARTS_MAX:
            raise CellMalformedError(f"a cell lists {PARTS_MAX} values at most: use two rules")


def _tokens(text: str) -> list[tuple[str, str]]:
    if len(text) > LETTERS_MAX:
        raise CellMalformedError(f"a cell has {LETTERS_MAX} letters at most")
    tokens, at, text = [], 0, text.strip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise CellMalformedError(f"{text[at:].split()[0]} cannot be read here; texts stand in double quotes")
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        at = found.end()
    return [*tokens, END]
