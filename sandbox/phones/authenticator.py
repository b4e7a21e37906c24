"""One-time codes of the demonstration's staff, as their phones would show them."""

import json
import time
from pathlib import Path
from typing import Any

import pyotp

STAFF_MAX = 100
PERIOD_SECONDS = 30


def current_codes(path: Path | None, *, at: float | None = None) -> list[dict[str, Any]]:
    """Name, login, code and seconds left of everybody in the file; nobody when it is absent or unreadable."""
    moment = int(time.time() if at is None else at)
    left = PERIOD_SECONDS - moment % PERIOD_SECONDS
    return [
        {
            "name": str(entry.get("name", "")),
            "login": str(entry.get("login", "")),
            "code": _code(entry.get("secret_base32"), moment),
            "seconds_left": left,
        }
        for entry in _staff(path)
    ]


def _code(secret: object, moment: int) -> str | None:
    # The library refuses secrets under 112 bits; the page says so rather than leaving the person out.
    try:
        return pyotp.TOTP(secret).at(moment) if isinstance(secret, str) else None
    except ValueError:
        return None


def _staff(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.is_file():
        return []
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [entry for entry in entries if isinstance(entry, dict)][:STAFF_MAX] if isinstance(entries, list) else []
