"""What must hold of the reads: everything used is declared, and nothing is read that is not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.answering import CHOSEN
from hukumati.domain.catalogue.decisions.inputs import path_of
from hukumati.domain.catalogue.facts import FieldKind
from hukumati.domain.catalogue.folder.source import close_to
from hukumati.domain.catalogue.folder.tables import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.proofs import Decoded
    from hukumati.domain.catalogue.folder.shapes import AnswerShape


KNOWN: Mapping[str, frozenset[str]] = {
    "answers": frozenset(),
    "applicant": frozenset({"birth_date", "public_employee"}),
    "subject": frozenset({"birth_date", "tie", "minor", "alive"}),
}
"""Facts of every case beside what is read: the answers are the form's, the others are these."""
ATTRIBUTES = "attributes"
FOUND = "found"
"""Of a read that may find nothing: whether it found something."""
ANSWERS = "answers."
RECEIPT = "payment.receipt"
"""What only a write may tell: the number of the receipt, which proves to a register that something is paid."""


def prove(version: ServiceVersion, files: Decoded) -> None:
    _prove_names(version, files)
    _prove_parameters(version, files)
    _prove_order(version, files)
    declared = {f"{read.name}.{name}" for read in version.reads for name in read.attributes}
    declared |= {f"{read.name}.{FOUND}" for read in version.reads if read.may_be_absent}
    declared |= {f"{write.name}.{name}" for write in version.writes for name in write.returns}
    used: set[str] = set()
    for file, path, fact in _facts_used(version, files):
        root, _dot, rest = path_of(fact).partition(".")
        head = f"{root}.{rest.partition('.')[0]}"
        used.add(head)
        if not _is_known(version, root, rest, head in declared):
            known = [*sorted(declared), *(f"answers.{field.id}" for field in version.form.fields), *_state_knows()]
            hint = f"`{fact}` is in no read of exchange.toml and is no answer; {close_to(fact, known)}declare it or correct it"
            files.source.fault(file, path, "fact_not_declared", hint)
    _prove_needed(version, files, used)


def _prove_names(version: ServiceVersion, files: Decoded) -> None:
    names = [read.name for read in version.reads]
    for index, name in enumerate(names):
        if name in (*names[:index], *KNOWN):
            files.source.fault(
                "exchange.toml", ("read", index), "read_twice", f"`{name}` is taken: give the read another name"
            )
    for index, write in enumerate(version.writes):
        if write.name in (*names, *(other.name for other in version.writes[:index]), *KNOWN):
            hint = f"`{write.name}` is taken: give the write another name"
            files.source.fault("exchange.toml", ("write", index), "write_twice", hint)


def _prove_parameters(version: ServiceVersion, files: Decoded) -> None:
    """A registry is told what the citizen answered, under a name that means nothing else on the exchange."""
    for index, read in enumerate(version.reads):
        for name, path in read.parameters.items():
            if name == ATTRIBUTES:
                hint = f"`{name}` says on the exchange what is asked for: call the parameter something else"
                files.source.fault("exchange.toml", ("read", index), "parameter_taken", hint)
            if not path.startswith(ANSWERS):
                hint = f"`{name}` comes from `{path}`: a parameter is an answer of the citizen, e.g. answers.year"
                files.source.fault("exchange.toml", ("read", index), "parameter_not_an_answer", hint)


def _prove_order(version: ServiceVersion, files: Decoded) -> None:
    """Reads are made in their order: what a read waits for is read before it, or answered."""
    conditions = {condition.name: condition for condition in version.conditions}
    for index, read in enumerate(version.reads):
        condition = conditions.get(read.when)
        known = {*KNOWN, *(before.name for before in version.reads[:index])}
        if condition and path_of(condition.fact).partition(".")[0] not in known:
            hint = f"`{read.name}` waits for `{condition.fact}`, which is read after it: put that read first"
            files.source.fault("exchange.toml", ("read", index), "waits_for_later", hint)


def _is_known(version: ServiceVersion, root: str, rest: str, is_declared: bool) -> bool:  # noqa: FBT001
    if root == "answers":
        return version.form.find_answer(rest) is not None
    if root == CHOSEN and version.answer and version.answer.choice:
        return bool(rest)  # an attribute of the list's records, which the register knows
    return rest in KNOWN[root] if root in KNOWN else is_declared


def _state_knows() -> list[str]:
    return [f"{root}.{name}" for root, names in KNOWN.items() for name in sorted(names)]


def _facts_used(version: ServiceVersion, files: Decoded) -> Iterator[tuple[str, Path, str]]:
    for file, name, shape in files.list_conditions():
        yield file, ("conditions", name), shape.fact
    yield from _facts_told(files)
    yield from _facts_decided_by(version)
    yield from _facts_shown(files)
    yield from _facts_answered(files.answer) if files.answer else ()
    yield from _facts_written(files)
    for fact in getattr(version.rules, "USES", ()):
        yield "rules.py", (), fact


def _facts_told(files: Decoded) -> Iterator[tuple[str, Path, str]]:
    """What registers are told: with a question, or to enter it."""
    for index, read in enumerate(files.exchange.read if files.exchange else ()):
        for fact in read.with_.values():
            yield "exchange.toml", ("read", index), fact
    for index, write in enumerate(files.exchange.write if files.exchange else ()):
        for fact in write.facts.values():
            if fact != RECEIPT:
                yield "exchange.toml", ("write", index), fact


def _facts_written(files: Decoded) -> Iterator[tuple[str, Path, str]]:
    """What stands on the document."""
    if files.service.document is None:
        return
    if files.service.document.valid_through:
        yield "service.toml", ("document", "valid_through"), files.service.document.valid_through
    for name, fact in files.service.document.data.items():
        yield "service.toml", ("document", "data", name), fact
    if files.service.document.subject_name:
        yield "service.toml", ("document",), files.service.document.subject_name


def _facts_decided_by(version: ServiceVersion) -> Iterator[tuple[str, Path, str]]:
    for name, table in version.tables.items():
        for index, column in enumerate(table.declared.inputs):
            yield file_of(name), ("inputs", index), column.expression
    for index, line in enumerate(version.item_lines):
        yield "fees.toml", ("items", index), line.source


def _facts_shown(files: Decoded) -> Iterator[tuple[str, Path, str]]:
    for number, page in enumerate(files.form.page if files.form else ()):
        for index, field in enumerate(page.field):
            for fact in (field.fact, field.in_english, field.people.list_ if field.people else "", *field.among):
                if fact:
                    yield "form.toml", ("page", number, "field", index), fact


def _facts_answered(answer: AnswerShape) -> Iterator[tuple[str, Path, str]]:
    for index, row in enumerate(answer.row):
        for fact in (row.fact, row.in_english, row.currency):
            if fact:
                yield "answer.toml", ("row", index), fact
    if answer.choose:
        yield "answer.toml", ("choose",), answer.choose.fact


def _prove_needed(version: ServiceVersion, files: Decoded, used: set[str]) -> None:
    """No more is read than is needed: an attribute that nothing uses is a fault, not a convenience."""
    tied = version.form.find_kind(FieldKind.TIE) is not None
    for index, read in enumerate(version.reads):
        for name in read.attributes:
            if f"{read.name}.{name}" not in used and not (tied and name == "ties"):
                hint = f"`{name}` is read and never used: no condition, field, row or document needs it; take it out"
                files.source.fault("exchange.toml", ("read", index), "read_not_needed", hint)
    for index, write in enumerate(version.writes):
        for name in write.returns if version.document else ():  # without a document it is the proof of the entry
            if f"{write.name}.{name}" not in used:
                hint = f"`{name}` is to come back and is never used: no condition or document needs it; take it out"
                files.source.fault("exchange.toml", ("write", index), "return_not_needed", hint)
