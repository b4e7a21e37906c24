"""From a file that came from outside to a picture of our own. Only pixels pass: no metadata, no profile, nothing behind the picture's end."""

from __future__ import annotations

import struct
import threading
import warnings
import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageOps

from hukumati.domain.uploads import rules
from hukumati.domain.uploads.facts import FileNotReadable, FileType, TooManyPixels
from hukumati.domain.uploads.paper import page_images

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hukumati.domain.uploads.facts import UploadLimits

JPEG_QUALITY: Final = 88
WHITE: Final = (255, 255, 255)
# Telephones make their large pictures as JPEG; a PNG of that size is made to exhaust memory, which it fills whole.
PNG_PIXELS_MAX: Final = 12_000_000
# A decoded picture takes a hundred megabytes for a moment: one at a time in a process, whatever is sent.
_one_at_a_time = threading.Lock()
READ_AS: Final = {FileType.JPEG: "JPEG", FileType.PNG: "PNG"}
# What decoders raise when bytes are not what their beginning says. Pillow documents OSError; damaged chunks bring the others.
UNREADABLE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)

warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What is kept of a file."""

    type: FileType
    content: bytes
    width: int
    height: int
    pages: int = 1


def rebuild(content: bytes, limits: UploadLimits) -> Rebuilt:
    """Judge a file and make anew what it shows: a JPEG of a picture, a PDF of pictures of a PDF's pages.

    Refuses with an UploadRefused that says why. Slow: no lock and no transaction is held meanwhile.
    """
    kind = rules.require_acceptable(content, limits)
    with _one_at_a_time:
        return _rebuilt(content, kind, limits)


def _rebuilt(content: bytes, kind: FileType, limits: UploadLimits) -> Rebuilt:
    if kind == FileType.PDF:
        return _as_pdf(page_images(content, pages_max=limits.pages_max, side_max=limits.side_max))
    try:
        return _as_jpeg(_upright(content, kind, limits), limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(pixels_max=limits.pixels_max) from None
    except UNREADABLE:
        raise FileNotReadable from None


def _upright(content: bytes, kind: FileType, limits: UploadLimits) -> Image.Image:
    """Decoded, turned as its camera was held, and no larger than needed. The measures are read first, and judged before a pixel is decoded."""
    if kind == FileType.PNG:
        limits = replace(limits, pixels_max=min(limits.pixels_max, PNG_PIXELS_MAX))
    with Image.open(BytesIO(content), formats=(READ_AS[kind],)) as opened:
        rules.require_few_pixels(*opened.size, limits)
        opened.draft("RGB", (limits.side_max, limits.side_max))  # a JPEG is decoded no larger than needed
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    rules.require_measures(*upright.size, limits)
    return upright


def _as_jpeg(picture: Image.Image, limits: UploadLimits) -> Rebuilt:
    size = rules.fitted(*picture.size, side_max=limits.side_max)
    plain = _on_white(picture)
    small = plain if size == plain.size else plain.resize(size, Image.Resampling.LANCZOS)
    # A new picture of the same pixels: whatever hung on the old one stays behind.
    clean = Image.frombytes("RGB", small.size, small.tobytes())
    written = BytesIO()
    clean.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Rebuilt(FileType.JPEG, written.getvalue(), *clean.size)


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent would turn black on paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGB", seen.size, WHITE)
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _as_pdf(pages: Sequence[tuple[int, int, bytes]]) -> Rebuilt:
    pictures = [Image.frombytes("RGB", (width, height), pixels) for width, height, pixels in pages]
    written = BytesIO()
    pictures[0].save(written, "PDF", save_all=True, append_images=pictures[1:], resolution=150, quality=JPEG_QUALITY)
    return Rebuilt(FileType.PDF, written.getvalue(), *pictures[0].size, len(pictures))
