"""A supervisor ends a document that should not have been issued: found by its number, with a reason that its holder reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hukumati.domain.documents import api as documents
from hukumati.domain.identity.facts import Role
from hukumati.kernel.reference import is_reference
from hukumati.kernel.text import cleaned
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import Field, problems_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.requests import StaffRequest

REASON_CHARACTERS_MAX = 1000


@staff_only(Role.SUPERVISOR)
@require_GET
def search(request: StaffRequest) -> HttpResponse:
    """A number leads to its document; nothing is listed, so that nothing can be browsed."""
    wanted = cleaned(request.GET.get("q", "")).upper()
    if is_reference(wanted):
        return redirect("desk:document", wanted)
    return render(request, "desk/revocation/search.html", {"wanted": wanted})


@staff_only(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def document(request: StaffRequest, reference: str) -> HttpResponse:
    """What was issued, and the form that ends it."""
    shown = documents.get_of_institution(reference, institution=request.staff.institution)
    if request.method == "GET":
        return _show(request, shown)
    reason = cleaned(request.POST.get("reason", ""))[:REASON_CHARACTERS_MAX]
    if not request.POST.get("sure"):
        return _show(request, shown, reason=reason, unsure=True)
    try:
        documents.revoke(reference, reason=reason, by=request.actor, at=timezone.now())
    except documents.RevocationReasonMissing:
        return _show(request, shown, error=_("Say why the document is revoked"))
    messages.success(request, _("Revoked. Whoever checks it is told so, and its holder was informed."))
    return redirect("desk:document", reference)


def _show(
    request: StaffRequest, shown: documents.DocumentFacts, *, reason: str = "", error: str = "", unsure: bool = False
) -> HttpResponse:
    asked = Field(
        "reason",
        _("Why is it revoked?"),
        kind="textarea",
        value=reason,
        hint=_("The holder reads these words; whoever checks the document does not."),
        error=error,
        length_max=REASON_CHARACTERS_MAX,
    )
    sure = Field(
        "sure",
        _("I understand that this cannot be undone"),
        kind="confirm",
        error=_("Confirm that the document shall be revoked") if unsure else "",
    )
    context = {"document": shown, "asked": asked, "sure": sure, "problems": problems_of([asked, sure])}
    return render(request, "desk/revocation/document.html", context, status=422 if error or unsure else 200)
