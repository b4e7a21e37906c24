"""The counter hands a paper copy over: the holder's code, then the holder's card, then the copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.facts import Role
from hukumati.kernel.text import only_digits
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import Field, Option, problems_of
from hukumati.web.ui.files import pdf_answer
from hukumati.web.ui.forms import CODE_DIGITS
from hukumati.web.ui.refusal_texts import words_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.domain.delivery.facts import PickUpFacts
    from hukumati.kernel.refusal import Refused
    from hukumati.web.ui.requests import StaffRequest


@staff_only(Role.CLERK, Role.POSTAL_CLERK)
@require_GET
def list_page(request: StaffRequest) -> HttpResponse:
    """What waits at this office, the longest first. Names only after the code: the list is no register of people."""
    wanted = request.GET.get("q", "").strip().upper()
    waiting = delivery.list_waiting(request.staff.office)
    # The holder's message names the application; the paper and the account name the other two.
    shown = [
        each for each in waiting if any(wanted in number for number in (each.about, each.reference, each.document))
    ]
    return render(request, "desk/hand_over/list.html", {"waiting": shown, "count": len(waiting), "wanted": wanted})


@staff_only(Role.CLERK, Role.POSTAL_CLERK)
@require_http_methods(["GET", "POST"])
def one(request: StaffRequest, reference: str) -> HttpResponse:
    """Asks for the code. The right one shows whose card to look at."""
    pick_up = delivery.get_at_office(reference, office=request.staff.office)
    if request.method == "GET":
        return _ask_code(request, pick_up)
    code = request.POST.get("code", "")
    if len(only_digits(code)) != CODE_DIGITS:
        return _ask_code(request, pick_up, problem=_("The code has 6 digits"))
    try:
        pick_up = delivery.check_code(reference, code=code, by=request.actor, at=timezone.now())
    except (delivery.CodeWrong, delivery.TooManyTries) as refusal:
        return _ask_code(request, delivery.get_at_office(reference, office=request.staff.office), refusal=refusal)
    return _show_holder(request, pick_up, code=code)


@staff_only(Role.CLERK, Role.POSTAL_CLERK)
@require_POST
def confirm(request: StaffRequest, reference: str) -> HttpResponse:
    """The clerk says that the card was seen; the copy is handed over."""
    code, at = request.POST.get("code", ""), timezone.now()
    delivery.get_at_office(reference, office=request.staff.office)
    try:
        if request.POST.get("identity") != "seen":
            pick_up = delivery.check_code(reference, code=code, by=request.actor, at=at)
            return _show_holder(request, pick_up, code=code, unseen=True)
        delivery.hand_over(reference, code=code, by=request.actor, at=at)
    except (delivery.CodeWrong, delivery.TooManyTries) as refusal:
        return _ask_code(request, delivery.get_at_office(reference, office=request.staff.office), refusal=refusal)
    messages.success(request, _("Handed over and recorded: %(reference)s") % {"reference": reference})
    return redirect("desk:hand_over")


@staff_only(Role.CLERK, Role.POSTAL_CLERK)
@require_POST
def print_copy(request: StaffRequest, reference: str) -> HttpResponse:
    """The document to print, only while its holder stands here with the code. Each print is on record."""
    at = timezone.now()
    delivery.get_at_office(reference, office=request.staff.office)
    try:
        pick_up = delivery.check_code(reference, code=request.POST.get("code", ""), by=request.actor, at=at)
    except (delivery.CodeWrong, delivery.TooManyTries) as refusal:
        return _ask_code(request, delivery.get_at_office(reference, office=request.staff.office), refusal=refusal)
    return pdf_answer(documents.print_copy(pick_up.document, by=request.actor, at=at), as_attachment=False)


def _ask_code(
    request: StaffRequest, pick_up: PickUpFacts, *, refusal: Refused | None = None, problem: str = ""
) -> HttpResponse:
    asked = Field(
        "code",
        _("The holder's code"),
        kind="otp",
        hint=_("Six digits, from the SMS or from the holder's account"),
        error=words_for(refusal) if refusal else problem,
        length_max=12,
        autocomplete="off",
    )
    context = {"pick_up": pick_up, "asked": asked, "problems": problems_of([asked])}
    return render(request, "desk/hand_over/code.html", context, status=422 if asked.error else 200)


def _show_holder(request: StaffRequest, pick_up: PickUpFacts, *, code: str, unseen: bool = False) -> HttpResponse:
    seen = Field(
        "identity",
        _("Identity"),
        kind="checkboxes",
        options=(Option("seen", _("I have seen the identity card; photo, name and number agree")),),
        error=_("Look at the identity card first") if unseen else "",
    )
    context: dict[str, Any] = {
        "pick_up": pick_up,
        "code": code,
        "holder": identity.get_citizen(pick_up.holder),
        "copies": applications.count_copies(pick_up.about),
        "prints": applications.prints_document(pick_up.about),
        "seen": seen,
        "problems": problems_of([seen]),
    }
    return render(request, "desk/hand_over/holder.html", context, status=422 if unseen else 200)
