"""A page of answers, question by question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.sdk import FieldKind
from hukumati.processes.applications.answers.handed_in import read_handed_in
from hukumati.processes.applications.answers.lists import items_fit, read_items, read_multi, read_place
from hukumati.processes.applications.answers.party import party_fits, read_party
from hukumati.processes.applications.answers.people import people_fit, read_people
from hukumati.processes.applications.answers.plain import read_plain
from hukumati.processes.applications.answers.rows import RowsWrong, read_rows
from hukumati.processes.applications.answers.sent import Around, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import Facts, Field, Page
    from hukumati.processes.applications.answers.sent import Problem, Typed

NOT_TYPED = frozenset({FieldKind.SHOW, FieldKind.TIE})


@dataclass(frozen=True)
class PageAnswers:
    """`values` by name, clean; `errors` by the name of the field on the page. When there are errors, nothing is to be kept."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Problem] = field(default_factory=dict)


def read_page(page: Page, typed: Typed, *, answers: Mapping[str, Any], around: Around | None = None) -> PageAnswers:
    """Check one page. `answers` are those of other pages, for conditions.

    A field whose condition does not hold is not read, and its old answer is emptied (value None).
    """
    read, around = PageAnswers(), around or Around()
    for asked in page.fields:
        if asked.kind in NOT_TYPED:
            continue
        if not is_asked(asked, {**answers, **read.values}):
            read.values.update(dict.fromkeys(asked.answer_names))
            continue
        try:
            read.values.update(_read_field(asked, typed, around))
        except Wrong as wrong:
            read.errors[asked.id] = wrong.problem
        except RowsWrong as wrong:
            read.errors.update(wrong.errors)
    return read


def is_asked(asked: Field, answers: Mapping[str, Any]) -> bool:
    """Whether the field's condition holds. What is only shown, and the choice of the person, are not asked here."""
    if asked.kind in NOT_TYPED:
        return False
    return asked.when is None or asked.when.holds(answers.get(asked.when.field))


def fits(asked: Field, answers: Mapping[str, Any], facts: Facts) -> bool:
    """Whether an answer given earlier still holds: what a registry gives to choose from may have changed since."""
    answer = answers.get(asked.id)
    if asked.kind == FieldKind.ITEMS:
        return items_fit(asked, answer, facts)
    if asked.kind == FieldKind.PEOPLE:
        return people_fit(asked, answers, facts)
    if asked.kind == FieldKind.PARTY:
        return party_fits(asked, answer, facts)
    return answer is not None or not asked.required


def _read_field(asked: Field, typed: Typed, around: Around) -> dict[str, Any]:
    if asked.kind == FieldKind.PEOPLE:
        return read_people(asked, typed, around)
    if asked.kind == FieldKind.GROUP:
        return {asked.id: read_rows(asked, typed, lambda inner, sent: _read_inner(inner, sent, around))}
    return {asked.id: _read_inner(asked, typed, around)}


def _read_inner(asked: Field, typed: Typed, around: Around) -> Any:
    return OF_SEVERAL_PARTS.get(asked.kind, read_plain)(asked, typed, around)


OF_SEVERAL_PARTS: Mapping[FieldKind, Callable[[Field, Typed, Around], Any]] = {
    FieldKind.ITEMS: read_items,
    FieldKind.MULTI: read_multi,
    FieldKind.PLACE: read_place,
    FieldKind.PHOTO: read_handed_in,
    FieldKind.FILE: read_handed_in,
    FieldKind.PARTY: read_party,
}
