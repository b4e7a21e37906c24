"""What must hold of the tariff: each line has one source of its amount, is valid some day, and is counted by what can be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.decisions.facts import Aggregation, HitPolicy, Type
from hukumati.domain.catalogue.facts import FieldKind
from hukumati.domain.catalogue.folder.source import close_to
from hukumati.domain.catalogue.tariff import ALL, AMOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hukumati.domain.catalogue.decisions.tables import Table
    from hukumati.domain.catalogue.facts import FeeLine, ItemLine, ServiceVersion
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.proofs import Decoded

FILE = "fees.toml"


def prove(version: ServiceVersion, files: Decoded) -> None:
    seen: set[str] = set()
    for path, line in _lines(version):
        _prove_days(files, line, path)
        if line.code in seen:
            hint = f"`{line.code}` stands twice; a new amount is a new code with its own valid_from"
            files.source.fault(FILE, path, "fee_twice", hint)
        seen.add(line.code)
    for index, fee in enumerate(version.fee_lines):
        _prove_times(version, files, fee, ("line", index))
        _prove_amount(version, files, index)
    for index, item in enumerate(version.item_lines):
        _prove_items(version, files, item, ("items", index))
    if len({line.unit.currency for _path, line in _lines(version)}) > 1:
        files.source.fault(FILE, ("line", 0), "mixed_currencies", "one service is paid in one currency")
    _prove_payable(version, files)


def _lines(version: ServiceVersion) -> Iterator[tuple[Path, FeeLine | ItemLine]]:
    yield from ((("line", index), line) for index, line in enumerate(version.fee_lines))
    yield from ((("items", index), line) for index, line in enumerate(version.item_lines))


def _prove_days(files: Decoded, line: FeeLine | ItemLine, path: Path) -> None:
    if line.valid_until is not None and line.valid_until <= line.valid_from:
        files.source.fault(FILE, path, "never_valid", "valid_until is after valid_from")


def _prove_times(version: ServiceVersion, files: Decoded, line: FeeLine, path: Path) -> None:
    counted = version.form.find_field(line.times) if line.times else None
    if line.times and files.form and (counted is None or counted.kind != "integer" or (counted.minimum or 0) < 1):
        hint = f"`{line.times}` is not an integer field with a minimum of 1 or more"
        files.source.fault(FILE, path, "times_not_a_count", hint)


def _prove_amount(version: ServiceVersion, files: Decoded, index: int) -> None:
    """An amount, or a table that says it in whole minor units for every rule."""
    written, path = (files.fees.line if files.fees else [])[index], ("line", index)
    if (written.amount_minor is None) is not bool(written.table):
        files.source.fault(
            FILE, path, "amount_unclear", "give amount_minor, or the name of a table: exactly one of them"
        )
    if not written.table:
        return
    table = version.tables.get(written.table)
    if table is None:
        hint = f"there is no tables/{written.table}.toml; {close_to(written.table, list(version.tables))}write it"
        files.source.fault(FILE, path, "unknown_table", hint)
    elif wrong := _says_no_amount(table):
        files.source.fault(FILE, path, "table_says_no_amount", f"`{written.table}` {wrong}")


def _says_no_amount(table: Table) -> str:
    columns = [column.name for column in table.declared.outputs]
    if AMOUNT not in columns:
        return f"has no output `{AMOUNT}`"
    place = columns.index(AMOUNT)
    said = [row[place] for row in (*table.answers, *([table.defaults] if table.defaults else []))]
    if table.declared.outputs[place].type != Type.NUMBER or any(type(value) is not int or value < 0 for value in said):
        return f"must say `{AMOUNT}` as a whole number of minor units in every rule; 0 when nothing is owed"
    if table.declared.hit_policy == HitPolicy.COLLECT and table.declared.aggregation in (None, Aggregation.COUNT):
        return "collects several amounts: give it aggregation SUM, MIN or MAX"
    return ""


def _prove_items(version: ServiceVersion, files: Decoded, line: ItemLine, path: Path) -> None:
    """What was chosen is an answer that can hold several, about the very list that the line is taken from."""
    if line.chosen_by == ALL:
        return
    root, _dot, name = line.chosen_by.partition(".")
    field = version.form.find_field(name) if root == "answers" else None
    if field is None:
        hint = (
            f'`{line.chosen_by}` is no answer; write "answers." and the field by which records are chosen, or "{ALL}"'
        )
        files.source.fault(FILE, path, "unknown_choice", hint)
    elif field.kind == FieldKind.ITEMS and field.items and (field.fact, field.items.id) != (line.source, line.id):
        hint = (
            f'`{name}` offers {field.fact} by `{field.items.id}`: write from = "{field.fact}", id = "{field.items.id}"'
        )
        files.source.fault(FILE, path, "other_list", hint)
    elif field.options or field.kind in (FieldKind.TEXT, FieldKind.INTEGER, FieldKind.YES_NO, FieldKind.DATE):
        hint = f"`{name}` cannot hold several records: make it a field of kind `items`"
        files.source.fault(FILE, path, "unknown_choice", hint)


def _prove_payable(version: ServiceVersion, files: Decoded) -> None:
    steps = version.process.steps if version.process else ()
    if steps and (version.fee_lines or version.item_lines) and not any(step.verb == "pay" for step in steps):
        files.source.fault(
            FILE, ("line", 0), "fee_never_paid", "the process has no step `pay`: nobody could ever pay this"
        )
