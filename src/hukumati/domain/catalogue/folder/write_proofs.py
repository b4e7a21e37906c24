"""What must hold of the writes: a register is told what the case knows, by a step of the table, and its refusals have their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.folder.read_proofs import RECEIPT
from hukumati.domain.catalogue.questions import FieldKind

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import ServiceVersion, WriteDeclaration
    from hukumati.domain.catalogue.folder.proofs import Decoded

FILE = "exchange.toml"
RECORDS = frozenset({FieldKind.PEOPLE, FieldKind.GROUP})


def prove(version: ServiceVersion, files: Decoded) -> None:
    records = [step for step in version.process.steps if step.verb == "record"] if version.process else []
    for index, write in enumerate(version.writes):
        if not records:
            hint = f"`{write.name}` is never told: give process.toml a step `record` by the system"
            files.source.fault(FILE, ("write", index), "write_without_step", hint)
        own = [path for path in write.facts.values() if path.partition(".")[0] == write.name]
        for path in own:
            hint = f"`{path}` comes back from this write: it cannot be told by it"
            files.source.fault(FILE, ("write", index), "tells_what_comes_back", hint)
        paid = any(step.verb == "pay" for step in version.process.steps) if version.process else False
        if RECEIPT in write.facts.values() and not paid:
            hint = f"`{write.name}` tells the receipt, but nothing is paid: there is no step `pay`"
            files.source.fault(FILE, ("write", index), "nothing_paid", hint)
        if not write.refusals:
            hint = f"`{write.name}`: name under `refusals` why the register may say no; each has its words in the texts"
            files.source.fault(FILE, ("write", index), "refusals_unnamed", hint)
        _prove_each(version, files, write, index)
    if records and not version.writes and files.process is not None:
        place = next(index for index, step in enumerate(files.process.steps) if step.verb == "record")
        hint = "a step `record` tells a register what a [[write]] of exchange.toml declares: declare it"
        files.source.fault("process.toml", ("steps", place), "nothing_to_record", hint)


def _prove_each(version: ServiceVersion, files: Decoded, write: WriteDeclaration, index: int) -> None:
    """Of people and of rows a register is told the one column that it needs, never whole records."""
    told = {name for name, path in write.facts.items() if path in _lists_of_records(version)}
    for name in sorted(told - write.each.keys()):
        hint = f'`{name}` would be told as whole records: name the column that the register needs, `each = {{ {name} = "national_id" }}`'
        files.source.fault(FILE, ("write", index), "tells_whole_records", hint)
    for name in sorted(write.each.keys() - told):
        hint = f"`each` names `{name}`, which is no list of people or rows that this write tells"
        files.source.fault(FILE, ("write", index), "each_of_nothing", hint)


def _lists_of_records(version: ServiceVersion) -> set[str]:
    """The paths of answers that are lists of records: people, and the rows of groups."""
    fields = version.form.fields
    return {f"answers.{name}" for field in fields if field.kind in RECORDS for name in field.answer_names}
