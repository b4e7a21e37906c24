"""Refunds at the cash desk: in cash out of the drawer, or back to a card on the terminal, against the payer's code and identity card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.facts import Role
from hukumati.domain.payments import api as payments
from hukumati.kernel.text import only_digits
from hukumati.web.desk.pages import cashier_slips
from hukumati.web.desk.pages.cashier import CODE_CHARACTERS_MAX, STATUS_WRONG, drawer_page
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import Field, Option, problems_of
from hukumati.web.ui.forms import CODE_DIGITS
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.writing import money

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.domain.payments.facts import DrawerFacts, RefundFacts
    from hukumati.kernel.refusal import Refused
    from hukumati.web.ui.requests import StaffRequest

REFUND_REFUSALS = (
    payments.RefundNotFound,
    payments.RefundNotForCash,
    payments.RefundNotForTerminal,
    payments.RefundByYourself,
    payments.DrawerTooEmpty,
)
PAYER_CODE_REFUSALS = (payments.RefundCodeWrong, payments.RefundCodeDead)


@staff_only(Role.CASHIER)
@require_GET
def refund(request: StaffRequest) -> HttpResponse:
    """Who gets what back, before the money changes hands."""
    drawer = payments.find_open_drawer(request.actor.id)
    if drawer is None:
        return redirect("desk:cashier")
    wanted = request.GET.get("reference", "")[:CODE_CHARACTERS_MAX].strip().upper()
    try:
        promised = payments.get_refund(wanted)
    except payments.RefundNotFound as refusal:
        return drawer_page(request, drawer, wanted=wanted, refund_refusal=refusal)
    return _refund_page(request, drawer, promised)


@staff_only(Role.CASHIER)
@require_POST
def pay_out(request: StaffRequest) -> HttpResponse:
    """The cashier has looked at the card and typed the payer's code. The money changes hands after the answer, not before."""
    drawer = payments.find_open_drawer(request.actor.id)
    if drawer is None or drawer.reference != request.POST.get("drawer", ""):
        return redirect("desk:cashier")
    wanted = request.POST.get("refund", "")[:CODE_CHARACTERS_MAX]
    code = request.POST.get("code", "")[:CODE_CHARACTERS_MAX]
    try:
        return _pay_out(request, drawer, payments.get_refund(wanted), code=code)
    except cashier_slips.SLIP_REFUSALS as refusal:
        shown = payments.get_refund(wanted)
        return _refund_page(request, drawer, shown, code=code, checked=True, slip_refusal=refusal)
    except PAYER_CODE_REFUSALS as refusal:
        return _refund_page(request, drawer, payments.get_refund(wanted), problem=words_for(refusal))
    except REFUND_REFUSALS as refusal:
        return drawer_page(request, drawer, wanted=wanted, refund_refusal=refusal)


def _pay_out(request: StaffRequest, drawer: DrawerFacts, promised: RefundFacts, *, code: str) -> HttpResponse:
    """In cash out of the drawer; or to a card, in two steps: the code is checked before the terminal gives anything back."""
    if request.POST.get("identity") != "seen":
        return _refund_page(request, drawer, promised, code=code, unseen=True)
    if len(only_digits(code)) != CODE_DIGITS:
        return _refund_page(request, drawer, promised, code=code, problem=_("The code has 6 digits"))
    reference, by, at = promised.reference, request.actor, timezone.now()
    if promised.in_cash or not promised.at_counter:
        done = payments.pay_out_refund(reference, code=code, drawer=drawer.reference, by=by, at=at)
        said = _("The code is right. Hand out %(amount)s now: it is written as paid out.")
    elif "number" not in request.POST:
        checked = payments.check_refund_code(reference, code=code, by=by, at=at)
        return _refund_page(request, drawer, checked, code=code, checked=True)
    else:
        slip = payments.parse_slip(*cashier_slips.typed(request))
        done = payments.give_back_on_terminal(reference, slip, code=code, drawer=drawer.reference, by=by, at=at)
        said = _("The code is right. %(amount)s is written as given back to the card.")
    messages.success(request, said % {"amount": money(done.amount)})
    return redirect("desk:cashier")


def _refund_page(
    request: StaffRequest,
    drawer: DrawerFacts,
    promised: RefundFacts,
    *,
    code: str = "",
    unseen: bool = False,
    problem: str = "",
    checked: bool = False,
    slip_refusal: Refused | None = None,
) -> HttpResponse:
    charge = payments.get_charge(promised.charge_reference)
    card = Field(
        "identity",
        _("Identity"),
        kind="checkboxes",
        value="seen" if request.POST.get("identity") == "seen" else "",
        options=(Option("seen", _("I have seen the identity card; photo, name and number agree")),),
        error=_("Look at the identity card first") if unseen else "",
    )
    asked = Field(
        "code",
        _("The payer's refund code"),
        kind="otp",
        value=code,
        hint=_("Six digits, from the SMS or from the payer's account"),
        error=problem,
        length_max=12,
        autocomplete="off",
    )
    slips = cashier_slips.slip_fields(drawer.office, request.POST, refusal=slip_refusal) if checked else []
    context: dict[str, Any] = {
        "drawer": drawer,
        "refund": promised,
        "charge": charge,
        "payer": identity.get_citizen(charge.payer_account_id),
        "card": card,
        "asked": asked,
        "slip_fields": slips,
        "checked": checked,
        "code": code,
        "problems": problems_of([card, asked, *slips]),
    }
    return render(request, "desk/cashier/refund.html", context, status=STATUS_WRONG if context["problems"] else 200)
