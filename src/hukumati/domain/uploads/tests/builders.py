"""Files as people send them, and as nobody should."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pypdfium2
from PIL import Image, ImageDraw

from hukumati.domain.uploads.facts import FileType, UploadLimits

PORTRAIT = UploadLimits(
    types=(FileType.JPEG, FileType.PNG),
    width_min=350,
    height_min=450,
    proportion_min=65,
    proportion_max=90,
    side_max=1200,
)
PAPERS = UploadLimits(types=(FileType.JPEG, FileType.PNG, FileType.PDF), pages_max=3)
RAMALLAH = {1: "N", 2: (31.0, 54.0, 13.0), 3: "E", 4: (35.0, 12.0, 16.0)}


def a_portrait(width=600, height=800, *, form="JPEG", mode="RGB", **more):
    """A head before a wall: no person, but the shape of one."""
    picture = Image.new("RGB", (width, height), "#cfd8dc")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width * 0.3, height * 0.15, width * 0.7, height * 0.6), fill="#8d6e63")
    draw.ellipse((width * 0.1, height * 0.65, width * 0.9, height * 1.4), fill="#37474f")
    written = BytesIO()
    picture.convert(mode).save(written, form, **more)
    return written.getvalue()


def a_photo_of_a_phone(*, orientation=6):
    """Lying on its side, with the place where it was taken and the name of the phone."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "SecretPhone", "SecretOwner"
    exif[0x8825] = RAMALLAH
    return a_portrait(800, 600, exif=exif)


def a_large_photo():
    """More than a megabyte, as a telephone takes it: noise is what does not compress."""
    noise = Image.effect_noise((900, 1200), 90).convert("RGB")
    written = BytesIO()
    noise.save(written, "PNG")
    return written.getvalue()


def a_bomb(side=30_000):
    """A PNG of some kilobytes that would fill gigabytes."""
    row = zlib.compress(b"\0" * 1000)

    def chunk(name, body):
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    head = struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def a_pdf(pages=1, *, width=595, height=842):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


SCRIPTED_PDF = b"""%PDF-1.7
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\('SecretScript'\\))>>/AA<</WC<</S/JavaScript/JS(1)>>>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 300 400]/A<</S/Launch/F(SecretProgram)>>>>]>>endobj
trailer<</Root 1 0 R/Info<</Author(SecretAuthor)>>>>
%%EOF
"""
