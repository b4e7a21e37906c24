"""How words are compared when people search: folded, lightly stemmed, Arabic and Latin alike. Pure; used for what is stored and what is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hukumati.kernel.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORD: Final = re.compile(r"[\w]+")
ARABIC_FRONT: Final = re.compile(r"^(?:[وف])?(?:بال|كال|ال|لل)(?=\w{3})")
ARABIC_END: Final = re.compile(r"(?<=\w{3})(?:ات|يه|ه|ي)$")
LATIN_END: Final = re.compile(r"(?<=[a-z]{3})(?:'s|s)$")
WORDS_MAX: Final = 12
SPELLING: Final = str.maketrans("ابتثجحخدذرزسشصضطظعغفقكلمنهويء", "abt1j25d4rzscx6v73gfqklmnhwy0")
STOP: Final = frozenset(
    [
        "في",
        "من",
        "عن",
        "على",
        "الى",
        "او",
        "ثم",
        "هل",
        "كيف",
        "ما",
        "اريد",
        "of",
        "a",
        "an",
        "the",
        "for",
        "to",
        "in",
        "my",
        "is",
        "how",
        "and",
        "or",
        "get",
    ]
)


def stem(word: str) -> str:
    """One folded word without article and common endings. Too light to confuse words, strong enough for plurals."""
    word = ARABIC_END.sub("", ARABIC_FRONT.sub("", word))
    return LATIN_END.sub("", word)


def stems(text: str) -> list[str]:
    """The comparable words of a text, in order."""
    return [stem(word) for word in WORD.findall(folded(text).replace("_", " ")) if word not in STOP]


def spelt(words: Iterable[str]) -> str:
    """Stems in Latin letters, one for one: trigrams of a server whose locale is C see no Arabic letters."""
    return " ".join(words).translate(SPELLING)


def asked_stems(query: str) -> list[str]:
    """What a query asks for; a query of stop words only asks for those."""
    found = list(dict.fromkeys(stems(query) or [stem(word) for word in WORD.findall(folded(query))]))
    return found[:WORDS_MAX]


def synonyms_by_stem(groups: Iterable[Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    """For each stem, every stem that means the same (itself first)."""
    same: dict[str, list[str]] = {}
    for group in groups:
        members = [stem(folded(word)) for word in group]
        for member in members:
            same.setdefault(member, [member]).extend(other for other in members if other != member)
    return {member: tuple(dict.fromkeys(others)) for member, others in same.items()}


def tsquery(asked: Iterable[str], same: Mapping[str, tuple[str, ...]], *, joined: str = " & ") -> str:
    """A PostgreSQL tsquery: every word or what means the same; a word may be the beginning of a longer one."""
    return joined.join("(" + " | ".join(f"{word}:*" for word in same.get(word, (word,))) + ")" for word in asked)


def marked(text: str, matched: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in runs, each with whether it matched: for highlighting without markup in strings."""
    wanted = tuple(matched)
    runs: list[tuple[str, bool]] = []
    last = 0
    for found in WORD.finditer(text):
        if any(stem(folded(found[0])).startswith(one) for one in wanted):
            runs += [(text[last : found.start()], False), (found[0], True)]
            last = found.end()
    return [run for run in [*runs, (text[last:], False)] if run[0]]
