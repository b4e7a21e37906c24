"""Decision tables of a folder: from `tables/<name>.toml` to a table that decides, and back to the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.decisions.facts import DecisionTable, HitPolicy, InputColumn, OutputColumn, Rule
from hukumati.domain.catalogue.decisions.tables import TableMalformedError, read_table
from hukumati.domain.catalogue.folder.shapes import TABLE_FILE, TableShape
from hukumati.domain.catalogue.rules import REFUSAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hukumati.domain.catalogue.decisions.tables import Table
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.shapes import Scalar
    from hukumati.domain.catalogue.folder.source import Source

TABLES_MAX = 20


def file_of(name: str) -> str:
    return f"tables/{name}.toml"


def build(source: Source) -> dict[str, Table]:
    """Every table of the folder that can be read; what cannot leaves its faults."""
    names = [found[1] for file in sorted(source.files) if (found := TABLE_FILE.fullmatch(file))]
    if len(names) > TABLES_MAX:
        source.fault_at(file_of(names[-1]), 1, "too_many_tables", f"a service has {TABLES_MAX} tables at most")
    read = {name: _read(source, name) for name in names[:TABLES_MAX]}
    return {name: table for name, table in read.items() if table is not None}


def list_refusals(table: Table) -> Iterator[tuple[int, str]]:
    """The keys of the texts by which the table refuses, with the rule that says each."""
    places = [place for place, column in enumerate(table.declared.outputs) if column.name == REFUSAL]
    for number, row in enumerate((*table.answers, table.defaults or ())):
        for place in places[:1] if row else ():
            if isinstance(row[place], str) and row[place]:
                yield min(number, len(table.answers) - 1), str(row[place])


def as_toml(table: DecisionTable) -> str:
    """The table as its file is written: columns first, then a row for each rule."""
    head = [f'hit_policy = "{table.hit_policy}"']
    if table.aggregation:
        head.append(f'aggregation = "{table.aggregation}"')
    inputs = [_columns(name=c.name, expression=c.expression, type=str(c.type), values=c.values) for c in table.inputs]
    outputs = [_columns(name=c.name, type=str(c.type), values=c.values, default=c.default) for c in table.outputs]
    rows = [_row(rule) for rule in table.rules]
    names = ", ".join(column.name for column in table.inputs)
    heading = f"  # {names} | {', '.join(column.name for column in table.outputs)}"
    parts = [*head, "inputs = [", *inputs, "]", "outputs = [", *outputs, "]", "rules = [", heading, *rows, "]"]
    return "\n".join(parts) + "\n"


def _read(source: Source, name: str) -> Table | None:
    file = file_of(name)
    shape = source.decode(file, TableShape)
    declared = _declared(source, name, shape) if shape else None
    if declared is None:
        source.broken = True
        return None
    try:
        return read_table(declared)
    except TableMalformedError as error:
        source.broken = True
        for fault in error.faults:
            path: Path = ("inputs",) if fault.rule is None else ("rules", fault.rule)
            where = f"column `{fault.column}`" if fault.rule is None else f"rule {fault.rule + 1}, `{fault.column}`"
            source.fault(file, path, "cell_malformed", f"{where}: {fault.says}")
        return None


def _declared(source: Source, name: str, shape: TableShape) -> DecisionTable | None:
    ins, outs = len(shape.inputs), len(shape.outputs)
    rules = []
    for number, row in enumerate(shape.rules):
        if len(row) not in (ins + outs, ins + outs + 1):
            hint = f"rule {number + 1} has {len(row)} cells; write {ins} for the inputs, {outs} for the outputs, and a note if wanted"
            source.fault(file_of(name), ("rules", number), "cells_do_not_fit", hint)
            continue
        cells = [_cell(value) for value in row]
        rules.append(Rule(tuple(cells[:ins]), tuple(cells[ins : ins + outs]), "".join(cells[ins + outs :])))
    if len(rules) < len(shape.rules):
        return None
    inputs = tuple(InputColumn(c.name, c.expression, c.type, c.values) for c in shape.inputs)
    outputs = tuple(OutputColumn(c.name, c.type, c.values, c.default) for c in shape.outputs)
    return DecisionTable(name, inputs, outputs, tuple(rules), HitPolicy(shape.hit_policy), shape.aggregation)


def _cell(value: Scalar) -> str:
    """Numbers and true/false may stand in a row without quotes."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _columns(**given: str) -> str:
    said = ", ".join(f"{key} = {_quoted(value)}" for key, value in given.items() if value)
    return f"  {{ {said} }},"


def _row(rule: Rule) -> str:
    cells = [_quoted(cell) for cell in (*rule.when, *rule.then, *((rule.note,) if rule.note else ()))]
    return f"  [{', '.join(cells)}],"


ESCAPES: Mapping[int, str] = {
    ord("\\"): "\\\\",
    ord('"'): '\\"',
    **{code: f"\\u{code:04x}" for code in (*range(0x20), 0x7F)},
}


def _quoted(text: str) -> str:
    """A TOML string: in single quotes when that leaves it as people wrote it."""
    plain = "'" not in text and all(ord(letter) >= 0x20 and ord(letter) != 0x7F for letter in text)  # noqa: PLR2004
    return f"'{text}'" if plain else f'"{text.translate(ESCAPES)}"'
