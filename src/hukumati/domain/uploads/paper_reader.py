"""The process that reads a PDF: bytes in, pixels out. Started by path, so it imports nothing of ours and is handed no setting and no key.

Memory, time and open files are bounded. That is no wall: code that took this process over could still act as the user that it runs as.

`python -I paper_reader.py <pages_max> <side_max>` reads a PDF from its input and writes each page as width, height and RGB pixels.
"""

from __future__ import annotations

import resource
import struct
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pypdfium2

HEAD: Final = "!HH"
NOT_READABLE: Final = 3
TOO_MANY_PAGES: Final = 4
POINTS_AN_INCH: Final = 72
PIXELS_AN_INCH: Final = 150
MEMORY_BYTES_MAX: Final = 1_000_000_000
CPU_SECONDS_MAX: Final = 20


def main(pages_max: int, side_max: int) -> int:
    import pypdfium2  # only here: whoever wants to know what an answer looks like loads no reader

    _live_narrowly()
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if len(document) > pages_max:
            return TOO_MANY_PAGES
        document.init_forms()  # what was filled into a form is drawn; scripts are not run, this PDFium has no engine for them
        for page in document:
            sys.stdout.buffer.write(_drawn(page, side_max))
    except (pypdfium2.PdfiumError, MemoryError, ValueError, OverflowError):
        return NOT_READABLE
    return 0


def _live_narrowly() -> None:
    """No file, no child, little memory, little time. The libraries are loaded already."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _drawn(page: pypdfium2.PdfPage, side_max: int) -> bytes:
    from pypdfium2.raw import FPDFBitmap_BGR

    width, height = page.get_size()
    scale = min(PIXELS_AN_INCH / POINTS_AN_INCH, (side_max - 1) / max(width, height, 1))
    picture = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=FPDFBitmap_BGR)
    rows = (picture.buffer[start : start + picture.width * 3] for start in _row_starts(picture))
    return struct.pack(HEAD, picture.width, picture.height) + b"".join(map(bytes, rows))


def _row_starts(picture: pypdfium2.PdfBitmap) -> range:
    """PDFium fills rows up to a multiple of four bytes."""
    return range(0, picture.stride * picture.height, picture.stride)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
