"""Anybody: is this document authentic? By its code, or by the file itself. No account, no script, no trace of who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hukumati.domain.documents import api as documents
from hukumati.kernel.text import cleaned
from hukumati.processes.receipts import api as receipts
from hukumati.web.ui.access import public
from hukumati.web.ui.fields import Field, problems_of
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.signing_in import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CODE_TYPED_MAX = 60


@public
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Two ways on one page; each answers alone."""
    if request.method == "GET":
        return _ask(request)
    if request.POST.get("way") == "file":
        return _verify_file(request)
    typed = cleaned(request.POST.get("code", ""))[:CODE_TYPED_MAX]
    code = documents.parse_code(typed)
    if code is None:
        said = _("The code has 20 letters and digits in groups of four. Look below the square code on the document.")
        return _ask(request, code=typed, code_error=said if typed else _("Enter the verification code"), status=422)
    return _unkept(redirect("portal:verify_code", code))


@public
@require_GET
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where the square code on the paper leads."""
    verification = documents.verify(code, address=client_address(request), at=timezone.now())
    return _answer(request, verification, way="code", code=code)


def _verify_file(request: HttpRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return _ask(request, file_error=_("Choose the PDF file"), status=422)
    try:
        # One byte more than any document of ours is enough to be refused: a huge upload is not read to its end.
        content = upload.read(documents.FILE_BYTES_MAX + 1)
        verification = documents.verify_file(content, address=client_address(request), at=timezone.now())
    except documents.FileTooLarge as refusal:
        return _ask(request, file_error=words_for(refusal), status=422)
    return _answer(request, verification, way="file", code="")


def _ask(
    request: HttpRequest, *, code: str = "", code_error: str = "", file_error: str = "", status: int = 200
) -> HttpResponse:
    by_code = Field(
        "code",
        _("Verification code"),
        value=code,
        hint=_("It stands below the square code. Capital letters and dashes do not matter."),
        error=code_error,
        width=24,
        autocomplete="off",
        attributes={"dir": "ltr", "autocapitalize": "characters"},
    )
    by_file = Field(
        "file",
        _("PDF file"),
        kind="file",
        hint=_("The file as it was issued, up to 5 MB. It is compared and not kept."),
        error=file_error,
        accept="application/pdf",
    )
    context: dict[str, Any] = {
        "by_code": by_code,
        "by_file": by_file,
        "problems": problems_of([by_code, by_file]),
        "host": _host(),
    }
    return _unkept(render(request, "portal/verify.html", context, status=status))


def _answer(request: HttpRequest, verification: documents.Verification | None, *, way: str, code: str) -> HttpResponse:
    is_receipt = verification is not None and verification.kind == receipts.KIND
    context = {
        "verification": verification,
        "standing": receipts.get_standing(verification.about) if verification is not None and is_receipt else None,
        "way": way,
        "code": documents.parse_code(code),
        "host": _host(),
    }
    status = 404 if verification is None and way == "code" else 200
    return _unkept(render(request, "portal/verify_answer.html", context, status=status))


def _host() -> str:
    """The address that the reader compares with the one in the browser's bar."""
    return urlsplit(settings.PUBLIC_URL).netloc


def _unkept(answer: HttpResponse) -> HttpResponse:
    """The code stands in the address: it goes into no cache, no search engine and no other site's Referer.

    Not `no-referrer`: browsers then send `Origin: null` with our own forms, and Django takes them for forged.
    """
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
