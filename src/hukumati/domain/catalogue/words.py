"""How words are compared when people search: folded, lightly stemmed, Arabic and Latin alike. Pure; used for what is stored and what is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hukumati.kernel.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORD: Final = re.compile(r"[\w]+")
ARABIC: Final = re.compile("[\u0621-\u064a]")
ARABIC_FRONT: Final = re.compile(r"^(?:[وف])?(?:بال|كال|ال|لل)(?=\w{3})")
ARABIC_END: Final = re.compile(r"(?:(?<=\w{4})(?:ين|ون)|(?<=\w{3})(?:اتي|اتك|اتنا|ات|تي|تك|تنا|تها|يه|ي)|(?<=\w{2})ه)$")
ATTACHED: Final = re.compile(r"^[بلوفك](?=[\u0621-\u064a]{3})")
LATIN_END: Final = re.compile(r"(?<=[a-z]{3})(?:'s|s)$")
WORDS_MAX: Final = 12
ARABIC_STOP: Final = (
    "في من عن على الى او ثم هل كيف ما اريد بدي عايز وين اين لو سمحت مع كم انا ابي عندي شو اعمل احصل الحصول معامله خدمه خدمات الكترونيه اجراءات"
    " متي كل هذا لازم يلزم ازاي اقدر ممكن لي بخصوص"
)
LATIN_STOP: Final = (
    "of a an the for to in my is how and or get do i need want where can from with on me apply service services online please what"
    " bidi badi wain kif keef"
)
STOP: Final = frozenset((ARABIC_STOP + " " + LATIN_STOP).split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words mean beside their letters: for a stem those of the same meaning, and for a broken plural its singular."""

    same: Mapping[str, tuple[str, ...]]
    singular: Mapping[str, str]

    def meanings(self, word: str) -> tuple[str, ...]:
        """The word, its singular, and whatever means the same, each once."""
        single = self.singular.get(word, word)
        plurals = (plural for plural, of in self.singular.items() if of == single)
        return tuple(dict.fromkeys((word, single, *plurals, *self.same.get(word, ()), *self.same.get(single, ()))))


def stem(word: str) -> str:
    """One folded word without article and common endings. Too light to confuse words, strong enough for plurals."""
    word = ARABIC_END.sub("", ARABIC_FRONT.sub("", word.replace("ء", "")))
    return LATIN_END.sub("", word)


def stems(text: str) -> list[str]:
    """The comparable words of a text, in order."""
    return [stem(word) for word in _words(text) if word not in STOP]


def asked_stems(query: str) -> list[str]:
    """What a query asks for; a query of stop words only asks for those."""
    found = list(dict.fromkeys(stems(query) or [stem(word) for word in _words(query)]))
    return found[:WORDS_MAX]


def without_attached(word: str) -> str:
    """A stem without the preposition or conjunction written onto it (`لتجديد`), or nothing when none is there."""
    rest = ATTACHED.sub("", word)
    return stem(rest) if rest != word else ""


def lexicon(groups: Iterable[Iterable[str]], plurals: Iterable[Iterable[str]]) -> Lexicon:
    """From lists of words of one meaning, and of a singular with its broken plurals. What is more than a word is left out: it could match nothing."""
    same: dict[str, list[str]] = {}
    for group in groups:
        members = [stem(word) for word in map(folded, group) if WORD.fullmatch(word)]
        for member in members:
            same.setdefault(member, [member]).extend(other for other in members if other != member)
    singular = {stem(folded(plural)): stem(folded(single)) for single, *more in plurals for plural in more}
    return Lexicon({member: tuple(dict.fromkeys(others)) for member, others in same.items()}, singular)


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


def _words(text: str) -> list[str]:
    return WORD.findall(folded(text).replace("_", " "))
