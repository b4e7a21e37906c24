"""Deciding: a table that was read, and what it answers for the facts of a case on a day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue.decisions.cells import Cell, CellMalformedError, read_cell, read_list, read_literal
from hukumati.domain.catalogue.decisions.facts import Aggregation, HitPolicy, Type
from hukumati.domain.catalogue.decisions.inputs import as_day, given, read_input

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from hukumati.domain.catalogue.decisions.cells import Literal
    from hukumati.domain.catalogue.decisions.facts import DecisionTable
    from hukumati.domain.catalogue.decisions.inputs import Input
    from hukumati.domain.catalogue.facts import Facts


@dataclass(frozen=True, slots=True)
class CellFault:
    """What cannot be read: in which rule (None: in the heads of the columns), and in which column."""

    rule: int | None
    column: str
    says: str


class TableMalformedError(ValueError):
    """A table that cannot be read. Carries every fault found."""

    def __init__(self, faults: list[CellFault]) -> None:
        super().__init__("; ".join(f"{fault.column}: {fault.says}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its cells read: what is decided by. `declared` is how it was written."""

    declared: DecisionTable
    inputs: tuple[Input, ...]
    may_be: tuple[Cell, ...]
    """What each input may be at all."""
    tests: tuple[tuple[Cell, ...], ...]
    answers: tuple[tuple[Literal, ...], ...]
    priorities: tuple[tuple[Literal, ...], ...]
    """The values of each output, the first before the others."""
    defaults: tuple[Literal, ...] | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table answered: the rules that hold, and the outputs by name; no outputs when nothing could be decided."""

    rules: tuple[int, ...]
    outputs: Mapping[str, Any] | None
    unknown: tuple[str, ...] = ()
    """Inputs that are not known, and without which it could not be decided."""


def read_table(declared: DecisionTable) -> Table:
    """Read every cell with the type of its column. Raises TableMalformedError with every fault found."""
    faults: list[CellFault] = []

    def read(reader: Callable[[str, Type], Any], text: str, kind: Type, rule: int | None, column: str) -> Any:
        try:
            return reader(text, kind)
        except CellMalformedError as error:
            faults.append(CellFault(rule, column, f"{text!r}: {error}"))
            return None

    inputs = []
    for column in declared.inputs:
        found = read_input(column.expression)
        if found is None:
            faults.append(
                CellFault(None, column.name, f"{column.expression!r} is no path of a fact, nor a word about one")
            )
        inputs.append(found)
    ins, outs = declared.inputs, declared.outputs
    may_be = tuple(read(read_cell, column.values, column.type, None, column.name) for column in ins)
    priorities = tuple(read(read_list, column.values, column.type, None, column.name) for column in outs)
    defaults = tuple(read(read_literal, column.default, column.type, None, column.name) for column in outs)
    tests, answers = [], []
    for number, rule in enumerate(declared.rules):
        tests.append(
            tuple(read(read_cell, text, c.type, number, c.name) for text, c in zip(rule.when, ins, strict=True))
        )
        answers.append(
            tuple(read(read_literal, text, c.type, number, c.name) for text, c in zip(rule.then, outs, strict=True))
        )
    if faults:
        raise TableMalformedError(faults)
    said = defaults if any(column.default.strip() for column in outs) else None
    known = tuple(found for found in inputs if found is not None)
    return Table(declared, known, may_be, tuple(tests), tuple(answers), priorities, said)


def decide(table: Table, facts: Facts, *, on: date) -> Decision:
    """What the table answers. When no rule holds and something is not known, nothing is decided: least of all by a default."""
    return answer(table, values_of(table, facts, on=on))


def answer(table: Table, values: Sequence[Any]) -> Decision:
    held = [number for number, row in enumerate(table.tests) if _holds(row, values)]
    if held or table.declared.hit_policy == HitPolicy.COLLECT:
        unsettled = () if held else _unknown(table, values)
        return Decision((), None, unsettled) if unsettled else POLICIES[table.declared.hit_policy](table, held)
    if unknown := _unknown(table, values):
        return Decision((), None, unknown)
    return Decision((), _named(table, table.defaults) if table.defaults else None)


def is_settled(table: Table, facts: Facts, *, on: date) -> bool:
    """Whether nothing that is still unknown can change the answer: then it may be told before all questions are asked."""
    values = values_of(table, facts, on=on)
    possible = [number for number, row in enumerate(table.tests) if _may_hold(row, values)]
    sure = {number for number in possible if _holds_by_what_is_known(table.tests[number], values)}
    if table.declared.hit_policy == HitPolicy.FIRST:
        return not possible or possible[0] in sure
    return sure.issuperset(possible)


def unknown_inputs(table: Table, facts: Facts, *, on: date) -> tuple[Input, ...]:
    """The inputs that are not known."""
    values = values_of(table, facts, on=on)
    return tuple(asked for asked, value in zip(table.inputs, values, strict=True) if value is None)


def values_of(table: Table, facts: Facts, *, on: date) -> list[Any]:
    """Each input as its column's type. What is of another type, or none of the values it may have, is taken for not known."""
    values = []
    for column, asked, may_be in zip(table.declared.inputs, table.inputs, table.may_be, strict=True):
        value = AS_TYPE[column.type](given(asked, facts, on=on))
        values.append(value if value is None or may_be.holds(value) else None)
    return values


def _holds(row: tuple[Cell, ...], values: Sequence[Any]) -> bool:
    for cell, value in zip(row, values, strict=True):  # noqa: SIM110 (a loop takes a third of the time of all(), and deciding is this)
        if cell.parts and not cell.holds(value):
            return False
    return True


def _may_hold(row: tuple[Cell, ...], values: Sequence[Any]) -> bool:
    return all(value is None or cell.holds(value) for cell, value in zip(row, values, strict=True))


def _holds_by_what_is_known(row: tuple[Cell, ...], values: Sequence[Any]) -> bool:
    return all(
        cell.holds_always if value is None else cell.holds(value) for cell, value in zip(row, values, strict=True)
    )


def _unknown(table: Table, values: Sequence[Any]) -> tuple[str, ...]:
    """The unknown inputs of rules that everything known speaks for."""
    possible = [row for row in table.tests if _may_hold(row, values)]
    return tuple(
        str(asked)
        for position, (asked, value) in enumerate(zip(table.inputs, values, strict=True))
        if value is None and any(not row[position].holds_always for row in possible)
    )


def _one(table: Table, rule: int) -> Decision:
    return Decision((rule,), _named(table, table.answers[rule]))


def _by_priority(table: Table, held: list[int]) -> Decision:
    def rank(rule: int) -> list[int]:
        said = zip(table.answers[rule], table.priorities, strict=True)
        return [order.index(value) for value, order in said if value in order]

    return _one(table, min(held, key=rank))


def _collected(table: Table, held: list[int]) -> Decision:
    said = [table.answers[rule] for rule in held]
    name, aggregation = table.declared.outputs[0].name, table.declared.aggregation
    if aggregation is None:
        lists = {c.name: [row[i] for row in said] for i, c in enumerate(table.declared.outputs)}
        return Decision(tuple(held), lists)
    return Decision(tuple(held), {name: AGGREGATIONS[aggregation]([row[0] for row in said if row[0] is not None])})


def _named(table: Table, row: Sequence[Literal]) -> dict[str, Any]:
    return {column.name: value for column, value in zip(table.declared.outputs, row, strict=True)}


def _number(value: Any) -> int | Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = value if isinstance(value, int) else Decimal(str(value))
    return exact if isinstance(exact, int) or exact.is_finite() else None


AS_TYPE: Final[Mapping[Type, Callable[[Any], Any]]] = {
    Type.STRING: lambda value: value if isinstance(value, str) else None,
    Type.NUMBER: _number,
    Type.BOOLEAN: lambda value: value if isinstance(value, bool) else None,
    Type.DATE: as_day,
}
POLICIES: Final[Mapping[HitPolicy, Callable[[Table, list[int]], Decision]]] = {
    HitPolicy.UNIQUE: lambda table, held: _one(table, held[0]),
    HitPolicy.FIRST: lambda table, held: _one(table, held[0]),
    HitPolicy.ANY: lambda table, held: _one(table, held[0]),
    HitPolicy.PRIORITY: _by_priority,
    HitPolicy.COLLECT: _collected,
}
AGGREGATIONS: Final[Mapping[Aggregation, Callable[[list[Any]], Any]]] = {
    Aggregation.SUM: sum,
    Aggregation.MIN: lambda values: min(values, default=None),
    Aggregation.MAX: lambda values: max(values, default=None),
    Aggregation.COUNT: len,
}
