"""Words in both languages, and what people type, made plain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
BIDI_CONTROLS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
HARAKAT_AND_TATWEEL: Final = re.compile("[\u064b-\u065f\u0670\u0640]")
FOLDED_LETTERS: Final = str.maketrans("أإآٱىةؤئ", "اااايهوي")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Arabic (the source) and English."""

    ar: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language.startswith("en") else self.ar


def plain_digits(typed: str) -> str:
    """Arabic-Indic and Persian digits become 0-9."""
    return typed.translate(DIGITS)


def cleaned(typed: str) -> str:
    """What a person typed, without bidi controls, unprintable characters and doubled spaces; letters stay as typed (NFC)."""
    text = unicodedata.normalize("NFC", typed)
    text = UNPRINTABLE.sub("", BIDI_CONTROLS.sub("", text))
    return re.sub(r"[^\S\n]+", " ", text).strip()


def only_digits(typed: str) -> str:
    """For numbers that people write with spaces, dashes or brackets."""
    return re.sub(r"[\s\-–()./]", "", plain_digits(cleaned(typed)))


def folded(text: str) -> str:
    """Arabic for matching: alef, hamza, yaa and taa marbuta folded, marks dropped, digits plain, lower case."""
    text = HARAKAT_AND_TATWEEL.sub("", unicodedata.normalize("NFKC", cleaned(text)))
    return plain_digits(text.translate(FOLDED_LETTERS)).lower()
