"""Words that are nearly the same: misspelt, or Arabic typed in Latin letters. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTERS: Final = str.maketrans("ابتثجحخدذرزسشصضطظعغفقكلمنهويء", "abt1j25d4rzscx6v73gfqklmnhwy0")
# Consonants as people type them; what they do not keep apart is one letter here. Vowels, hamza and ayn are nothing.
CONSONANTS: Final = str.maketrans("بتثجحخدذرزسشصضطظغفقكلمنهوي", "bttjhxddrzscsdtdgfkklmnhwy", "اعءآأإؤئىة")
PAIRS: Final = (("sh", "c"), ("ch", "c"), ("kh", "x"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("ph", "f"))
SINGLES: Final = str.maketrans("pvqc5679", "bfkkxths")
LATIN_ARTICLE: Final = re.compile(r"^(?:[aeiu]l[-']?)(?=\w{4})")
LATIN_END: Final = re.compile(r"[iey]*y(?:[ae][ht]?)$")
"""As the end of `hawiyya` is typed."""
VOWELS: Final = frozenset("aeiou")
SKELETON_MIN: Final = 2
SHORT_MAX, LONG_MIN = 3, 6


def spelt(word: str) -> str:
    """A stem in Latin letters, one for one, so that trigrams and distances treat both alphabets alike."""
    return word.translate(LETTERS)


def distance_allowed(word: str) -> int:
    """How many slips are forgiven: none in a short word, where every letter makes another word."""
    if len(word) <= SHORT_MAX:
        return 0
    return 2 if len(word) >= LONG_MIN else 1


def distance(one: str, other: str) -> int:
    """Letters changed, left out, added or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, beside in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != beside))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == beside
            row.append(min(cost, last[j - 2] + 1) if swapped else cost)
    return row[-1]


def nearest(asked: str, words: Iterable[str]) -> list[str]:
    """Those that a slip or two turn into what was asked, nearest first; a word may also be the beginning of a longer one."""
    typed, most = spelt(asked), distance_allowed(asked)
    found = []
    for word in words:
        other = spelt(word)
        slips = min(distance(typed, other), distance(typed, other[: len(typed)]) + 1)
        if slips <= most:
            found.append((slips, abs(len(other) - len(typed)), word))
    return [word for _slips, _longer, word in sorted(found)]


def skeleton(word: str) -> str:
    """The consonants of an Arabic stem. Waw and yaa count where they are heard as consonants: first, or before alef or each other."""
    kept = [letter for i, letter in enumerate(word) if letter not in "وي" or _is_consonant(word, i)]
    return "".join(kept).translate(CONSONANTS)


def skeletons_typed(word: str) -> tuple[str, ...]:
    """The consonants of an Arabic word in Latin letters (`shahadet`, `ta2meen`, `7aq`), in every reading; none when it says too little."""
    word = LATIN_ARTICLE.sub("", word)
    readings = {_typed(word.replace("2", two).replace("z", z)) for two in ("", "q") for z in ("z", "d")}
    readings |= {reading.removesuffix("t") for reading in readings if len(reading) > SKELETON_MIN}
    return tuple(sorted(reading for reading in readings if len(reading) >= SKELETON_MIN))


def _typed(word: str) -> str:
    for pair, letter in PAIRS:
        word = word.replace(pair, letter.upper())
    word = re.sub(r"(.)\1", r"\1", word.translate(SINGLES).lower())
    word = LATIN_END.sub("i", re.sub(r"i(?=a)", "iy", word)).rstrip("y")
    if word.endswith("h") and word[-2:-1] in VOWELS and len(word) > SHORT_MAX:
        word = word[:-1]
    kept = [letter for i, letter in enumerate(word) if letter not in "wy" or i == 0 or word[i + 1 : i + 2] in VOWELS]
    return "".join(letter for letter in kept if letter.isalpha() and letter not in VOWELS)


def _is_consonant(word: str, at: int) -> bool:
    return at == 0 or word[at + 1 : at + 2] in {"ا", "و", "ي"}
