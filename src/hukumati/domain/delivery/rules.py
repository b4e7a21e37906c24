"""Decisions at the counter. Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Final

CODE_DIGITS: Final = 6
TRIES_MAX: Final = 5
CODES_A_DAY_MAX: Final = 5
WAITS: Final = timedelta(days=60)


def code_hash(reference: str, code: str, *, key: str) -> str:
    """Keyed: six digits are guessed in a moment by whoever sees a plain hash. Bound to its pick-up: it opens no other."""
    return hmac.new(key.encode(), f"delivery.pick_up:{reference}:{code}".encode(), hashlib.sha256).hexdigest()


def is_code(reference: str, code: str, *, key: str, expected: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(code_hash(reference, code, key=key), expected)
