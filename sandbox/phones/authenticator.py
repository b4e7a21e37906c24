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
    shown = []
    for entry in _staff(path):
        try:
            code = pyotp.TOTP(entry["secret_base32"]).at(moment)
        except (ValueError, KeyError, TypeError):
            continue
        left = PERIOD_SECONDS - moment % PERIOD_SECONDS
        shown.append(
            {
                "name": str(entry.get("name", "")),
                "login": str(entry.get("login", "")),
                "code": code,
                "seconds_left": left,
            }
        )
    return shown


def _staff(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.is_file():
        return []
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [entry for entry in entries if isinstance(entry, dict)][:STAFF_MAX] if isinstance(entries, list) else []
