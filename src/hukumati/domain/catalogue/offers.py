"""What a question offers from what is known: the records of a list that a registry gave. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.decisions.inputs import fact_at

if TYPE_CHECKING:
    from hukumati.domain.catalogue.questions import Field
    from hukumati.domain.catalogue.rules import Facts

type Record = Mapping[str, Any]


def offered_records(asked: Field, facts: Facts) -> dict[str, Record]:
    """The records that may be chosen, by what tells them apart, in the registry's order. What has no such mark cannot be chosen."""
    if asked.items is None:
        return {}
    items, told = asked.items, fact_at(facts, asked.fact)
    records = [record for record in told if isinstance(record, Mapping)] if isinstance(told, list) else []
    return {
        str(record[items.id]): record
        for record in records
        if record.get(items.id) not in (None, "") and (not items.only or record.get(items.only) in items.one_of)
    }


def chosen_records(asked: Field, facts: Facts) -> list[Record]:
    """The records that the citizen chose, as the registry gave them: what a fee or a document takes its lines from."""
    chosen = fact_at(facts, f"answers.{asked.id}") or ()
    return [record for mark, record in offered_records(asked, facts).items() if mark in chosen]
