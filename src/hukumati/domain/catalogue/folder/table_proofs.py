"""What must hold of the decision tables: used, typed as what they look at, and proved over everything that can be answered."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hukumati.domain.catalogue.decisions.cells import Between, Cell, Equal
from hukumati.domain.catalogue.decisions.facts import Aggregation, HitPolicy, Type
from hukumati.domain.catalogue.decisions.proofs import Domain, TableTooWideError
from hukumati.domain.catalogue.decisions.proofs import prove as prove_rules
from hukumati.domain.catalogue.facts import FieldKind
from hukumati.domain.catalogue.folder.source import close_to
from hukumati.domain.catalogue.folder.tables import file_of
from hukumati.domain.catalogue.rules import REFUSAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hukumati.domain.catalogue.decisions.inputs import Input
    from hukumati.domain.catalogue.decisions.tables import Table
    from hukumati.domain.catalogue.facts import Field, ServiceVersion
    from hukumati.domain.catalogue.folder.proofs import Decoded

FINDINGS_MAX = 10
NOT_NEGATIVE = Cell((Between(low=0),))
TYPES = {
    FieldKind.CHOICE: Type.STRING,
    FieldKind.PICK_UP: Type.STRING,
    FieldKind.TEXT: Type.STRING,
    FieldKind.DIGITS: Type.STRING,
    FieldKind.OFFICE: Type.STRING,
    FieldKind.INTEGER: Type.NUMBER,
    FieldKind.MONEY: Type.NUMBER,
    FieldKind.YES_NO: Type.BOOLEAN,
    FieldKind.DATE: Type.DATE,
}
ALWAYS_A_LIST = frozenset({FieldKind.ITEMS, FieldKind.MULTI, FieldKind.PEOPLE, FieldKind.GROUP})
"""Nothing chosen is an empty list there, which is known."""
KNOWN_TYPES = {
    "applicant.birth_date": Type.DATE,
    "applicant.public_employee": Type.BOOLEAN,
    "subject.birth_date": Type.DATE,
    "subject.tie": Type.STRING,
    "subject.minor": Type.BOOLEAN,
    "subject.alive": Type.BOOLEAN,
}
HINTS = {
    "rules_overlap": "{rules} both hold for {example}: make them exclude each other, or choose another hit_policy",
    "rules_disagree": "{rules} say different things for {example}: with hit_policy ANY they must agree",
    "rule_never_holds": "{rules} holds for nothing that can be answered: correct its cells or take it out",
    "rule_never_reached": "{rules} is never reached, because rules before it take all of it: move it up or take it out",
    "gap": "no rule holds for {example}: add one, or give each output a default",
}


def prove(version: ServiceVersion, files: Decoded) -> None:
    """Add every fault found to the source."""
    used = {line.table for line in version.fee_lines} | {version.eligibility}
    for name, table in version.tables.items():
        if name not in used:
            hint = (
                f"nothing decides by `{name}`: name it in fees.toml or as eligibility in service.toml, or take it out"
            )
            files.source.fault_at(file_of(name), 1, "table_unused", hint)
        _prove_columns(version, files, table)
        _prove_rules(version, files, table)
    if version.eligibility:
        _prove_eligibility(version, files)


def _prove_columns(version: ServiceVersion, files: Decoded, table: Table) -> None:
    declared, file = table.declared, file_of(table.declared.name)
    names = [*(column.name for column in declared.inputs), *(column.name for column in declared.outputs)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        files.source.fault(file, ("inputs",), "column_twice", f"two columns are called `{name}`")
    for index, (column, asked) in enumerate(zip(declared.inputs, table.inputs, strict=True)):
        wanted = _type_of(version, asked)
        if wanted not in (None, column.type):
            hint = f'`{asked}` is a {wanted}: write type = "{wanted}"'
            files.source.fault(file, ("inputs", index), "wrong_type", hint)
    for says in _outputs_wrong(table):
        files.source.fault(file, ("outputs",), "outputs_unclear", says)
    for number, says in _answers_not_listed(table):
        files.source.fault(file, ("rules", number), "output_not_listed", says)


def _outputs_wrong(table: Table) -> Iterator[str]:
    declared = table.declared
    if declared.aggregation and declared.hit_policy != HitPolicy.COLLECT:
        yield "only hit_policy COLLECT has an aggregation"
    if declared.aggregation and len(declared.outputs) > 1:
        yield "with an aggregation a table has one output"
    if declared.aggregation not in (None, Aggregation.COUNT) and declared.outputs[0].type != Type.NUMBER:
        yield f"{declared.aggregation} needs an output of type number"
    if declared.hit_policy == HitPolicy.PRIORITY and not table.priorities[0]:
        yield "hit_policy PRIORITY needs the output's `values` in order, the most important first"
    if table.defaults and declared.hit_policy == HitPolicy.COLLECT:
        yield "COLLECT answers with what it collected: it has no default"


def _answers_not_listed(table: Table) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(table.answers):
        for column, value, listed in zip(table.declared.outputs, row, table.priorities, strict=True):
            if listed and value is not None and value not in listed:
                yield number, f"rule {number + 1}, `{column.name}`: {value} is none of its values"


def _prove_rules(version: ServiceVersion, files: Decoded, table: Table) -> None:
    file = file_of(table.declared.name)
    domains = [domain_of(version, table, position) for position in range(len(table.inputs))]
    for number, says in _cells_not_options(table, domains):
        files.source.fault(file, ("rules", number), "cell_not_an_option", says)
    try:
        for found in islice(prove_rules(table, domains), FINDINGS_MAX):
            rules = ("rule " if len(found.rules) == 1 else "rules ") + " and ".join(
                str(rule + 1) for rule in found.rules
            )
            hint = HINTS[found.code].format(rules=rules, example=found.example)
            path = ("rules", found.rules[-1]) if found.rules else ("rules",)
            files.source.fault(file, path, found.code, hint)
    except TableTooWideError:
        hint = "too many combinations to prove that every case has one answer: make two tables of it"
        files.source.fault_at(file, 1, "table_too_wide", hint)


def _cells_not_options(table: Table, domains: list[Domain]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(table.tests):
        for column, cell, domain in zip(table.declared.inputs, row, domains, strict=True):
            for part in cell.parts:
                if isinstance(part, Equal) and domain.options and part.value not in (None, *domain.options):
                    known = [str(option) for option in domain.options]
                    says = f"rule {number + 1}, `{column.name}`: `{part.value}` can never be answered; "
                    yield number, f"{says}{close_to(str(part.value), known)}it may be {', '.join(known)}"


def domain_of(version: ServiceVersion, table: Table, position: int) -> Domain:
    """What an input may be: what its column says, else what its question allows, else anything of its type."""
    asked, may_be = table.inputs[position], table.may_be[position]
    field = _field_of(version, asked)
    whole = asked.is_whole or (field is not None and field.kind == FieldKind.INTEGER)
    unknown = field is not None and ((not field.required and field.kind not in ALWAYS_A_LIST) or field.when is not None)
    if may_be.parts:
        equals = [part.value for part in may_be.parts if isinstance(part, Equal)]
        listed = len(equals) == len(may_be.parts) and not may_be.negated
        return Domain(may_be, tuple(equals) if listed else (), whole, unknown)
    if asked.word:
        return Domain(NOT_NEGATIVE if asked.word in ("age_of", "count_of") else Cell(), (), whole, unknown)
    if field is None:
        return Domain(options=_ties(version) if asked.path == "subject.tie" else ())
    if field.kind == FieldKind.INTEGER and field.options:
        return Domain(options=tuple(int(option.value) for option in field.options), whole=whole, unknown=unknown)
    if field.kind == FieldKind.INTEGER:
        return Domain(Cell((Between(field.minimum, field.maximum),)), (), whole, unknown)
    return Domain(options=tuple(option.value for option in field.options), unknown=unknown)


def _ties(version: ServiceVersion) -> tuple[str, ...]:
    field = version.form.find_kind(FieldKind.TIE)
    return field.ties if field else ("self",)


def _field_of(version: ServiceVersion, asked: Input) -> Field | None:
    root, _dot, name = asked.path.partition(".")
    return version.form.find_field(name) if root == "answers" else None


def _type_of(version: ServiceVersion, asked: Input) -> Type | None:
    if asked.word:
        return Type.NUMBER
    field = _field_of(version, asked)
    return TYPES.get(field.kind) if field else KNOWN_TYPES.get(asked.path)


def _prove_eligibility(version: ServiceVersion, files: Decoded) -> None:
    table, path = version.tables.get(version.eligibility), ("eligibility",)
    if table is None:
        hint = f"there is no tables/{version.eligibility}.toml; {close_to(version.eligibility, list(version.tables))}write it"
        files.source.fault("service.toml", path, "unknown_table", hint)
        return
    columns = {column.name: column.type for column in table.declared.outputs}
    if columns.get(REFUSAL) != Type.STRING or table.declared.hit_policy == HitPolicy.COLLECT:
        hint = f"`{version.eligibility}` needs an output `{REFUSAL}` of type string (a text's key, or `-` for nobody), and no COLLECT"
        files.source.fault("service.toml", path, "table_says_no_refusal", hint)
