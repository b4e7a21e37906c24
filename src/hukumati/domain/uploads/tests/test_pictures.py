"""What is taken is a picture of ours; what is not a picture is refused, however it is dressed."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hukumati.domain.uploads import facts
from hukumati.domain.uploads.pictures import rebuild
from hukumati.domain.uploads.tests.builders import (
    PAPERS,
    PORTRAIT,
    SCRIPTED_PDF,
    a_bomb,
    a_pdf,
    a_photo_of_a_phone,
    a_portrait,
)


def seen(made):
    return Image.open(BytesIO(made.content))


@pytest.mark.parametrize(
    "content", [a_portrait(), a_portrait(form="PNG"), a_portrait(mode="CMYK"), a_portrait(mode="L")]
)
def test_a_portrait_is_taken_and_written_anew_as_jpeg(content):
    made = rebuild(content, PORTRAIT)
    picture = seen(made)
    assert (made.type, picture.format, picture.mode, picture.size) == ("jpeg", "JPEG", "RGB", (600, 800))
    assert made.content != content


def test_a_photo_is_turned_upright_and_tells_no_place_no_phone_and_no_owner():
    made = rebuild(a_photo_of_a_phone(), PORTRAIT)
    picture = seen(made)
    assert picture.size == (600, 800)
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Secret" not in made.content
    assert b"Exif" not in made.content


@pytest.mark.parametrize(
    "tail", [b"PK\x03\x04 a zip that some readers find", b"<script>alert(1)</script>", b"%PDF-1.7 1 0 obj"]
)
def test_what_hangs_behind_the_picture_stays_outside(tail):
    made = rebuild(a_portrait() + tail, PORTRAIT)
    assert tail not in made.content


def test_what_is_transparent_is_paper_white_and_not_black():
    picture = Image.new("RGBA", (600, 800), (255, 0, 0, 0))
    written = BytesIO()
    picture.save(written, "PNG")
    assert min(seen(rebuild(written.getvalue(), PORTRAIT)).getpixel((300, 400))) > 250


def test_a_large_picture_is_kept_no_larger_than_needed():
    assert seen(rebuild(a_portrait(2400, 3200), PORTRAIT)).size == (900, 1200)


GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", facts.FileEmpty),
        (b"\xff\xd8\xff" + b"0" * facts.BYTES_MAX, facts.FileTooLarge),
        (GIF + a_portrait(), facts.TypeNotAccepted),
        (b" " + a_portrait(), facts.TypeNotAccepted),
        (SVG, facts.TypeNotAccepted),
        (b"MZ\x90\x00 a program", facts.TypeNotAccepted),
        (b"<html>", facts.TypeNotAccepted),
        (SCRIPTED_PDF, facts.TypeNotAccepted),
        (a_portrait()[:4000], facts.FileNotReadable),
        (b"\xff\xd8\xff", facts.FileNotReadable),
        (b"\xff\xd8\xff" + SVG, facts.FileNotReadable),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, facts.FileNotReadable),
        (a_bomb(), facts.TooManyPixels),
        (a_bomb(8000), facts.TooManyPixels),
        (a_portrait(340, 453), facts.PictureTooSmall),
        (a_portrait(800, 600), facts.WrongProportions),
        (a_portrait(450, 800), facts.WrongProportions),
    ],
)
def test_what_is_no_portrait_is_refused_with_its_reason(content, refusal):
    with pytest.raises(refusal):
        rebuild(content, PORTRAIT)


@settings(max_examples=30)
@given(st.data(), st.sampled_from(["JPEG", "PNG"]))
def test_damaged_pictures_are_refused_or_redrawn_and_never_a_fault(data, form):
    content = bytearray(a_portrait(form=form))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = rebuild(bytes(content), PORTRAIT)
    except facts.UploadRefused:
        return
    assert seen(made).format == "JPEG"


def test_a_paper_comes_back_as_pictures_of_its_pages():
    made = rebuild(a_pdf(2), PAPERS)
    document = pypdfium2.PdfDocument(made.content)
    assert (made.type, made.pages, len(document)) == ("pdf", 2, 2)


def test_a_pdf_that_acts_comes_back_without_its_actions():
    made = rebuild(SCRIPTED_PDF, PAPERS)
    assert made.pages == 1
    for word in (b"Secret", b"JavaScript", b"OpenAction", b"Launch", b"/AA", b"/Annot"):
        assert word not in made.content


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"%PDF-1.7 and nothing more", facts.FileNotReadable),
        (SCRIPTED_PDF[:120], facts.FileNotReadable),
        (a_pdf(4), facts.TooManyPages),
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused(content, refusal):
    with pytest.raises(refusal):
        rebuild(content, PAPERS)


def test_a_page_as_large_as_a_field_is_drawn_small():
    made = rebuild(a_pdf(width=14_400, height=14_400), PAPERS)
    assert max(made.width, made.height) <= PAPERS.side_max
