"""What a case costs, line by line: fixed amounts, amounts that a table decides, and a line for each record that was chosen. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue.decisions.inputs import fact_at
from hukumati.domain.catalogue.decisions.tables import decide
from hukumati.domain.catalogue.facts import Assessment, ChargeLine, FeeLine
from hukumati.domain.catalogue.offers import offered_records
from hukumati.kernel.money import Money, total
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from hukumati.domain.catalogue.facts import Facts, ItemLine, ServiceVersion
    from hukumati.domain.catalogue.offers import Record

AMOUNT: Final = "amount_minor"
"""The output of a table that says what a line costs; nothing or 0 is no line."""
ALL: Final = "all"
OF_THE_ITEM: Final = "item."
PLACE: Final = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
DEFAULT_CURRENCY: Final = "ILS"


def assess(service: ServiceVersion, facts: Facts, *, held: Mapping[str, bool], on: date) -> Assessment:
    """Every line that is owed on that day, given which conditions hold; and what is not known although a line depends on it."""
    lines: list[ChargeLine] = []
    undecided: list[str] = []
    for line in lines_on(service, on):
        if line.when and not held[line.when]:
            continue
        if isinstance(line, FeeLine):
            unit, unknown = _unit(service, line, facts, on=on)
            undecided += unknown
            lines += [_charge_line(line, unit, facts)] if unit else []
        else:
            items = [_item_line(line, *found) for found in chosen_of(service, line, facts).items()]
            lines += [item for item in items if item is not None]
            undecided += [line.source] if None in items else []
    owed = tuple(line for line in lines if line.amount)
    return Assessment(
        owed, total([line.amount for line in owed], currency=currency_of(service)), tuple(dict.fromkeys(undecided))
    )


def given_back(lines: Sequence[ChargeLine], *, keeps: Collection[str]) -> Money:
    """What of a paid charge goes back: all but the lines with these codes. The line of a record is `fine:7123`."""
    back = [line.amount for line in lines if line.code.partition(":")[0] not in keeps]
    return total(back, currency=lines[0].amount.currency)


def lines_on(service: ServiceVersion, on: date) -> tuple[FeeLine | ItemLine, ...]:
    """The lines of the tariff in force on that day."""
    lines: tuple[FeeLine | ItemLine, ...] = (*service.fee_lines, *service.item_lines)
    return tuple(
        line for line in lines if line.valid_from <= on and (line.valid_until is None or on < line.valid_until)
    )


def currency_of(service: ServiceVersion) -> str:
    """A service is paid in one currency."""
    units = [*(line.unit for line in service.fee_lines), *(line.unit for line in service.item_lines)]
    return units[0].currency if units else DEFAULT_CURRENCY


def least(service: ServiceVersion, *, on: date) -> Money:
    """The least that somebody who owes anything pays: each line once, a table's smallest amount, no line that has a condition."""
    currency = currency_of(service)
    lines = [line for line in lines_on(service, on) if isinstance(line, FeeLine) and not line.when]
    return total([_least_of(service, line) for line in lines], currency=currency)


def _least_of(service: ServiceVersion, line: FeeLine) -> Money:
    if not line.table:
        return line.unit
    table = service.tables[line.table]
    place = [column.name for column in table.declared.outputs].index(AMOUNT)
    said = [row[place] for row in (*table.answers, *([table.defaults] if table.defaults else []))]
    return Money(min((value for value in said if isinstance(value, int) and value), default=0), line.unit.currency)


def _unit(service: ServiceVersion, line: FeeLine, facts: Facts, *, on: date) -> tuple[Money | None, tuple[str, ...]]:
    if not line.table:
        return line.unit, ()
    decision = decide(service.tables[line.table], facts, on=on)
    if decision.outputs is None:
        return None, decision.unknown or (line.table,)
    return Money(decision.outputs[AMOUNT] or 0, line.unit.currency), ()


def _charge_line(line: FeeLine, unit: Money, facts: Facts) -> ChargeLine:
    quantity = int(fact_at(facts, f"answers.{line.times}") or 1) if line.times else 1
    return ChargeLine(
        line.code, line.name, quantity, unit, unit * quantity, line.instrument, line.article, line.revenue_account
    )


def _item_line(line: ItemLine, mark: str, record: Record) -> ChargeLine | None:
    """What is owed for one record; None when the record says no amount or no article: nobody is charged a guess."""
    amount = fact_at(record, line.amount) if line.amount else line.unit.amount_minor
    article = fact_at(record, line.article.removeprefix(OF_THE_ITEM)) if _is_of_item(line.article) else line.article
    if type(amount) is not int or amount < 0 or not isinstance(article, str) or not article:
        return None
    money = Money(amount, line.unit.currency)
    name = Text(_filled(line.name.ar, record), _filled(line.name.en, record))
    return ChargeLine(f"{line.code}:{mark}", name, 1, money, money, line.instrument, article, line.revenue_account)


def _is_of_item(article: str) -> bool:
    return article.startswith(OF_THE_ITEM)


def chosen_of(service: ServiceVersion, line: ItemLine, facts: Facts) -> Mapping[str, Record]:
    """The records that a line for each of them is owed for, by what tells them apart: each once, whatever was typed."""
    told = fact_at(facts, line.source)
    listed = [record for record in told if isinstance(record, Mapping)] if isinstance(told, list) else []
    offered = {str(record[line.id]): record for record in listed if record.get(line.id) not in (None, "")}
    if line.chosen_by == ALL:
        return offered
    question = service.form.find_field(line.chosen_by.removeprefix("answers."))
    if question is not None and question.items is not None:
        offered = offered_records(question, facts)
    chosen = fact_at(facts, line.chosen_by)
    marks = frozenset(map(str, chosen)) if isinstance(chosen, list | tuple) else frozenset()
    return {mark: record for mark, record in offered.items() if mark in marks}


def _filled(text: str, record: Record) -> str:
    """The record's words in the places of a text; nothing but names of attributes is understood there."""

    def word(place: re.Match[str]) -> str:
        value: Any = fact_at(record, place[1])
        return "" if value is None or isinstance(value, Mapping | list) else str(value)

    return PLACE.sub(word, text)
