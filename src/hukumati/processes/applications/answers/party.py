"""Which other person is asked for his word: one whom the registry ties to the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.kernel.text import cleaned
from hukumati.processes.applications import parties
from hukumati.processes.applications.answers.plain import chosen, require_answer
from hukumati.processes.applications.answers.sent import Around, one

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import Facts, Field
    from hukumati.processes.applications.answers.sent import Typed


def read_party(asked: Field, typed: Typed, around: Around) -> str | None:
    key = cleaned(one(typed, asked.id))
    if not key:
        require_answer(asked)
        return None
    return chosen(key, _keys(asked, around.facts))


def party_fits(asked: Field, answer: str | None, facts: Facts) -> bool:
    """Whether the registry still knows this person so."""
    return answer in _keys(asked, facts) or (answer is None and not asked.required)


def _keys(asked: Field, facts: Facts) -> frozenset[str]:
    return frozenset(person.key for person in parties.offered(asked, facts))
