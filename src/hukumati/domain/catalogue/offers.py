"""What a question offers from what is known: the records of a list that a registry gave, the people of a family. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.decisions.inputs import fact_at
from hukumati.domain.catalogue.names import full_name
from hukumati.domain.catalogue.questions import OfferedPerson, People

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import Facts
    from hukumati.domain.catalogue.questions import Field, Items

BARRED, DECEASED, NO_LONGER_TIED = "barred", "deceased", "no_longer_tied"
type Record = Mapping[str, Any]


def offered_records(asked: Field, facts: Facts) -> dict[str, Record]:
    """The records that may be chosen, by what tells them apart, in the registry's order. What has no such mark cannot be chosen."""
    if asked.items is None:
        return {}
    return records_of(asked.items, facts, asked.fact)


def records_of(items: Items, facts: Facts, path: str) -> dict[str, Record]:
    """The records of a list by what tells them apart, in its order: those that the declaration offers."""
    return {
        str(record[items.id]): record
        for record in records_at(facts, path)
        if record.get(items.id) not in (None, "") and (not items.only or record.get(items.only) in items.one_of)
    }


def chosen_records(asked: Field, facts: Facts) -> list[Record]:
    """The records that the citizen chose, as the registry gave them: what a fee or a document takes its lines from."""
    chosen = fact_at(facts, f"answers.{asked.id}") or ()
    return [record for mark, record in offered_records(asked, facts).items() if mark in chosen]


def offered_people(asked: Field, facts: Facts) -> list[OfferedPerson]:
    """The family of the declared ties, then whom the other registry's list includes although the civil registry no longer knows the tie."""
    people = asked.people or People()
    listed = {str(one.get("national_id")): one for one in records_at(facts, people.list_)}
    family = {str(tie["national_id"]): tie for tie in records_at(facts, asked.fact) if tie.get("kind") in asked.ties}
    tied = [_of_family(tie, listed.get(number), people) for number, tie in family.items()]
    lost = [_of_list(one, people) for number, one in listed.items() if number not in family]
    return [*(one for one in tied if one.included or one.barred != DECEASED), *(one for one in lost if one.included)]


def person_key(tie: str, national_id: str) -> str:
    """How a page names somebody: no identity number stands in a form, and two children never share a key."""
    return f"{tie}-{blake2b(national_id.encode(), digest_size=8).hexdigest()}"


def _of_family(tie: Record, listed: Record | None, people: People) -> OfferedPerson:
    number, kind = str(tie["national_id"]), str(tie["kind"])
    barred = DECEASED if not tie.get("alive", True) else BARRED if _says(listed, people.barred) else ""
    return OfferedPerson(
        person_key(kind, number),
        number,
        kind,
        full_name(tie.get("name_ar")),
        full_name(tie.get("name_latin")),
        str(tie.get("birth_date") or ""),
        minor=bool(tie.get("minor")),
        included=_is_included(listed, people),
        listed=listed is not None,
        barred=barred,
    )


def _of_list(one: Record, people: People) -> OfferedPerson:
    number, kind = str(one.get("national_id")), str(one.get("tie") or "")
    return OfferedPerson(
        person_key(kind, number),
        number,
        kind,
        full_name(one.get("name_ar")),
        full_name(one.get("name_latin")),
        included=_is_included(one, people),
        listed=True,
        barred=NO_LONGER_TIED,
    )


def _is_included(listed: Record | None, people: People) -> bool:
    return listed is not None and (not people.included or _says(listed, people.included))


def _says(listed: Record | None, attribute: str) -> bool:
    return bool(listed and attribute and listed.get(attribute) is True)


def records_at(facts: Facts, path: str) -> list[Record]:
    """The records of the list at that path; what is no record is left out."""
    told = fact_at(facts, path) if path else None
    return [record for record in told if isinstance(record, Mapping)] if isinstance(told, list) else []
