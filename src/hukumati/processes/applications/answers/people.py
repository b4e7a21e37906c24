"""Which of a family stand together: who is chosen, who is new, who leaves, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.sdk import offered_people
from hukumati.processes.applications.answers.sent import Around, Wrong, one, several

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hukumati.domain.catalogue.facts import Facts, Field, OfferedPerson, People
    from hukumati.processes.applications.answers.sent import Typed


def read_people(asked: Field, typed: Typed, around: Around) -> dict[str, Any]:
    """The answer and what it changes: `<id>` who stands in it, `_added`, `_dropped`, and `_unlisted`: added, and unknown to the other registry."""
    offered, chosen = offered_people(asked, around.facts), several(typed, asked.id)
    allowed = {person.key for person in offered if not person.barred}
    if not set(chosen) <= allowed:
        raise Wrong("answers.not_a_choice")
    if asked.required and allowed and not chosen:
        raise Wrong("answers.required")
    if asked.maximum is not None and len(chosen) > asked.maximum:
        raise Wrong("answers.too_many_chosen", max=asked.maximum)
    reasons = {person.key: _reason(asked, person, typed, is_chosen=person.key in chosen) for person in offered}
    return _told(asked, offered, chosen, reasons)


def people_fit(asked: Field, answers: Mapping[str, Any], facts: Facts) -> bool:
    """Whether the family and the other registry's list are still as they were when it was answered."""
    told, offered = answers.get(asked.id), offered_people(asked, facts)
    if not isinstance(told, list):
        return False
    chosen = [person["key"] for person in told]
    if not set(chosen) <= {person.key for person in offered if not person.barred}:
        return False
    now = _told(asked, offered, chosen, {})
    return all(_keys(now[name]) == _keys(answers.get(name)) for name in asked.answer_names)


def _keys(people: Sequence[Mapping[str, Any]] | None) -> list[str]:
    return [person["key"] for person in people or ()]


def _told(
    asked: Field, offered: Sequence[OfferedPerson], chosen: Collection[str], reasons: Mapping[str, str]
) -> dict[str, Any]:
    def records(people: list[OfferedPerson]) -> list[dict[str, Any]]:
        return [_record(person, reasons.get(person.key, "")) for person in people]

    standing = [person for person in offered if person.key in chosen]
    added = [person for person in standing if not person.included]
    dropped = [person for person in offered if person.included and person.key not in chosen]
    names = asked.answer_names
    unlisted = [person for person in added if not person.listed]
    return dict(zip(names, map(records, (standing, added, dropped, unlisted)), strict=True))


def _record(person: OfferedPerson, reason: str) -> dict[str, Any]:
    return {
        "key": person.key,
        "national_id": person.national_id,
        "tie": person.tie,
        "name_ar": person.name_ar,
        "name_latin": person.name_latin,
        "birth_date": person.birth_date,
        "minor": person.minor,
        "reason": person.barred or reason,
    }


def _reason(asked: Field, person: OfferedPerson, typed: Typed, *, is_chosen: bool) -> str:
    """Why somebody comes or goes, where the form asks it. Whoever may not stand in the list leaves it for that reason."""
    if is_chosen == person.included or person.barred or asked.people is None:
        return ""
    allowed = _reasons(asked.people, is_added=is_chosen)
    given = one(typed, reason_name(asked, person.key))
    if allowed and given not in allowed:
        raise Wrong("answers.reason_missing", name_ar=person.name_ar, name_latin=person.name_latin)
    return given if allowed else ""


def _reasons(people: People, *, is_added: bool) -> frozenset[str]:
    return frozenset(option.value for option in (people.added_reasons if is_added else people.dropped_reasons))


def reason_name(asked: Field, key: str) -> str:
    """How a page names the reason for one person."""
    return f"{asked.id}_reason_{key}"
