"""Files as answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from hukumati.domain.documents.facts import DocumentFile


def pdf_answer(file: DocumentFile, *, as_attachment: bool) -> HttpResponse:
    """A PDF under its right name, kept by no cache on the way."""
    answer = HttpResponse(file.content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = str(content_disposition_header(as_attachment, file.name))
    answer.headers["Cache-Control"] = "no-store, private"
    # Browsers draw a PDF with a page of their own, which our policy for pages would leave without its styles.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer
