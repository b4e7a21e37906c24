"""Which of the found services fits best. Pure: compares what was asked with what services are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

AS_TYPED, SAME_MEANING, LOOSENED, ALIKE = 1.0, 0.85, 0.8, 0.7
EXACT_BONUS: Final = 0.6
STARTABLE_BONUS: Final = 0.12
KEYWORD_WEIGHT: Final = 0.93
SPREAD_WEIGHT: Final = 0.55
"""All words are there, but in different names of the service."""
TEXT_WEIGHT: Final = 0.2
BEGINNING: Final = 0.55
"""A word that only begins as was asked counts by how much of it was asked, and at least this much."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query with everything it may stand for, and how surely."""

    word: str
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking sees of a service."""

    called: Sequence[str]
    """Stems of its Arabic name, its English name, then its keywords."""
    can_start: bool
    text_rank: float


def score(asked: Sequence[Asked], found: Candidate) -> float:
    """Between 0 and about 2: how much of the query the best name covers and how little else it says; what can be done now stands before."""
    if not asked:
        return found.text_rank
    phrases = [phrase.split() for phrase in found.called]
    best = max((_fit(asked, words, number) for number, words in enumerate(phrases)), default=0.0)
    everywhere = _covered(asked, [word for words in phrases for word in words]) * SPREAD_WEIGHT
    fit = max(best, everywhere)
    return fit + TEXT_WEIGHT * min(found.text_rank, 1.0) + (STARTABLE_BONUS if found.can_start else 0.0)


def _fit(asked: Sequence[Asked], words: Sequence[str], number: int) -> float:
    if not words:
        return 0.0
    covered = _covered(asked, words)
    used = sum(max((_match(one, word) for one in asked), default=0.0) > 0 for word in words)
    fit = covered * (0.62 + 0.38 * used / len(words))
    if [one.word for one in asked] == list(words):
        fit += EXACT_BONUS
    return fit if number < 2 else fit * KEYWORD_WEIGHT  # noqa: PLR2004 (the two names stand first)


def _covered(asked: Sequence[Asked], words: Sequence[str]) -> float:
    return sum(max((_match(one, word) for word in words), default=0.0) for one in asked) / len(asked)


def _match(asked: Asked, word: str) -> float:
    exact = asked.weights.get(word, 0.0)
    if exact:
        return exact
    begun = (
        weight * max(BEGINNING, len(start) / len(word))
        for start, weight in asked.weights.items()
        if word.startswith(start)
    )
    return max(begun, default=0.0)


def matched_stems(asked: Iterable[Asked]) -> tuple[str, ...]:
    """Everything that may be marked as found."""
    return tuple(dict.fromkeys(word for one in asked for word in one.weights))
