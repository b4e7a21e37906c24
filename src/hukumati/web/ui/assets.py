"""Static files that are made, not written: the stylesheet joined from its parts, and the fonts. Found like any other static file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from hukumati.web.ui import fonts

if TYPE_CHECKING:
    from collections.abc import Iterable

STYLES: Final = Path(__file__).parent / "styles"
PARTS: Final = (
    "tokens",
    "reset",
    "base",
    "layout",
    "shell",
    "actions",
    "fields",
    "flow",
    "content",
    "figures",
    "desk",
    "print",
)
STYLESHEET: Final = "ui/hukumati.css"
FONTS: Final = "fonts"


class MadeFilesFinder(BaseFinder):
    """One stylesheet is one request; its parts stay readable. What is missing or older than its source is made when asked for."""

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002 (Django's signature)
        if path not in names():
            return []
        made = make(directory()) / path
        return [str(made)] if find_all else str(made)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:  # noqa: ARG002 (Django's signature)
        storage = FileSystemStorage(location=make(directory()))
        for name in names():
            yield name, storage


def directory() -> Path:
    return Path(settings.VAR) / "assets"


def names() -> tuple[str, ...]:
    return (STYLESHEET, *(f"{FONTS}/{name}" for name in fonts.FILE_NAMES))


def make(target: Path) -> Path:
    """Bring the made files up to date under `target`."""
    fonts.cut(target / FONTS)
    stylesheet = target / STYLESHEET
    joined = joined_styles()
    if not stylesheet.exists() or stylesheet.read_text(encoding="utf-8") != joined:
        stylesheet.parent.mkdir(parents=True, exist_ok=True)
        unfinished = stylesheet.with_suffix(f".{os.getpid()}.part")
        unfinished.write_text(joined, encoding="utf-8")
        unfinished.replace(stylesheet)
    return target


def joined_styles() -> str:
    return "".join((STYLES / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)
