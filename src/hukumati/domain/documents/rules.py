"""Decisions about documents: codes, states, what a stranger may see. Pure."""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.documents.facts import DocumentState
from hukumati.kernel.reference import ALPHABET
from hukumati.kernel.text import cleaned, plain_digits

if TYPE_CHECKING:
    from datetime import date, datetime

CODE_CHARACTERS: Final = 20  # log2(30) * 20 = 98 bits
GROUP: Final = 4
CODE: Final = re.compile(rf"[{ALPHABET}]{{{CODE_CHARACTERS}}}")
LATIN_MASK: Final = "*"


def new_verification_code() -> str:
    """About 98 bits, in groups of four that can be read aloud."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS)))


def grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def parse_code(typed: str) -> str | None:
    """What was typed or pasted, as a code; None when it cannot be one. Spaces, dashes, case and digit shapes do not matter."""
    letters = re.sub(r"[\s\-–_./]", "", plain_digits(cleaned(typed))).upper()
    return grouped(letters) if CODE.fullmatch(letters) else None


def state_on(day: date, *, valid_until: date | None, revoked_at: datetime | None) -> DocumentState:
    """`valid_until` is the first day on which it is no longer valid."""
    if revoked_at is not None:
        return DocumentState.REVOKED
    if valid_until is not None and day >= valid_until:
        return DocumentState.EXPIRED
    return DocumentState.VALID


def masked_name(name: str) -> str:
    """The first letter of each part and its length blurred: enough to compare with a paper in the hand."""
    return " ".join(f"{part[0]}{LATIN_MASK * 3}" for part in cleaned(name).split())


def canonical_json(value: Any) -> str:
    """One text for one value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def file_name(title: str, reference: str) -> str:
    """For the holder's disk: words and the reference, no character that a file system or a header minds."""
    words = re.sub(r"[^\w\u0600-\u06ff]+", "-", title).strip("-")
    return f"{words}-{reference}.pdf"
