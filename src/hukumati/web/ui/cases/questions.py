"""A service's declared fields as questions on a page: with what is known, what was typed, and what is wrong with it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.ui.cases import handed_in
from hukumati.web.ui.cases.answered import answer_rows
from hukumati.web.ui.cases.facts import fact_in_words
from hukumati.web.ui.cases.options import declared_options, governorates, nothing_offered, offers_nothing, options_of
from hukumati.web.ui.cases.problems import problem_of
from hukumati.web.ui.cases.values import Given, value_of
from hukumati.web.ui.cases.words import in_page_language
from hukumati.web.ui.fields import Field, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.catalogue.facts import Page, ServiceVersion
    from hukumati.processes.applications.facts import ApplicationFacts
    from hukumati.web.ui.cases.problems import Errors

__all__ = ["answer_rows", "questions_of", "whens_of"]

Kinds = catalogue.FieldKind
OPTIONS_AS_LIST_MAX = 8
IBAN_CHARACTERS = 35
CURRENCY_SIGNS = {"ILS": "₪", "JOD": "JOD", "USD": "USD"}
COMPONENTS = {
    Kinds.PICK_UP: "cards",
    Kinds.PARTY: "cards",
    Kinds.ITEMS: "check_cards",
    Kinds.PEOPLE: "check_cards",
    Kinds.MULTI: "checkboxes",
    Kinds.OFFICE: "select",
    Kinds.YES_NO: "choice",
    Kinds.INTEGER: "digits",
    Kinds.DIGITS: "digits",
    Kinds.DATE: "date",
    Kinds.TEXT: "text",
    Kinds.MONEY: "money",
    Kinds.PHONE: "mobile",
    Kinds.IBAN: "iban",
    Kinds.PLACE: "place",
}


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """When a question on the page is asked: for scripts, that hide it until then, and in words for readers without them."""

    field: str
    values: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    least: int | None = None
    counted: bool = False


def questions_of(
    service: ServiceVersion,
    page: Page,
    application: ApplicationFacts,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    takes_files: bool = True,
) -> list[Field]:
    """The questions of one page of the form. After a refusal, `typed` is shown again as it was typed.

    Whoever helps with a draft takes no files: a citizen's photo and papers pass through nobody's hands.
    """
    facts = applications.known_facts(application)
    given = Given(application, application.answers, facts, typed, errors or {}, takes_files)
    return [_question(service, asked, given) for asked in page.fields if _stands_on(service, page, asked, application)]


def whens_of(page: Page) -> dict[str, ShownWhen]:
    """The questions that wait for another one on the same page, by their name."""
    here = {asked.id: asked for asked in page.fields}
    return {
        asked.id: _shown_when(here[asked.when.field], asked.when)
        for asked in page.fields
        if asked.when is not None and asked.when.field in here and here[asked.when.field].kind != Kinds.GROUP
    }


def _shown_when(awaited: catalogue.Field, when: catalogue.When) -> ShownWhen:
    values = tuple(_as_sent(value) for value in (when.is_, *when.one_of) if value is not None)
    labels = tuple(option.label for option in declared_options(awaited) if option.value in values)
    counted = awaited.kind in (Kinds.ITEMS, Kinds.MULTI, Kinds.PEOPLE)
    return ShownWhen(awaited.id, values, labels, when.at_least, counted)


def _as_sent(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _is_read(service: ServiceVersion, asked: catalogue.Field, application: ApplicationFacts) -> bool:
    """What is read only of some people is shown only to them."""
    name = asked.fact.partition(".")[0]
    read = next((read for read in service.reads if read.name == name), None)
    return read is None or not read.when or name in application.evidence


def _stands_on(service: ServiceVersion, page: Page, asked: catalogue.Field, application: ApplicationFacts) -> bool:
    """The choice of the person has a page of its own; what waits for another page's answer comes only when that holds."""
    if asked.kind == Kinds.TIE:
        return False
    if asked.kind == Kinds.SHOW:
        return _is_read(service, asked, application)
    if asked.when is None or asked.when.field in {other.id for other in page.fields}:
        return True
    return applications.is_asked(asked, application.answers)


def _question(service: ServiceVersion, asked: catalogue.Field, given: Given) -> Field:
    label, hint = in_page_language(asked.label), in_page_language(asked.hint)
    if asked.kind == Kinds.SHOW:
        shown = fact_in_words(service, asked, given.facts)
        return Field(name=asked.id, label=label, kind="show", value=shown, hint=hint)
    if offers_nothing(asked, given.facts):
        return Field(name=asked.id, label=label, kind="show", value=nothing_offered(asked), hint=hint)
    if asked.kind == Kinds.GROUP:
        return _rows(service, asked, given)
    if asked.limits is not None:
        return handed_in.question(asked, given, asked.limits)
    return Field(
        name=asked.id,
        label=label,
        kind=_component(asked),
        value=value_of(asked, given),
        hint=hint,
        error=problem_of(asked, given.errors),
        options=options_of(service, asked, given),
        groups=governorates() if asked.kind == Kinds.PLACE else (),
        optional=not asked.required,
        width=_width(asked),
        suffix=CURRENCY_SIGNS[asked.currency] if asked.kind == Kinds.MONEY else "",
        length_max=asked.length_max if asked.kind == Kinds.TEXT else 0,
    )


def _rows(service: ServiceVersion, asked: catalogue.Field, given: Given) -> Field:
    """A repeated group: each row's questions, under names that say the row."""
    numbers = _row_numbers(asked, given)
    return Field(
        name=asked.id,
        label=in_page_language(asked.label),
        kind="rows",
        hint=in_page_language(asked.hint),
        error=problem_of(asked, given.errors),
        optional=not asked.required,
        table=tuple(_row(service, asked, number, given) for number in numbers),
        may_add=len(numbers) < (asked.maximum or 0),
    )


def _row(service: ServiceVersion, asked: catalogue.Field, number: int, given: Given) -> Row:
    answered = given.answers.get(asked.id) or []
    row = answered[number] if number < len(answered) else {}
    inside = dataclasses.replace(
        given, answers={applications.inner_name(asked, number, inner): row.get(inner.id) for inner in asked.group}
    )
    return Row(
        number,
        tuple(_question(service, applications.in_row(asked, number, inner), inside) for inner in asked.group),
    )


def _row_numbers(asked: catalogue.Field, given: Given) -> list[int]:
    """The rows that were sent, after the button that was pressed; else those answered, and one to begin with where one is needed."""
    if given.typed is not None:
        after = applications.rows_after(asked, given.typed)
        return applications.rows_sent(asked, given.typed) if after is None else after
    least = max(asked.minimum or 0, int(asked.required))
    return list(range(max(len(given.answers.get(asked.id) or []), least)))


def _component(asked: catalogue.Field) -> str:
    if asked.kind == Kinds.CHOICE or (asked.kind == Kinds.INTEGER and asked.options):
        return "choice" if len(asked.options) <= OPTIONS_AS_LIST_MAX else "select"
    return COMPONENTS[asked.kind]


def _width(asked: catalogue.Field) -> int:
    if asked.kind == Kinds.INTEGER:
        return max(len(str(asked.maximum or 9999)), 2)
    return IBAN_CHARACTERS if asked.kind == Kinds.IBAN else asked.length_exact or 0
