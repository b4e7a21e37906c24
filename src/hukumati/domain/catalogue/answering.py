"""What an inquiry's answer shows of the facts of that day. Pure: values in, values out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.decisions.inputs import fact_at
from hukumati.domain.catalogue.offers import records_at, records_of
from hukumati.domain.catalogue.questions import Format
from hukumati.domain.catalogue.rules import conditions_that_hold

if TYPE_CHECKING:
    from datetime import date

    from hukumati.domain.catalogue.answers import AnswerNotice, AnswerRow, GoingOn
    from hukumati.domain.catalogue.facts import Facts, ServiceVersion
    from hukumati.domain.catalogue.offers import Record

CHOSEN = "chosen"
"""Under this name the record that is looked at stands among the facts."""


def choosable(service: ServiceVersion, facts: Facts) -> list[Record]:
    """The records among which the answer is about one, in the register's order."""
    choice = service.answer.choice if service.answer else None
    return list(records_of(choice.items, facts, choice.fact).values()) if choice else []


def with_chosen(service: ServiceVersion, facts: Facts, *, place: int | None = None) -> Facts:
    """The facts with the record at that place (from 1) as `chosen`. The only one is chosen by itself; a place that is none chooses nothing."""
    records = choosable(service, facts)
    place = 1 if len(records) == 1 else place
    if place is None or not 1 <= place <= len(records):
        return facts
    return {**facts, CHOSEN: records[place - 1]}


def answer_rows(service: ServiceVersion, facts: Facts, *, language: str = "ar") -> list[tuple[AnswerRow, Any]]:
    """The lines of an inquiry's answer with their values; what the registry left empty is left out."""
    rows = service.answer.rows if service.answer else ()
    valued = [(row, value_of_row(row, facts, language=language)) for row in rows]
    return [(row, value) for row, value in valued if value not in (None, "", [], {})]


def value_of_row(row: AnswerRow, facts: Facts, *, language: str = "ar") -> Any:
    """The fact of a row, in the language where the register keeps two; for a table its records; for money with its currency."""
    if row.format == Format.TABLE:
        return _records(row, facts)
    value = fact_at(facts, row.fact)
    if row.format == Format.MONEY:
        return amount(value, fact_at(facts, row.currency))
    in_english = fact_at(facts, row.in_english) if row.in_english and language == "en" else None
    return in_english or value


def amount(amount_minor: Any, currency: Any) -> dict[str, Any] | None:
    """An amount as formats know it, None when either part is not known."""
    known = isinstance(amount_minor, int) and not isinstance(amount_minor, bool) and isinstance(currency, str)
    return {"amount_minor": amount_minor, "currency": currency} if known else None


def notices_that_hold(service: ServiceVersion, facts: Facts, *, on: date) -> list[AnswerNotice]:
    """What must be said beside an inquiry's answer, by the facts of that day."""
    if service.answer is None:
        return []
    held = conditions_that_hold(service, facts, on=on)
    return [notice for notice in service.answer.notices if held[notice.when]]


def going_on_from(service: ServiceVersion, facts: Facts, *, on: date) -> GoingOn | None:
    """How this answer goes on into an application, None when it does not."""
    going_on = service.answer.going_on if service.answer else None
    if going_on is None or not going_on.when:
        return going_on
    return going_on if conditions_that_hold(service, facts, on=on)[going_on.when] else None


def _records(row: AnswerRow, facts: Facts) -> list[Record]:
    return [record for record in records_at(facts, row.fact) if not row.only or record.get(row.only) in row.one_of]
