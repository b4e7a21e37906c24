"""The texts of messages by code, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from hukumati.domain.notifications.facts import MessageText

HERE = Path(__file__).parent


@cache
def texts(language: str) -> dict[str, MessageText]:
    """Every text in one language."""
    read = tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        code: MessageText(one["title"], tuple(one["body"]), one.get("sms", ""), one.get("email", False))
        for code, one in read.items()
    }
