"""The accounts that fees go to: one treasurer proposes, another approves, either ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from stdnum import iban

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity.facts import Role
from hukumati.domain.payouts import api as payouts
from hukumati.kernel.money import MINOR_DIGITS
from hukumati.kernel.text import cleaned
from hukumati.web.desk.pages.payouts import institution_name
from hukumati.web.desk.pages.publishing import people_named
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import problems_of
from hukumati.web.ui.forms import DateField, Form, TextField
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.writing import text

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.web.ui.requests import StaffRequest

STATUS_WRONG: Final = 422
SHOWN_OF_AN_IBAN: Final = 4


class IbanField(TextField):
    """An account number, as it was typed; whether it is one of ours, payouts says."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 60, **kwargs})
        self.looks: dict[str, Any] = {"kind": "iban", "width": 34}

    def to_python(self, value: Any) -> str:
        return cleaned(str(value or "")[:60])


class AccountForm(Form):
    """Whose account it is, and by which law."""

    institution = forms.ChoiceField(label=gettext_lazy("Institution"))
    iban = IbanField(label=gettext_lazy("IBAN"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(one, one) for one in MINOR_DIGITS])
    instrument = forms.ChoiceField(label=gettext_lazy("Legal instrument"))
    article = TextField(label=gettext_lazy("Article"), max_length=40)
    valid_from = DateField(label=gettext_lazy("Valid from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        institutions = [(one, text(facts.name)) for one, facts in catalogue.institutions().items()]
        instruments = [(one, text(name)) for one, name in catalogue.list_instruments().items()]
        self.fields["institution"].choices = institutions  # type: ignore[attr-defined]
        self.fields["instrument"].choices = instruments  # type: ignore[attr-defined]


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def list_page(request: StaffRequest) -> HttpResponse:
    """What waits for a second person, and what two people registered."""
    waiting, registered = payouts.list_waiting_beneficiaries(), payouts.list_beneficiaries()
    context = {
        "waiting": [(institution_name(one.institution), one, masked(one.iban)) for one in waiting],
        "registered": [(institution_name(one.institution), one, masked(one.iban)) for one in registered],
        "people": people_named([one.proposed_by for one in waiting]),
        "may_write": Role.TREASURER in request.staff.roles,
    }
    return render(request, "desk/payouts/accounts.html", context)


@staff_only(Role.TREASURER)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Propose an account."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = payouts.propose_beneficiary(**form.cleaned_data, by=request.actor, at=timezone.now())
        except payouts.BeneficiaryIncomplete as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, words_for(refusal))
        else:
            messages.success(request, _("Proposed. Another treasurer decides; no money goes there until then."))
            return redirect("desk:beneficiary", made.reference)
    context = {"form": form, "problems": problems_of(form) if form.is_bound else ()}
    return render(request, "desk/payouts/account_new.html", context, status=STATUS_WRONG if form.is_bound else 200)


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def one(request: StaffRequest, reference: str) -> HttpResponse:
    """One account, whole, for whoever decides."""
    shown = payouts.get_beneficiary(reference)
    own = shown.proposed_by == request.actor.label
    waits = not shown.approved_by and shown.ended_on is None
    treasurer = Role.TREASURER in request.staff.roles
    context = {
        "one": shown,
        "name": institution_name(shown.institution),
        "iban": iban.format(shown.iban),
        "basis": catalogue.basis_words(shown.instrument, shown.article),
        "people": people_named([shown.proposed_by, shown.approved_by]),
        "waits": waits,
        "own": waits and own,
        "may_approve": waits and treasurer and not own,
        "may_end": treasurer and shown.ended_on is None,
    }
    return render(request, "desk/payouts/account.html", context)


@staff_only(Role.TREASURER)
@require_POST
def approve(request: StaffRequest, reference: str) -> HttpResponse:
    try:
        payouts.approve_beneficiary(reference, by=request.actor, at=timezone.now())
    except (payouts.BeneficiaryTakesTwo, payouts.BeneficiaryOverlaps, payouts.BeneficiaryDecided) as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, _("Approved. Fees of this institution go there from its first day on."))
    return redirect("desk:beneficiary", reference)


@staff_only(Role.TREASURER)
@require_POST
def end(request: StaffRequest, reference: str) -> HttpResponse:
    """From today on it takes nothing; one that begins later, from its first day on."""
    shown = payouts.get_beneficiary(reference)
    ended_on = max(timezone.localdate(), shown.valid_from)
    try:
        payouts.end_beneficiary(reference, ended_on=ended_on, by=request.actor, at=timezone.now())
    except payouts.BeneficiaryDecided as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Ended. Nothing is paid there any more."))
    return redirect("desk:beneficiary", reference)


def masked(account: str) -> str:
    """The last four, for lists."""
    return f"••••{account[-SHOWN_OF_AN_IBAN:]}"
