"""Lucide's outlines, drawn into the page: no request, no font, no script. Always beside a word, so hidden from screen readers."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import lucide
from markupsafe import Markup

POINTS_ALONG_THE_LINE: Final = frozenset(
    {
        "arrow-left",
        "arrow-right",
        "chevron-left",
        "chevron-right",
        "log-in",
        "log-out",
        "send",
        "undo-2",
        "list-checks",
        "external-link",
        "arrow-up-right",
        "trending-up",
        "trending-down",
    }
)  # these follow the direction of reading; clocks, checks and magnifiers do not
ICONS_MAX: Final = 512


class IconUnknownError(LookupError):
    """A template names an icon that the wheel does not have."""


@lru_cache(maxsize=ICONS_MAX)
def icon(name: str, *, size: int = 24) -> Markup:
    """Inline SVG of the icon, mirrored by the stylesheet in right-to-left pages when it points somewhere."""
    flip = " flip" if name in POINTS_ALONG_THE_LINE else ""
    return Markup(
        '<svg class="icon{flip}" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{body}</svg>'
    ).format(flip=flip, size=size, body=_body(name))


@lru_cache(maxsize=ICONS_MAX)
def _body(name: str) -> Markup:
    """What stands between <svg> and </svg> in the wheel's file; its own content, so it needs no escaping."""
    try:
        drawing = _drawings().read(f"{name}.svg").decode()
    except KeyError:
        raise IconUnknownError(name) from None
    return Markup(" ".join(drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")].split()))  # noqa: S704


@cache
def _drawings() -> ZipFile:
    """Opened once: its table of contents takes 15 ms to read. From memory, because processes that share an open file share its position."""
    return ZipFile(BytesIO((files(lucide) / "lucide.zip").read_bytes()))
