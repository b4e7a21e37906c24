"""What stands in a question: what was just typed, else what was answered, else what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from stdnum import iban

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.money import Money
from hukumati.processes.applications import api as applications
from hukumati.web.ui import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.processes.applications.facts import ApplicationFacts
    from hukumati.web.ui.cases.problems import Errors

Kinds = catalogue.FieldKind
DATE_PARTS, PLACE_PARTS = ("day", "month", "year"), ("governorate", "locality")


@dataclass(frozen=True)
class Given:
    """What a question is drawn with: what was answered, what is known, what was just typed, and what is wrong with it."""

    application: ApplicationFacts
    answers: Mapping[str, Any]
    facts: catalogue.Facts
    typed: Mapping[str, Any] | None
    errors: Errors
    takes_files: bool = True


def value_of(asked: catalogue.Field, given: Given) -> Any:
    """As the component of its kind wants it."""
    if given.typed is not None:
        return _as_typed(asked, given.typed)
    value = given.answers.get(asked.id)
    if value is None and asked.kind == Kinds.ITEMS and asked.items and asked.items.all_required:
        return tuple(catalogue.offered_records(asked, given.facts))
    if value is None and asked.kind == Kinds.PEOPLE:
        return tuple(one.key for one in catalogue.offered_people(asked, given.facts) if one.included and not one.barred)
    return _as_answered(asked, asked.default if value is None else value)


def _as_typed(asked: catalogue.Field, typed: Mapping[str, Any]) -> Any:
    if asked.kind in (Kinds.ITEMS, Kinds.PEOPLE, Kinds.MULTI):
        return tuple(applications.several(typed, asked.id))
    parts = {Kinds.DATE: DATE_PARTS, Kinds.PLACE: PLACE_PARTS}.get(asked.kind)
    if parts:
        return tuple(applications.one(typed, f"{asked.id}_{part}") for part in parts)
    return applications.one(typed, asked.id)


def _as_answered(asked: catalogue.Field, value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", []):
        return ""
    return AS_ANSWERED[asked.kind](asked, value) if asked.kind in AS_ANSWERED else value


AS_ANSWERED: Mapping[catalogue.FieldKind, Callable[[catalogue.Field, Any], Any]] = {
    Kinds.DATE: lambda _asked, value: date.fromisoformat(str(value)),
    Kinds.PLACE: lambda _asked, value: tuple(value[part] for part in PLACE_PARTS),
    Kinds.MONEY: lambda asked, value: str(Money(value, asked.currency)),
    Kinds.PHONE: lambda _asked, value: writing.spaced_phone(str(value)),
    Kinds.IBAN: lambda _asked, value: iban.format(value),
    Kinds.PEOPLE: lambda _asked, value: tuple(person["key"] for person in value),
}
