"""A PDF from outside, read by a process of its own that may not live long, take much or touch anything. Only pixels come back from it.

A PDF is a program for a large reader written in C++: a file made to break that reader breaks a process that holds no key, no connection and no
other person's papers, and whatever it answers is taken for pixels. PDFium, too, may serve one thread at a time, and this process has several.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

from hukumati.domain.uploads.facts import FileNotReadable, TooManyPages
from hukumati.domain.uploads.paper_reader import HEAD, TOO_MANY_PAGES

READER: Final = Path(__file__).with_name("paper_reader.py")
SECONDS_MAX: Final = 30


def page_images(content: bytes, *, pages_max: int, side_max: int) -> list[tuple[int, int, bytes]]:
    """(width, height, RGB pixels) of each page. Refuses with FileNotReadable, TooManyPages."""
    try:
        done = subprocess.run(  # noqa: S603  (our own program by its own path, two numbers of ours)
            [sys.executable, "-I", str(READER), str(pages_max), str(side_max)],
            input=content,
            capture_output=True,
            timeout=SECONDS_MAX,
            cwd="/",
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileNotReadable from None
    if done.returncode == TOO_MANY_PAGES:
        raise TooManyPages(pages_max=pages_max)
    if done.returncode != 0:
        raise FileNotReadable
    return _pages(done.stdout, pages_max=pages_max, side_max=side_max)


def _pages(answer: bytes, *, pages_max: int, side_max: int) -> list[tuple[int, int, bytes]]:
    """The reader's answer, believed only as far as it adds up."""
    pages: list[tuple[int, int, bytes]] = []
    at = 0
    while at < len(answer):
        try:
            width, height = struct.unpack_from(HEAD, answer, at)
        except struct.error:
            raise FileNotReadable from None
        begins = at + struct.calcsize(HEAD)
        at = begins + width * height * 3
        if not (0 < width <= side_max and 0 < height <= side_max) or at > len(answer) or len(pages) == pages_max:
            raise FileNotReadable
        pages.append((width, height, answer[begins:at]))
    if not pages:
        raise FileNotReadable
    return pages
