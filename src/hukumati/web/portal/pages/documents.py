"""My documents: the list, one document with its file and who checked it, and the paper copy at the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.processes.receipts import api as receipts
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.files import pdf_answer

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from hukumati.domain.documents.facts import DocumentFacts
    from hukumati.web.ui.requests import CitizenRequest


@citizens_only
@require_GET
def list_page(request: CitizenRequest) -> HttpResponse:
    """Newest first, each with what it is worth today."""
    today = timezone.localdate()
    own = documents.list_own(request.citizen.account_id, but=[receipts.KIND])  # those stand under what was paid
    return render(request, "portal/documents.html", {"documents": [(each, state_tag(each, on=today)) for each in own]})


@citizens_only
@require_GET
def page(request: CitizenRequest, reference: str) -> HttpResponse:
    """One document: the file, what proves it, how often it was checked, and its paper copy."""
    document = documents.get_own(reference, holder=request.citizen.account_id)
    if document.kind == receipts.KIND:
        return redirect("portal:receipt", document.about)
    context = {
        "document": document,
        "state": state_tag(document, on=timezone.localdate()),
        "verification_url": f"{settings.PUBLIC_URL.rstrip('/')}/verify/{document.verification_code}/",
        "pick_up": delivery.find_for_document(reference, holder=request.citizen.account_id),
    }
    return render(request, "portal/documents_document.html", context)


@citizens_only
@require_GET
def pdf(request: CitizenRequest, reference: str) -> HttpResponse:
    """The signed file, for its holder only, kept by no cache on the way."""
    file = documents.download(reference, holder=request.citizen.account_id, by=request.actor, at=timezone.now())
    return pdf_answer(file, as_attachment=True)


@citizens_only
@require_http_methods(["GET", "POST"])
def pick_up(request: CitizenRequest, reference: str) -> HttpResponse:
    """Where the copy waits; on request a new code. The code is shown in the answer itself and is kept nowhere, not even in a session."""
    shown = delivery.get_own(reference, holder=request.citizen.account_id)
    refusal = None
    if request.method == "POST":
        try:
            shown = delivery.renew_code(
                reference, holder=request.citizen.account_id, by=request.actor, at=timezone.now()
            )
        except delivery.TooManyCodes as too_many:
            refusal = too_many
    context = {
        "pick_up": shown,
        "office": _find_office(shown.office),
        "document": documents.get_own(shown.document, holder=request.citizen.account_id),
        "too_many": refusal,
    }
    return render(request, "portal/documents_pick_up.html", context, status=429 if refusal else 200)


def state_tag(document: DocumentFacts, *, on: date) -> tuple[str, str]:
    """The state in words, and the tone of its tag."""
    if document.state == documents.DocumentState.REVOKED:
        return _("Revoked"), "bad"
    if document.is_over(on=on):
        return _("Expired"), "warn"
    return _("Valid"), "ok"


def _find_office(office: str) -> catalogue.OfficeFacts | None:
    try:
        return catalogue.get_office(office)
    except catalogue.OfficeNotFound:
        return None
