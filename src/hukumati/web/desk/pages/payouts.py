"""Paying fees out: what is due to whom, an order that one treasurer proposes and another approves, and how far it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from stdnum import iban

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity.facts import Role
from hukumati.domain.payouts import api as payouts
from hukumati.domain.treasury import api as treasury
from hukumati.kernel.money import total
from hukumati.web.desk.pages.publishing import people_named
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import Field, problems_of
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.writing import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from hukumati.web.ui.requests import StaffRequest

STATUS_WRONG: Final = 422
WORDS_CHARACTERS_MAX: Final = 1000
States, Lines = payouts.PayoutState, payouts.LineState
STATES: Final[dict[payouts.PayoutState, Callable[[], tuple[str, str]]]] = {
    States.PROPOSED: lambda: (_("Waits for a second person"), "warn"),
    States.REJECTED: lambda: (_("Rejected"), "bad"),
    States.APPROVED: lambda: (_("Approved, on its way to the bank"), "info"),
    States.SENT: lambda: (_("The bank has it"), "info"),
    States.ACCEPTED: lambda: (_("Accepted by the bank"), "info"),
    States.ENDED: lambda: (_("Ended"), "ok"),
}
LINE_STATES: Final[dict[payouts.LineState, Callable[[], tuple[str, str]]]] = {
    Lines.ORDERED: lambda: (_("Ordered"), "neutral"),
    Lines.PAID: lambda: (_("Paid"), "ok"),
    Lines.REFUSED: lambda: (_("Refused, due again"), "bad"),
    Lines.RETURNED: lambda: (_("Came back, due again"), "bad"),
}
DECIDING_REFUSALS: Final = (
    payouts.PayoutTakesTwo,
    payouts.PayoutStale,
    payouts.PayoutExceedsBank,
)


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def list_page(request: StaffRequest) -> HttpResponse:
    """What is due out of each account, what waits, and the last orders."""
    before = request.GET.get("before", "")
    found = payouts.list_payouts(before=before)
    shown = found[:-1] if len(found) > PAGE else found
    context = {
        "suggestions": [_suggested(one) for one in _suggestions()] if not before else [],
        "payouts": [(one, *STATES[one.state]()) for one in shown],
        "more": shown[-1].reference if len(found) > len(shown) else "",
        "times": [(institution_name(one.institution), one) for one in payouts.list_settlement_times()],
        "people": people_named([one.proposed_by for one in shown]),
        "may_write": Role.TREASURER in request.staff.roles,
    }
    return render(request, "desk/payouts/list.html", context)


PAGE: Final = 50


@staff_only(Role.TREASURER)
@require_POST
def propose(request: StaffRequest) -> HttpResponse:
    account = _payer(request.POST.get("account", ""))
    if account is None:
        return redirect("desk:payouts")
    try:
        made = payouts.propose_payout(account, by=request.actor, at=timezone.now())
    except payouts.NothingToPayOut as refusal:
        messages.error(request, words_for(refusal))
        return redirect("desk:payouts")
    except payouts.PayoutAlreadyWaits as refusal:
        messages.info(request, words_for(refusal))
        return redirect("desk:payout", refusal.payout)
    messages.success(request, _("Proposed. Another treasurer decides; nothing is ordered until then."))
    return redirect("desk:payout", made.reference)


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def one(request: StaffRequest, reference: str) -> HttpResponse:
    """One order line by line; and the decision, for another person."""
    return _show(request, reference)


@staff_only(Role.TREASURER)
@require_POST
def approve(request: StaffRequest, reference: str) -> HttpResponse:
    shown = payouts.get_payout(reference)
    account = _payer(shown.account)
    if account is None:
        raise payouts.PayoutNotFound
    try:
        payouts.approve_payout(reference, account, by=request.actor, at=timezone.now())
    except DECIDING_REFUSALS as refusal:
        messages.error(request, words_for(refusal))
    except payouts.PayoutDecided as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Approved. The order goes to the bank now."))
    return redirect("desk:payout", reference)


@staff_only(Role.TREASURER)
@require_POST
def reject(request: StaffRequest, reference: str) -> HttpResponse:
    try:
        payouts.reject_payout(reference, words=request.POST.get("words", ""), by=request.actor, at=timezone.now())
    except payouts.PayoutWordsMissing as refusal:
        return _show(request, reference, error=words_for(refusal))
    except payouts.PayoutTakesTwo as refusal:
        messages.error(request, words_for(refusal))
    except payouts.PayoutDecided as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Rejected. Nothing is ordered."))
    return redirect("desk:payout", reference)


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def order(request: StaffRequest, reference: str) -> HttpResponse:  # noqa: ARG001 (every view has one)
    """The order as the bank gets it, byte for byte: to be carried by hand where no bank is connected."""
    named = {"Content-Disposition": f'attachment; filename="{payouts.get_payout(reference).reference}.xml"'}
    return HttpResponse(payouts.get_order(reference), content_type="application/xml", headers=named)


def institution_name(institution: str) -> str:
    """What an account calls an institution may outlive the institution."""
    try:
        return text(catalogue.institution_name(institution))
    except catalogue.InstitutionNotFound:
        return institution


def _show(request: StaffRequest, reference: str, *, error: str = "") -> HttpResponse:
    shown = payouts.get_payout(reference)
    own = shown.proposed_by == request.actor.label
    waits = shown.state == States.PROPOSED
    words = Field("words", _("Why it is rejected"), kind="textarea", length_max=WORDS_CHARACTERS_MAX, error=error)
    context = {
        "one": shown,
        "state": STATES[shown.state](),
        "lines": [
            (institution_name(line.institution), line, iban.format(line.iban), *LINE_STATES[line.state]())
            for line in shown.lines
        ],
        "from_iban": iban.format(shown.iban),
        "people": people_named([shown.proposed_by, shown.decided_by]),
        "may_decide": waits and not own and Role.TREASURER in request.staff.roles,
        "own": waits and own,
        "ordered": shown.decided_at is not None and shown.state != States.REJECTED,
        "by_hand": not payouts.is_bank_wired(),
        "words": words,
        "problems": problems_of([words]),
    }
    return render(request, "desk/payouts/payout.html", context, status=STATUS_WRONG if error else 200)


def _suggestions() -> list[payouts.Suggestion]:
    return [payouts.get_suggestion(one, at=timezone.now()) for one in treasury.list_payers()]


def _suggested(one: payouts.Suggestion) -> dict[str, Any]:
    sum_ = total([due.payable for due in one.payable], currency=one.account.currency)
    names = {account.id: account.name for account in treasury.list_accounts()}
    return {
        "one": one,
        "name": names[one.account.id],
        "rows": [(institution_name(due.institution), due) for due in one.due],
        "total": sum_,
    }


def _payer(account: str) -> payouts.PaidFrom | None:
    return next((one for one in treasury.list_payers() if one.id == account), None)
