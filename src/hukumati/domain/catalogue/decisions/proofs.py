"""What is proved of a table before anybody is charged by it: no two rules where one is due, no gap, no rule that never holds.

Between two neighbouring values that a column names, every rule says the same. So one value of each such stretch stands for all of
it, and the proof over these few is a proof over everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue.decisions.cells import Cell, written
from hukumati.domain.catalogue.decisions.facts import HitPolicy, Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hukumati.domain.catalogue.decisions.tables import Table

ANYTHING: Final = Cell()
ANYTHING_ELSE: Final = "\x00"
"""Stands for every text that no cell names."""
STEPS_MAX: Final = 60_000


class TableTooWideError(Exception):
    """Too many combinations to prove anything about them."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What an input may be: one of `options`, or whatever `test` lets through; `whole`: nothing between two whole numbers."""

    test: Cell = ANYTHING
    options: tuple[Any, ...] = ()
    whole: bool = False
    unknown: bool = False
    """It may stay unknown: a question that is not always asked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, of which rules, and an example in words."""

    code: str
    rules: tuple[int, ...]
    example: str = ""


def prove(table: Table, domains: Sequence[Domain]) -> Iterator[Finding]:
    """Everything that is wrong with the rules together. Raises TableTooWideError."""
    grid = _Grid(table, domains)
    policy = table.declared.hit_policy
    dead = [rule for rule in range(len(table.tests)) if grid.never_holds(rule)]
    yield from (Finding("rule_never_holds", (rule,)) for rule in dead)
    if policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        yield from _overlaps(table, grid)
    if policy == HitPolicy.FIRST:
        yield from _masked(grid, set(dead))
    if policy != HitPolicy.COLLECT and table.defaults is None:
        gap = grid.find_uncovered(grid.everything, grid.all_rules)
        if gap is not None:
            yield Finding("gap", (), gap)


def _overlaps(table: Table, grid: _Grid) -> Iterator[Finding]:
    for first in range(len(table.tests)):
        for second in range(first + 1, len(table.tests)):
            both = grid.find_both(first, second)
            if both is None:
                continue
            if table.declared.hit_policy == HitPolicy.UNIQUE:
                yield Finding("rules_overlap", (first, second), both)
            elif table.answers[first] != table.answers[second]:
                yield Finding("rules_disagree", (first, second), both)


def _masked(grid: _Grid, dead: set[int]) -> Iterator[Finding]:
    for rule in range(1, len(grid.rows)):
        if rule not in dead and grid.find_uncovered(grid.rows[rule], (1 << rule) - 1) is None:
            yield Finding("rule_never_reached", (rule,))


class _Grid:
    """Each input's few values that stand for all, and by each rule which of them it takes. Sets of rules are bits of an integer."""

    def __init__(self, table: Table, domains: Sequence[Domain]) -> None:
        self._table = table
        columns = range(len(table.inputs))
        self._values = [_stand_ins(table, position, domains[position]) for position in columns]
        self.everything = [(1 << len(values)) - 1 for values in self._values]
        self.all_rules = (1 << len(table.tests)) - 1
        self.rows = [
            [_bits(row[position].holds(value) for value in self._values[position]) for position in columns]
            for row in table.tests
        ]
        self._held = [
            [_bits(bool(row[position] >> at & 1) for row in self.rows) for at in range(len(self._values[position]))]
            for position in columns
        ]
        self._steps = 0

    def never_holds(self, rule: int) -> bool:
        return not all(self.rows[rule])

    def find_both(self, first: int, second: int) -> str | None:
        """An example that both rules hold for."""
        both = [a & b for a, b in zip(self.rows[first], self.rows[second], strict=True)]
        return self._words([(bits & -bits).bit_length() - 1 for bits in both]) if all(both) else None

    def find_uncovered(self, region: Sequence[int], rules: int) -> str | None:
        """An example within the region for which none of these rules holds."""
        found = self._search(region, 0, rules, set())
        return None if found is None else self._words(found)

    def _search(self, region: Sequence[int], column: int, alive: int, seen: set[tuple[int, int]]) -> list[int] | None:
        """Column by column: those rules stay alive that hold so far. Whoever is left without a rule has found the gap."""
        if not alive:
            return [(bits & -bits).bit_length() - 1 for bits in region[column:]] if all(region[column:]) else None
        if column == len(region) or (column, alive) in seen:
            return None
        seen.add((column, alive))
        self._steps += 1
        if self._steps > STEPS_MAX:
            raise TableTooWideError
        for at, held in enumerate(self._held[column]):
            if region[column] >> at & 1:
                rest = self._search(region, column + 1, alive & held, seen)
                if rest is not None:
                    return [at, *rest]
        return None

    def _words(self, places: Sequence[int]) -> str:
        shown = []
        for column, values, at in zip(self._table.declared.inputs, self._values, places, strict=True):
            value = values[at]
            word = "anything else" if value == ANYTHING_ELSE else "not known" if value is None else written(value)
            shown.append(f"{column.name} = {word}")
        return ", ".join(shown)


def _stand_ins(table: Table, position: int, domain: Domain) -> list[Any]:
    """The values of one input that stand for all it may be."""
    column, cells = table.declared.inputs[position], [row[position] for row in table.tests]
    unknown: list[Any] = [None] if domain.unknown or any(cell.speaks_of_unknown for cell in cells) else []
    if column.type == Type.BOOLEAN:
        return [True, False, *unknown]
    named = {value for cell in (*cells, domain.test) for value in cell.marks()}
    if domain.options:
        return [*domain.options, *unknown]
    if column.type == Type.STRING:
        listed = bool(domain.test.parts) and not domain.test.negated
        found = sorted(value for value in named if domain.test.holds(value))
        return [*found, *([] if listed else [ANYTHING_ELSE]), *unknown]
    if column.type == Type.NUMBER and domain.whole:
        named = {whole for value in named for whole in (floor(value), ceil(value))}
    step = Decimal("0.5") if column.type == Type.NUMBER and not domain.whole else None
    return [*(value for value in _stretches(sorted(named), step) if domain.test.holds(value)), *unknown]


def _stretches(marks: list[Any], dense: Decimal | None) -> Iterator[Any]:
    """The marks, one value between each two, one below and one above all."""
    if not marks:
        yield 0
        return
    yield _moved(marks[0], -1)
    for low, high in pairwise(marks):
        yield low
        between = (low + high) * dense if dense else _moved(low, 1)
        if between < high:
            yield between
    yield marks[-1]
    yield _moved(marks[-1], 1)


def _moved(value: Any, by: int) -> Any:
    if isinstance(value, date):
        return value + timedelta(days=by) if date.min < value < date.max else value
    return value + by


def _bits(flags: Iterator[bool]) -> int:
    return sum(1 << at for at, flag in enumerate(flags) if flag)
