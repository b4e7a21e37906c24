"""References that people read aloud: `A-2026-7K3QX9`. No database ids, nothing countable, no look-alike letters."""

from __future__ import annotations

import re
import secrets
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PATTERN: Final = re.compile(rf"[A-Z]{{1,2}}-20\d\d-[{ALPHABET}]{{8}}")
LENGTH: Final = 8


def new_reference(prefix: str, *, year: int) -> str:
    """About 6.5e11 references a prefix and year: guessing one that exists is hopeless, and access never rests on it."""
    return f"{prefix}-{year}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def new_pin(digits: int = 6) -> str:
    """A one-time code of decimal digits."""
    return "".join(secrets.choice("0123456789") for _ in range(digits))


def is_reference(text: str) -> bool:
    return PATTERN.fullmatch(text) is not None
