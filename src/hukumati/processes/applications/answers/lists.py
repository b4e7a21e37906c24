"""Answers that are chosen out of a list: several options, several of a registry's records, a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.sdk import offered_records
from hukumati.processes.applications.answers.plain import require_answer
from hukumati.processes.applications.answers.sent import Around, Wrong, one, several

if TYPE_CHECKING:
    from collections.abc import Collection

    from hukumati.domain.catalogue.facts import Facts, Field
    from hukumati.processes.applications.answers.sent import Typed


def read_items(asked: Field, typed: Typed, around: Around) -> list[str]:
    """Chosen out of the registry's list, kept in its order. Where the list is empty there is nothing to choose."""
    offered, chosen = offered_records(asked, around.facts), several(typed, asked.id)
    if not set(chosen) <= set(offered):
        raise Wrong("answers.not_a_choice")
    if not _enough(asked, chosen, offered):
        raise Wrong("answers.not_all_chosen" if asked.items and asked.items.all_required else "answers.required")
    return [mark for mark in offered if mark in chosen]


def items_fit(asked: Field, answer: list[str] | None, facts: Facts) -> bool:
    """Whether the registry still has what was chosen, and nothing that may not be left out."""
    offered = offered_records(asked, facts)
    return answer is not None and set(answer) <= set(offered) and _enough(asked, answer, offered)


def _enough(asked: Field, chosen: Collection[str], offered: Collection[str]) -> bool:
    if asked.items and asked.items.all_required:
        return len(chosen) == len(offered)
    return bool(chosen) or not offered or not asked.required


def read_multi(asked: Field, typed: Typed, _around: Around) -> list[str]:
    """Several of the declared options, kept in their order."""
    offered, chosen = [option.value for option in asked.options], several(typed, asked.id)
    if not set(chosen) <= set(offered):
        raise Wrong("answers.not_a_choice")
    if not chosen:
        require_answer(asked)
    if asked.maximum is not None and len(chosen) > asked.maximum:
        raise Wrong("answers.too_many_chosen", max=asked.maximum)
    return [value for value in offered if value in chosen]


def read_place(asked: Field, typed: Typed, around: Around) -> dict[str, str] | None:
    """A governorate and one of its localities. The locality alone says enough; two that disagree are asked again."""
    governorate, locality = one(typed, f"{asked.id}_governorate"), one(typed, f"{asked.id}_locality")
    if not governorate and not locality:
        require_answer(asked)
        return None
    if not locality:
        raise Wrong("answers.locality_missing")
    home = around.localities.get(locality)
    if home is None or governorate not in ("", *around.localities.values()):
        raise Wrong("answers.not_a_choice")
    if governorate not in ("", home):
        raise Wrong("answers.place_disagrees")
    return {"governorate": home, "locality": locality}
