"""What was paid and what goes back: the receipt and the refund. Each is shown to whoever paid only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.documents import api as documents
from hukumati.domain.payments import api as payments
from hukumati.processes.receipts import api as papers
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.fees import shown_fees
from hukumati.web.ui.files import pdf_answer

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.requests import CitizenRequest

STATUS_TOO_MANY = 429


@citizens_only
@require_GET
def receipt(request: CitizenRequest, receipt: str) -> HttpResponse:
    """Proof of payment, line by line, to read, save or print."""
    proof = payments.get_own_receipt(receipt, payer=request.citizen.account_id)
    context = {
        "receipt": proof,
        "lines": shown_fees(proof.lines),
        "payer": request.citizen,
        "office": _office_name(proof.office),
        "refunds": payments.list_refunds(proof.charge_reference),
        "paper": documents.find_about(proof.reference, holder=request.citizen.account_id),
    }
    return render(request, "portal/payment/receipt.html", context)


@citizens_only
@require_GET
def pdf(request: CitizenRequest, receipt: str) -> HttpResponse:
    """The same as a signed file, that an employer or an auditor can check."""
    try:
        file = papers.download(receipt, payer=request.citizen, by=request.actor, at=timezone.now())
    except (documents.SealerBehindError, documents.TemplateFaultError):
        messages.warning(
            request, _("The file cannot be made just now. The receipt on this page holds; try again in an hour.")
        )
        return redirect("portal:receipt", receipt)
    return pdf_answer(file, as_attachment=True)


@citizens_only
@require_http_methods(["GET", "POST"])
def refund(request: CitizenRequest, refund: str) -> HttpResponse:
    """How far my money is on its way back; for cash, on request, a new code. It is shown in this answer alone and kept nowhere."""
    shown = payments.get_own_refund(refund, payer=request.citizen.account_id)
    refusal = None
    if request.method == "POST":
        try:
            shown = payments.renew_refund_code(
                refund, payer=request.citizen.account_id, by=request.actor, at=timezone.now()
            )
        except payments.TooManyRefundCodes as too_many:
            refusal = too_many
        except payments.RefundNotForCash:
            return redirect("portal:refund", refund)  # paid out meanwhile: the page says so
    waits = shown.at_counter and shown.state == payments.RefundState.PROMISED
    context = {
        "refund": shown,
        "waits": waits,
        "offices": catalogue.list_offices(kind="post") if waits else [],
        "too_many": refusal,
    }
    return render(request, "portal/payment/refund.html", context, status=STATUS_TOO_MANY if refusal else 200)


def _office_name(office: str) -> Any:
    try:
        return catalogue.get_office(office).name if office else None
    except catalogue.OfficeNotFound:
        return None
