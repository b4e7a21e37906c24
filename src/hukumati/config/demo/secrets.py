"""Keys made once, at the first start, and kept in a file that nobody else may read."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "HUKUMATI_SECRET_KEY",
    "HUKUMATI_CARD_API_KEY",
    "HUKUMATI_CARD_NOTICE_KEY",
    "HUKUMATI_SMS_API_KEY",
    "HUKUMATI_DEMO_STAFF_PASSWORD",
)
RANDOM_BYTES = {"HUKUMATI_DEMO_STAFF_PASSWORD": 9}


def keep_secrets(path: Path) -> dict[str, str]:
    """What the file holds, completed by whatever it lacks."""
    held = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line) if path.exists() else {}
    missing = [name for name in NAMES if name not in held]
    if missing:
        held |= {name: secrets.token_urlsafe(RANDOM_BYTES.get(name, 32)) for name in missing}
        write_privately(path, "".join(f"{name}={value}\n" for name, value in held.items()))
    return held


def write_privately(path: Path, text: str) -> None:
    """Readable by us alone, and whole or not at all."""
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    part.replace(path)
