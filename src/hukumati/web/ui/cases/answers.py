"""An inquiry's answer as people read it: rows and tables, and after what comes from one register where it comes from and how old it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.money import Money, total
from hukumati.web.ui import writing
from hukumati.web.ui.cases.facts import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.catalogue.facts import AnswerRow, Choice, Column, Facts, ServiceVersion
    from hukumati.processes.applications.facts import InquiryFacts, SourceFacts

NUMERIC = frozenset({catalogue.Format.MONEY, catalogue.Format.NUMBER, catalogue.Format.HUNDREDTHS})


@dataclass(frozen=True)
class Value:
    """What is written, and the tone of its tag when it is a word of the register."""

    shown: Any
    tone: str = ""


@dataclass(frozen=True)
class Line:
    label: str
    value: Value


@dataclass(frozen=True)
class Table:
    label: str
    columns: list[dict[str, Any]]
    rows: list[list[Value]]
    totals: list[Money]
    """What the added column comes to, for each currency."""


@dataclass(frozen=True)
class Block:
    """What one register told: plain lines together, each table by itself."""

    read: str
    parts: list[list[Line] | Table]
    source: SourceFacts | None


@dataclass(frozen=True)
class Candidate:
    """One of those among which the answer is about one."""

    place: int
    name: Any
    facts: list[Any] = field(default_factory=list)
    state: Value | None = None


def blocks_of(service: ServiceVersion, inquiry: InquiryFacts, facts: Facts) -> list[Block]:
    """The answer in its declared order; rows of one register that follow each other stand together."""
    rows = catalogue.answer_rows(service, facts, language=writing.language())
    return [
        Block(read, _parts(list(told)), inquiry.sources.get(read))
        for read, told in groupby(rows, key=lambda pair: _read_of(service, pair[0]))
    ]


def sources_apart(inquiry: InquiryFacts, blocks: list[Block]) -> list[SourceFacts]:
    """Registers that were asked and of which nothing is shown: they hold nothing, or one of several is not chosen yet."""
    shown = {block.read for block in blocks}
    return [source for read, source in inquiry.sources.items() if read not in shown]


def candidates_of(service: ServiceVersion, facts: Facts) -> list[Candidate]:
    """Those among which the answer is about one, when there are several."""
    choice = service.answer.choice if service.answer else None
    records = catalogue.choosable(service, facts)
    if choice is None or len(records) < 2:  # noqa: PLR2004 (the only one is not chosen)
        return []
    return [_candidate(choice, record, place) for place, record in enumerate(records, start=1)]


def _candidate(choice: Choice, record: Mapping[str, Any], place: int) -> Candidate:
    shown = [
        written(_in_language(record, one.attribute, one.in_english), one.format)
        for one in choice.items.shows
        if record.get(one.attribute) not in (None, "")
    ]
    word = record.get(choice.state) if choice.state else None
    state = _word(str(word), choice.states, choice.tone) if word is not None else None
    return Candidate(place, shown[0], shown[1:], state)


def _read_of(service: ServiceVersion, row: AnswerRow) -> str:
    choice = service.answer.choice if service.answer else None
    root = row.fact.partition(".")[0]
    return choice.fact.partition(".")[0] if choice and root == "chosen" else root


def _parts(rows: list[tuple[AnswerRow, Any]]) -> list[list[Line] | Table]:
    parts: list[list[Line] | Table] = []
    for is_table, told in groupby(rows, key=lambda pair: bool(pair[0].columns)):
        if is_table:
            parts += [_table(row, records) for row, records in told]
        else:
            parts.append([Line(writing.text(row.label), _value(value, row)) for row, value in told])
    return parts


def _table(row: AnswerRow, records: list[Mapping[str, Any]]) -> Table:
    columns = [{"label": writing.text(one.label), "numeric": one.format in NUMERIC} for one in row.columns]
    cells = [[_cell(record, column) for column in row.columns] for record in records]
    return Table(writing.text(row.label), columns, cells, _totals(row, records))


def _cell(record: Mapping[str, Any], column: Column) -> Value:
    value = _in_language(record, column.attribute, column.in_english)
    if column.format == catalogue.Format.MONEY:
        value = catalogue.amount(value, record.get(column.currency))
    return Value("") if value in (None, "", [], {}) else _value(value, column)


def _totals(row: AnswerRow, records: list[Mapping[str, Any]]) -> list[Money]:
    added = next((column for column in row.columns if column.total), None)
    if added is None:
        return []
    told = [catalogue.amount(record.get(added.attribute), record.get(added.currency)) for record in records]
    amounts = [Money(one["amount_minor"], one["currency"]) for one in told if one]
    currencies = dict.fromkeys(one.currency for one in amounts)
    return [total([one for one in amounts if one.currency == name], currency=name) for name in currencies]


def _value(value: Any, shown: AnswerRow | Column) -> Value:
    if shown.format == catalogue.Format.STATE:
        return _word(str(value), shown.states, shown.tone)
    if shown.format == catalogue.Format.YES_NO:
        word = "yes" if value else "no"
        said = _word(word, shown.states, shown.tone)
        own = said.shown if word in shown.states else _("Yes") if value else _("No")
        return Value(own, said.tone)
    return Value(written(value, shown.format))


def _word(word: str, words: Mapping[str, Any], tones: Mapping[str, str]) -> Value:
    """A word that no tone is declared for among the others' is only written: not everything is a state."""
    return Value(writing.text(words.get(word, word)), tones.get(word, "neutral") if tones else "")


def _in_language(record: Mapping[str, Any], attribute: str, in_english: str) -> Any:
    latin = record.get(in_english) if in_english and writing.language() == "en" else None
    return latin or record.get(attribute)
