"""The cash desk: open a drawer, take the fee that a code stands for, close the drawer by a count. Nobody marks anything as paid here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.facts import Role
from hukumati.domain.payments import api as payments
from hukumati.kernel.money import Money, total
from hukumati.web.desk.pages import cashier_slips
from hukumati.web.desk.pages.cashier_forms import CountForm, CountWithSlipsForm, OpenDrawerForm
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.cases.fees import shown_fees
from hukumati.web.ui.fields import Field, problems_of
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.ways import bar_words, way_name

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.domain.payments.facts import ChargeFacts, DrawerFacts
    from hukumati.kernel.refusal import Refused
    from hukumati.web.ui.requests import StaffRequest

STATUS_WRONG = 422
CODE_CHARACTERS_MAX = 40
# What may be said about a code; everything else about cash is a page of its own.
CODE_REFUSALS = (
    payments.CashCodeMalformed,
    payments.CashCodeUnknown,
    payments.FeeAlreadyPaid,
    payments.ChargeVoid,
    payments.ChargeExpired,
    payments.WayClosed,
)


@staff_only(Role.CASHIER)
@require_GET
def desk(request: StaffRequest) -> HttpResponse:
    """The open drawer with today's takings, or the way to open one."""
    drawer = payments.find_open_drawer(request.actor.id)
    if drawer is None:
        return _closed_page(request, OpenDrawerForm())
    return drawer_page(request, drawer)


@staff_only(Role.CASHIER)
@require_POST
def open_drawer(request: StaffRequest) -> HttpResponse:
    form = OpenDrawerForm(request.POST)
    if not form.is_valid():
        return _closed_page(request, form, status=STATUS_WRONG)
    floated: Money = form.cleaned_data["floated"]
    try:
        payments.open_drawer(
            office=request.staff.office, float_minor=floated.amount_minor, by=request.actor, at=timezone.now()
        )
    except payments.CountInvalid as refusal:
        form.add_error("floated", words_for(refusal))
        return _closed_page(request, form, status=STATUS_WRONG)
    except payments.DrawerAlreadyOpen:
        pass  # pressed twice: the drawer is what was wanted
    return redirect("desk:cashier")


@staff_only(Role.CASHIER)
@require_GET
def confirm(request: StaffRequest) -> HttpResponse:
    """Who pays what, read aloud before the money changes hands."""
    drawer = payments.find_open_drawer(request.actor.id)
    if drawer is None:
        return redirect("desk:cashier")
    code = request.GET.get("code", "")[:CODE_CHARACTERS_MAX]
    try:
        charge = payments.find_charge_by_cash_code(code, at=timezone.now())
    except CODE_REFUSALS as refusal:
        return drawer_page(request, drawer, code=code, refusal=refusal)
    return _confirm_page(request, drawer, charge, code=code)


@staff_only(Role.CASHIER)
@require_POST
def take(request: StaffRequest) -> HttpResponse:
    """The exact fee is in the drawer: the receipt."""
    drawer = payments.find_open_drawer(request.actor.id)
    if drawer is None or drawer.reference != request.POST.get("drawer", ""):
        return redirect("desk:cashier")
    code = request.POST.get("code", "")[:CODE_CHARACTERS_MAX]
    try:
        receipt = payments.take_cash(code, drawer=drawer.reference, by=request.actor, at=timezone.now())
    except CODE_REFUSALS as refusal:
        return drawer_page(request, drawer, code=code, refusal=refusal)
    return redirect("desk:cashier_receipt", receipt.reference)


@staff_only(Role.CASHIER)
@require_POST
def take_slip(request: StaffRequest) -> HttpResponse:
    """The terminal has taken the exact fee: the receipt."""
    drawer = payments.find_open_drawer(request.actor.id)
    if drawer is None or drawer.reference != request.POST.get("drawer", ""):
        return redirect("desk:cashier")
    code = request.POST.get("code", "")[:CODE_CHARACTERS_MAX]
    try:
        slip = payments.parse_slip(*cashier_slips.typed(request))
        receipt = payments.take_slip(code, slip, drawer=drawer.reference, by=request.actor, at=timezone.now())
    except cashier_slips.SLIP_REFUSALS as refusal:
        return _confirm_again(request, drawer, code=code, refusal=refusal)
    except CODE_REFUSALS as refusal:
        return drawer_page(request, drawer, code=code, refusal=refusal)
    return redirect("desk:cashier_receipt", receipt.reference)


@staff_only(Role.CASHIER)
@require_GET
def receipt(request: StaffRequest, reference: str) -> HttpResponse:
    """To print for the citizen. Only what this cashier took."""
    proof = payments.get_taking(reference, cashier=request.actor.id)
    payer = identity.get_citizen(proof.payer_account_id)
    context = {
        "receipt": proof,
        "lines": shown_fees(proof.lines),
        "payer": payer,
        "office": _office_name(proof.office),
        "way": way_name(proof.way),
    }
    return render(request, "desk/cashier/receipt.html", context)


@staff_only(Role.CASHIER)
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest) -> HttpResponse:
    """A blind count: what the drawer should hold is told only afterwards."""
    drawer = payments.find_open_drawer(request.actor.id)
    if drawer is None:
        return redirect("desk:cashier")
    asked = CountWithSlipsForm if payments.list_slips_of(drawer.reference) else CountForm
    form = asked(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            closed = payments.close_drawer(
                drawer.reference,
                counted=form.cleaned_data["counted"],
                slips_counted=form.cleaned_data.get("slips_counted"),
                by=request.actor,
                at=timezone.now(),
            )
        except (payments.CountInvalid, payments.SlipsNotCounted) as refusal:
            form.add_error("counted", words_for(refusal))
        else:
            return redirect("desk:cashier_drawer", closed.reference)
    status = STATUS_WRONG if request.method == "POST" else 200
    return render(request, "desk/cashier/close.html", {"drawer": drawer, "form": form}, status=status)


@staff_only(Role.CASHIER)
@require_GET
def drawer(request: StaffRequest, reference: str) -> HttpResponse:
    """One of my drawers after its count."""
    mine = payments.get_own_drawer(reference, cashier=request.actor.id)
    if mine.state == payments.DrawerState.OPEN:
        return redirect("desk:cashier")
    takings = payments.list_takings(mine.reference)
    return render(
        request,
        "desk/cashier/drawer.html",
        {
            "drawer": mine,
            "takings": takings,
            "pay_outs": payments.list_pay_outs(mine.reference),
            "office": _office_name(mine.office),
            "way_of": way_name,
            **cashier_slips.slips_of(mine.reference),
        },
    )


def drawer_page(
    request: StaffRequest,
    drawer: DrawerFacts,
    *,
    code: str = "",
    refusal: Refused | None = None,
    wanted: str = "",
    refund_refusal: Refused | None = None,
) -> HttpResponse:
    field = Field(
        name="code",
        label=_("Payment code"),
        kind="digits",
        value=code,
        hint=_("8 digits, as the citizen reads them"),
        error=words_for(refusal) if refusal else "",
        width=10,
        attributes={} if refusal or refund_refusal else {"autofocus": "autofocus"},
    )
    refund_field = Field(
        name="reference",
        label=_("Number of the refund"),
        value=wanted,
        hint=_("F-…, as it stands in the citizen's account"),
        error=words_for(refund_refusal) if refund_refusal else "",
        width=14,
        attributes={"dir": "ltr", "autocapitalize": "characters"},
    )
    wrong = [one for one in (field, refund_field) if one.error]
    takings = payments.list_takings(drawer.reference)
    context = {
        "drawer": drawer,
        "office": _office_name(drawer.office),
        "field": field,
        "refund_field": refund_field,
        "problems": wrong,
        "pay_outs": payments.list_pay_outs(drawer.reference),
        "takings": takings,
        "taken": total([taking.total for taking in takings if taking.way == payments.Way.CASH]),
        "way_of": way_name,
        **cashier_slips.slips_of(drawer.reference),
    }
    return render(request, "desk/cashier/desk.html", context, status=STATUS_WRONG if wrong else 200)


def _confirm_again(request: StaffRequest, drawer: DrawerFacts, *, code: str, refusal: Refused) -> HttpResponse:
    """The same page, with what is wrong with a slip."""
    try:
        charge = payments.find_charge_by_cash_code(code, at=timezone.now())
    except CODE_REFUSALS as gone:
        return drawer_page(request, drawer, code=code, refusal=gone)
    return _confirm_page(request, drawer, charge, code=code, refusal=refusal)


def _confirm_page(
    request: StaffRequest, drawer: DrawerFacts, charge: ChargeFacts, *, code: str, refusal: Refused | None = None
) -> HttpResponse:
    said = payments.terms_of(charge, at=timezone.now())
    takes_cash = payments.Way.CASH in said.open
    takes_cards = payments.Way.TERMINAL in said.open
    slips = cashier_slips.slip_fields(drawer.office, request.POST, refusal=refusal) if takes_cards else []
    closed = next((one for one in said.closed if one.way == payments.Way.CASH), None)
    context: dict[str, Any] = {
        "takes_cash": takes_cash,
        "cash_closed": _("Not in cash: %(why)s") % {"why": bar_words(closed.bar, closed.limit)} if closed else "",
        "slip_fields": slips,
        "problems": problems_of(slips),
        "drawer": drawer,
        "charge": charge,
        "lines": shown_fees(charge.lines),
        "payer": identity.get_citizen(charge.payer_account_id),
        "code": code,
    }
    return render(request, "desk/cashier/confirm.html", context, status=STATUS_WRONG if refusal else 200)


def _closed_page(request: StaffRequest, form: OpenDrawerForm, *, status: int = 200) -> HttpResponse:
    past = [mine for mine in payments.list_drawers(request.actor.id) if mine.state == payments.DrawerState.CLOSED][:10]
    context = {"form": form, "past": past, "office": _office_name(request.staff.office)}
    return render(request, "desk/cashier/closed.html", context, status=status)


def _office_name(office: str) -> Any:
    try:
        return catalogue.get_office(office).name if office else None
    except catalogue.OfficeNotFound:
        return None
