"""Files as answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from hukumati.domain.documents.facts import DocumentFile
    from hukumati.domain.uploads.facts import UploadFile


def pdf_answer(file: DocumentFile, *, as_attachment: bool) -> HttpResponse:
    """A PDF under its right name, kept by no cache on the way."""
    answer = HttpResponse(file.content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = str(content_disposition_header(as_attachment, file.name))
    answer.headers["Cache-Control"] = "no-store, private"
    # Browsers draw a PDF with a page of their own, which our policy for pages would leave without its styles.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer


def upload_answer(file: UploadFile) -> HttpResponse:
    """What a citizen handed in: a picture is shown, a paper is downloaded. Nothing in it may run, whatever the browser takes it for."""
    picture = file.facts.is_picture
    answer = HttpResponse(file.content, content_type="image/jpeg" if picture else "application/pdf")
    answer.headers["Content-Disposition"] = str(content_disposition_header(not picture, file.facts.name))
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
