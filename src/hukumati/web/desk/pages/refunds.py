"""Giving fees back by hand: one treasurer proposes from the charge's page, another approves or rejects here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.identity.facts import Role
from hukumati.domain.payments import api as payments
from hukumati.web.desk.pages.cashier_forms import AmountField
from hukumati.web.desk.pages.publishing import people_named
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import Field, Option, problems_of
from hukumati.web.ui.forms import Form, TextField
from hukumati.web.ui.refusal_texts import words_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from hukumati.web.ui.requests import StaffRequest

STATUS_WRONG: Final = 422
WORDS_CHARACTERS_MAX: Final = 1000
WHYS: Final[dict[payments.RefundWhy, Callable[[], str]]] = {
    payments.RefundWhy.CHARGED_WRONGLY: lambda: _("Charged wrongly"),
    payments.RefundWhy.SERVICE_NOT_GIVEN: lambda: _("The service was not given"),
    payments.RefundWhy.PROMISE_MISSED: lambda: _("The promised day was missed"),
    payments.RefundWhy.COMPLAINT_UPHELD: lambda: _("A complaint was upheld"),
    payments.RefundWhy.COURT_ORDER: lambda: _("A court's order"),
    payments.RefundWhy.OTHER: lambda: _("Another reason"),
}


class ProposalForm(Form):
    """What goes back, and why."""

    amount = AmountField()
    words = TextField(max_length=WORDS_CHARACTERS_MAX)


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def list_page(request: StaffRequest) -> HttpResponse:
    """What waits for a second person, and what was decided lately."""
    waiting, decided = payments.list_refund_proposals(), payments.list_decided_proposals()
    labels = [label for one in (*waiting, *decided) for label in (one.proposed_by, one.decided_by)]
    context = {"waiting": waiting, "decided": decided, "whys": WHYS, "people": people_named(labels)}
    return render(request, "desk/refunds/list.html", context)


@staff_only(Role.TREASURER)
@require_GET
def new(request: StaffRequest, reference: str) -> HttpResponse:
    """The form of a proposal about a charge."""
    return _form(request, payments.get_charge(reference).reference)


@staff_only(Role.TREASURER)
@require_POST
def propose(request: StaffRequest, reference: str) -> HttpResponse:
    form = ProposalForm(request.POST)
    why = request.POST.get("why", "")
    known = why in set(payments.RefundWhy)
    if not form.is_valid() or not known:
        return _form(request, reference, form=form, why=why, lacks_why=not known)
    try:
        proposal = payments.propose_refund(
            reference,
            amount=form.cleaned_data["amount"],
            why=payments.RefundWhy(why),
            words=form.cleaned_data["words"],
            by=request.actor,
            at=timezone.now(),
        )
    except payments.RefundTooLarge as refusal:
        form.add_error("amount", words_for(refusal))
        return _form(request, reference, form=form, why=why)
    except (payments.NotPaid, payments.ApprovesOwnProposal) as refusal:
        messages.error(request, words_for(refusal))
        return redirect("desk:books_charge", reference)
    except payments.RefundAlreadyProposed as refusal:
        messages.info(request, words_for(refusal))
        return redirect("desk:refund_proposal", refusal.proposal)
    messages.success(request, _("Proposed. Another treasurer decides; nothing is promised until then."))
    return redirect("desk:refund_proposal", proposal.reference)


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def proposal(request: StaffRequest, reference: str) -> HttpResponse:
    """One proposal with what is known of the charge; the decision, for another person."""
    return _show(request, reference)


@staff_only(Role.TREASURER)
@require_POST
def approve(request: StaffRequest, reference: str) -> HttpResponse:
    try:
        payments.approve_refund(reference, by=request.actor, at=timezone.now())
    except (payments.ApprovesOwnProposal, payments.RefundTooLarge) as refusal:
        messages.error(request, words_for(refusal))
    except payments.RefundProposalDecided as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Approved. The refund is promised now, and goes back by the way the money came."))
    return redirect("desk:refund_proposal", reference)


@staff_only(Role.TREASURER)
@require_POST
def reject(request: StaffRequest, reference: str) -> HttpResponse:
    try:
        payments.reject_refund(reference, words=request.POST.get("words", ""), by=request.actor, at=timezone.now())
    except payments.WordsMissing as refusal:
        return _show(request, reference, error=words_for(refusal))
    except payments.ApprovesOwnProposal as refusal:
        messages.error(request, words_for(refusal))
    except payments.RefundProposalDecided as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Rejected. Nothing goes back."))
    return redirect("desk:refund_proposal", reference)


def _form(
    request: StaffRequest, reference: str, *, form: ProposalForm | None = None, why: str = "", lacks_why: bool = False
) -> HttpResponse:
    charge = payments.get_charge(reference)
    left = payments.get_left_to_give_back(reference)

    def error(name: str) -> str:
        return str(next(iter(form.errors.get(name, ())), "")) if form is not None else ""

    typed = form.data if form is not None else {}
    fields = (
        Field("amount", _("How much goes back"), kind="money", width=10, value=typed.get("amount", ""), error=error("amount")),
        Field(
            "why",
            _("Why"),
            kind="choice",
            value=why,
            options=tuple(Option(str(one), words()) for one, words in WHYS.items()),
            error=_("Choose a reason") if lacks_why else "",
        ),
        Field(
            "words",
            _("For the one who decides, and for the record"),
            kind="textarea",
            value=typed.get("words", ""),
            length_max=WORDS_CHARACTERS_MAX,
            error=error("words"),
        ),
    )  # fmt: skip
    context = {"charge": charge, "left": left, "fields": fields, "problems": problems_of(fields)}
    return render(request, "desk/refunds/new.html", context, status=STATUS_WRONG if form is not None else 200)


def _show(request: StaffRequest, reference: str, *, error: str = "") -> HttpResponse:
    shown = payments.get_refund_proposal(reference)
    words = Field("words", _("Why it is rejected"), kind="textarea", length_max=WORDS_CHARACTERS_MAX, error=error)
    own = shown.proposed_by == request.actor.label
    context = {
        "one": shown,
        "why": WHYS[shown.why](),
        "refunds": payments.list_refunds(shown.charge_reference),
        "left": payments.get_left_to_give_back(shown.charge_reference),
        "people": people_named([shown.proposed_by, shown.decided_by]),
        "may_decide": not shown.decision and not own and Role.TREASURER in request.staff.roles,
        "own": own and not shown.decision,
        "words": words,
        "problems": problems_of([words]),
    }
    return render(request, "desk/refunds/proposal.html", context, status=STATUS_WRONG if error else 200)
