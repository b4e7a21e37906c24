"""What anybody may try on the service's page: the questions that the fee depends on, and the facts that their answers stand for. Pure.

The fee is then assessed by the very rule that charges. An answer about a derived input, an age or a number of days, becomes a fact that
gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue.decisions.facts import Type
from hukumati.domain.catalogue.decisions.inputs import Input, fact_giving, read_input
from hukumati.domain.catalogue.facts import FeeLine
from hukumati.domain.catalogue.questions import FieldKind, Option
from hukumati.domain.catalogue.tariff import lines_on
from hukumati.kernel.text import Text, plain_digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from hukumati.domain.catalogue.decisions.facts import InputColumn
    from hukumati.domain.catalogue.decisions.tables import Table
    from hukumati.domain.catalogue.facts import Facts, ServiceVersion
    from hukumati.domain.catalogue.questions import Field

DIGITS_MAX: Final = 6
YES_NO: Final = (Option("yes", Text("نعم", "Yes")), Option("no", Text("لا", "No")))
FROM_OPTIONS: Final = frozenset({FieldKind.CHOICE, FieldKind.PICK_UP})


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the fee depends on. With `options` it is chosen, else it is a whole number between the ends."""

    name: str
    asked: Input
    label: Text
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    default: str = ""
    """Taken when nothing was said; empty: then it is left open."""
    counts: bool = False
    """Its answer is a number also where it is chosen out of a list."""


def list_questions(service: ServiceVersion, *, on: date) -> tuple[Question, ...]:
    """In the order of the tariff's lines, each once. What has no words for the public is not asked: the fee stays open there."""
    found: dict[str, Question] = {}
    for question in _questions(service, on):
        if all(question.asked != other.asked for other in found.values()):
            found.setdefault(question.name, question)
    return tuple(found.values())


def facts_said(questions: tuple[Question, ...], said: Mapping[str, str], *, on: date) -> Facts:
    """Facts that give what was said. What does not fit is taken for not said."""
    facts: dict[str, Any] = {"answers": {}}
    for question in questions:
        value = value_said(question, said)
        if value is not None:
            _put(facts, question.asked.path.split("."), fact_giving(question.asked, _meant(question, value), on=on))
    return facts


def value_said(question: Question, said: Mapping[str, str]) -> str | None:
    """The answer as an option's value or as digits within the ends; the default when it is none."""
    typed = plain_digits(said.get(question.name, question.default).strip())
    if question.options:
        return typed if any(option.value == typed for option in question.options) else question.default or None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= DIGITS_MAX):
        return question.default or None
    number = int(typed)
    least, most = question.minimum or 0, question.maximum if question.maximum is not None else number
    return str(min(max(number, least), most))


def _questions(service: ServiceVersion, on: date) -> Iterator[Question]:
    conditions = {condition.name: condition for condition in service.conditions}
    for line in lines_on(service, on):
        if isinstance(line, FeeLine):
            if line.times:
                yield from _of_field(service, f"answers.{line.times}")
            for column in service.tables[line.table].declared.inputs if line.table else ():
                yield from _of_column(service, service.tables[line.table], column)
        if line.when:
            yield from _of_field(service, conditions[line.when].fact)


def _of_column(service: ServiceVersion, table: Table, column: InputColumn) -> Iterator[Question]:
    if column.expression.startswith("answers."):
        yield from _of_field(service, column.expression)
        return
    label, asked = service.texts.get(f"input.{column.name}.label"), read_input(column.expression)
    if label is None or asked is None:
        return
    if column.type == Type.BOOLEAN:
        yield Question(column.name, asked, label, YES_NO)
    elif column.type == Type.STRING:
        options = tuple(
            Option(value, service.texts[f"input.{column.name}.option.{value}"]) for value in words_of(table, column)
        )
        yield Question(column.name, asked, label, options)
    elif column.type == Type.NUMBER:
        yield Question(column.name, asked, label, minimum=0)


def words_of(table: Table, column: InputColumn) -> tuple[str, ...]:
    """The texts that a column names, in the order of the rules: what may be, where that is listed."""
    place = table.declared.inputs.index(column)
    cells = [table.may_be[place]] if table.may_be[place].parts else [row[place] for row in table.tests]
    return tuple(dict.fromkeys(value for cell in cells for value in cell.marks() if isinstance(value, str)))


def _of_field(service: ServiceVersion, path: str) -> Iterator[Question]:
    root, _dot, name = path.partition(".")
    field = service.form.find_field(name) if root == "answers" else None
    if field is None:
        return
    default = _default_of(field)
    asked = Input(path)
    if field.kind in FROM_OPTIONS:
        yield Question(field.id, asked, field.label, field.options, default=default)
    elif field.kind == FieldKind.YES_NO:
        yield Question(field.id, asked, field.label, YES_NO, default=default)
    elif field.kind == FieldKind.INTEGER:
        yield Question(field.id, asked, field.label, field.options, field.minimum, field.maximum, default, counts=True)


def _default_of(field: Field) -> str:
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    if field.default is None and field.kind == FieldKind.INTEGER:
        return str(field.minimum or 0)
    return "" if field.default is None else str(field.default)


def _meant(question: Question, value: str) -> Any:
    if question.options == YES_NO:
        return value == "yes"
    return value if question.options and not question.counts else int(value)


def _put(facts: dict[str, Any], way: list[str], value: Any) -> None:
    for part in way[:-1]:
        facts = facts.setdefault(part, {})
    facts[way[-1]] = value
