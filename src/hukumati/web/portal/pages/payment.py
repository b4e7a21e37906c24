"""Paying a fee: the way, the provider's page and back, the wallet, the code for a counter. A charge is shown to whoever owes it only."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_http_methods
from stdnum import iban, iso11649

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.payments import api as payments
from hukumati.domain.treasury import api as treasury
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.fees import shown_fees
from hukumati.web.ui.fields import Field, Option
from hukumati.web.ui.forms import Form, PhoneField
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.sign_in_forms import posted
from hukumati.web.ui.ways import bar_words, way_name
from hukumati.web.ui.writing import spaced_phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hukumati.domain.payments.facts import AttemptFacts, ChargeFacts
    from hukumati.web.ui.requests import CitizenRequest

    View = Callable[..., HttpResponse]

STATUS_WRONG, STATUS_TOO_MANY, STATUS_UNAVAILABLE = 422, 429, 503
ASK_OFTEN_SECONDS, ASK_RARELY_SECONDS, PATIENCE_SECONDS = 5, 30, 120


# Where the payer goes on, of the ways that lead to no page of a provider.
GOES_ON: Final = {
    payments.Way.TRANSFER: "portal:pay_transfer",
    payments.Way.CASH: "portal:pay_cash",
}
UNDECIDED: Final = (payments.AttemptState.OPEN, payments.AttemptState.UNKNOWN)


class WalletForm(Form):
    """The number that a wallet belongs to."""

    mobile = PhoneField(
        label=gettext_lazy("Mobile number of the wallet"),
        help_text=gettext_lazy("Yours, or that of somebody who pays for you."),
    )


def leads_to_providers(view: View) -> View:
    """Chromium holds form-action over redirects too, so a page whose form leads to a provider names the provider's origin."""

    @functools.wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = {**settings.SECURE_CSP, "form-action": [*settings.SECURE_CSP["form-action"], *_provider_origins()]}
        return csp_override(policy)(view)(request, *args, **kwargs)

    return led


def _provider_origins() -> list[str]:
    bases = (
        port.get("options", {}).get("base_url", "")
        for name, port in settings.PORTS.items()
        if name.startswith("payments.")
    )
    return [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, bases) if parts.netloc]


@citizens_only
@leads_to_providers
@require_http_methods(["GET", "POST"])
def pay(request: CitizenRequest, charge: str) -> HttpResponse:
    """What is owed, why, and how to pay it."""
    owed = payments.get_own_charge(charge, payer=request.citizen.account_id)
    if owed.state == payments.ChargeState.PAID:
        return redirect("portal:receipt", owed.receipt_reference)
    if owed.state != payments.ChargeState.OPEN or owed.expires_at <= timezone.now():
        return render(request, "portal/payment/ended.html", {"charge": owed})
    if request.method == "GET":
        return _pay_page(request, owed)
    chosen = request.POST.get("way", "")
    if chosen not in _ways(owed):
        return _pay_page(request, owed, error=_("Choose how you want to pay"), status=STATUS_WRONG)
    return _go_on(request, owed, payments.Way(chosen))


def _go_on(request: CitizenRequest, owed: ChargeFacts, way: payments.Way) -> HttpResponse:
    if way == payments.Way.WALLET:
        return _to_wallet(owed) if _waits_in_wallet(owed) else redirect("portal:pay_wallet", owed.reference)
    try:
        return _start(request, owed, way)
    except payments.ProviderUnavailable:
        return _pay_page(request, owed, chosen=way, unavailable=True, status=STATUS_UNAVAILABLE)
    except payments.WayClosed as refusal:  # since the page was shown
        return _pay_page(request, owed, error=words_for(refusal), status=STATUS_WRONG)


def _start(request: CitizenRequest, owed: ChargeFacts, way: payments.Way, *, mobile: str = "") -> HttpResponse:
    # To the name under which the payer is signed in; only names of ALLOWED_HOSTS come this far.
    back = request.build_absolute_uri(reverse("portal:pay_return", args=[owed.reference]))
    wish = payments.Wish(way, return_url=back, language=translation.get_language() or "ar", payer_mobile=mobile)
    try:
        handoff = payments.start_attempt(owed.reference, wish, by=request.actor, at=timezone.now())
    except payments.FeeAlreadyPaid as paid:
        return redirect("portal:receipt", paid.receipt)
    if handoff.redirect_url:
        return HttpResponseRedirect(handoff.redirect_url, status=303)
    return _to_wallet(owed) if way == payments.Way.WALLET else redirect(GOES_ON[way], owed.reference)


def _to_wallet(owed: ChargeFacts) -> HttpResponse:
    """To what became of the request in the wallet, whatever else was tried since."""
    return redirect(f"{reverse('portal:pay_return', args=[owed.reference])}?way={payments.Way.WALLET}")


def _as_dialled(mobile: str) -> str:
    """As people say it; the field shows the country's code already."""
    return spaced_phone(f"0{mobile.removeprefix('+970')}" if mobile.startswith("+970") else mobile)


def _waits_in_wallet(owed: ChargeFacts) -> bool:
    tries = payments.list_attempts(owed.reference)
    return any(one.is_begun for one in tries if one.way == payments.Way.WALLET and one.state in UNDECIDED)


@citizens_only
@require_http_methods(["GET", "POST"])
def pay_wallet(request: CitizenRequest, charge: str) -> HttpResponse:
    """Whose wallet is asked: by default the payer's own."""
    owed = payments.get_own_charge(charge, payer=request.citizen.account_id)
    is_over = owed.state != payments.ChargeState.OPEN or owed.expires_at <= timezone.now()
    if is_over or payments.Way.WALLET not in _ways(owed):
        return redirect("portal:pay", owed.reference)
    if _waits_in_wallet(owed):
        return _to_wallet(owed)
    form = WalletForm(posted(request), initial={"mobile": _as_dialled(request.citizen.mobile)})
    status, unavailable = STATUS_WRONG if form.is_bound else 200, False
    if form.is_bound and form.is_valid():
        try:
            return _start(request, owed, payments.Way.WALLET, mobile=form.cleaned_data["mobile"])
        except payments.PayerNotThere as refusal:
            form.add_error("mobile", words_for(refusal))
        except payments.TooManyPushes as refusal:
            form.add_error(None, words_for(refusal))
            status = STATUS_TOO_MANY
        except payments.ProviderUnavailable:
            status, unavailable = STATUS_UNAVAILABLE, True
    context = {"charge": owed, "form": form, "unavailable": unavailable}
    response = render(request, "portal/payment/wallet.html", context, status=status)
    if unavailable:
        response.headers["Retry-After"] = "60"
    return response


def _pay_page(
    request: CitizenRequest,
    owed: ChargeFacts,
    *,
    chosen: str = "",
    error: str = "",
    unavailable: bool = False,
    status: int = 200,
) -> HttpResponse:
    ways = _ways(owed)
    field = Field(
        name="way",
        label=_("How do you want to pay?"),
        kind="cards",
        value=chosen or (ways[0] if len(ways) == 1 else ""),
        options=tuple(_option(way) for way in ways),
        error=error,
    )
    context = _facts(owed) | {
        "field": field,
        "problems": [field] if error else [],
        "unavailable": unavailable,
        "last": payments.find_last_attempt(owed.reference),
        "closed_ways": _closed_ways(owed),
    }
    response = render(request, "portal/payment/pay.html", context, status=status)
    if unavailable:
        response.headers["Retry-After"] = "60"
    return response


@citizens_only
@leads_to_providers
@require_GET
def pay_return(request: CitizenRequest, charge: str) -> HttpResponse:
    """Back from the provider's page. What the address claims is not read: the provider is asked."""
    owed = payments.get_own_charge(charge, payer=request.citizen.account_id)
    way = payments.Way.WALLET if request.GET.get("way") == payments.Way.WALLET else None
    last = payments.find_last_attempt(owed.reference, way=way)
    if last is not None and owed.state != payments.ChargeState.PAID:
        last = payments.look_up(last.reference, at=timezone.now())
        owed = payments.get_own_charge(charge, payer=request.citizen.account_id)
    if owed.state == payments.ChargeState.PAID:
        return redirect("portal:receipt", owed.receipt_reference)
    if last is None:
        return redirect("portal:pay", owed.reference)
    context = _facts(owed) | {
        "attempt": last,
        "here": f"{reverse('portal:pay_return', args=[owed.reference])}{f'?way={way}' if way else ''}",
        "refresh_seconds": _refresh(last),
        "refunds": payments.list_refunds(owed.reference),
        "phones_url": settings.DEMO and settings.DEMO_PHONES_URL,
    }
    return render(request, "portal/payment/return.html", context)


@citizens_only
@require_GET
def pay_cash(request: CitizenRequest, charge: str) -> HttpResponse:
    """The code to say at a counter, until when, and where."""
    owed = payments.get_own_charge(charge, payer=request.citizen.account_id)
    if owed.state == payments.ChargeState.PAID:
        return redirect("portal:receipt", owed.receipt_reference)
    code = _waiting_code(owed, payments.Way.CASH)
    if not code:
        return redirect("portal:pay", owed.reference)
    offices = catalogue.list_offices(kind="post")
    context = _facts(owed) | {"code": payments.grouped(code), "offices": offices}
    return render(request, "portal/payment/cash.html", context)


@citizens_only
@require_GET
def pay_transfer(request: CitizenRequest, charge: str) -> HttpResponse:
    """Account, amount and reference for an order at one's own bank."""
    owed = payments.get_own_charge(charge, payer=request.citizen.account_id)
    if owed.state == payments.ChargeState.PAID:
        return redirect("portal:receipt", owed.receipt_reference)
    code, account = _waiting_code(owed, payments.Way.TRANSFER), treasury.find_account_for_transfers(owed.total.currency)
    if not code or account is None:
        return redirect("portal:pay", owed.reference)
    context = _facts(owed) | {"code": iso11649.format(code), "account": account, "iban": iban.format(account.iban)}
    return render(request, "portal/payment/transfer.html", context)


def _waiting_code(owed: ChargeFacts, way: payments.Way) -> str:
    """The code of this way that still can be used; empty when there is none."""
    tries = payments.list_attempts(owed.reference) if owed.expires_at > timezone.now() else []
    codes = [one.pay_code for one in tries if one.way == way and one.state == payments.AttemptState.OPEN]
    return codes[-1] if codes else ""


def _facts(owed: ChargeFacts) -> dict[str, Any]:
    return {"charge": owed, "lines": shown_fees(owed.lines)}


def _refresh(attempt: AttemptFacts) -> int:
    """While nothing is known the page asks again by itself: often at first, then rarely; 0 when it is decided."""
    if attempt.state != payments.AttemptState.OPEN:
        return 0
    waited = (timezone.now() - attempt.started_at).total_seconds()
    return ASK_OFTEN_SECONDS if waited < PATIENCE_SECONDS else ASK_RARELY_SECONDS


def _ways(owed: ChargeFacts) -> list[payments.Way]:
    """What is open for this fee now, in the payment policy's order, as far as somebody stands behind it here."""
    known = [payments.Way(way) for way in payments.terms_of(owed, at=timezone.now()).open]
    account = treasury.find_account_for_transfers(owed.total.currency)
    return [
        way
        for way in known
        if payments.is_begun_by_payer(way) and (way != payments.Way.TRANSFER or account is not None)
    ]


def _closed_ways(owed: ChargeFacts) -> list[tuple[str, str]]:
    """Ways of the service that the policy closes for this fee, and why."""
    closed = payments.terms_of(owed, at=timezone.now()).closed
    return [(way_name(one.way), bar_words(one.bar, one.limit)) for one in closed if payments.is_begun_by_payer(one.way)]


def _option(way: payments.Way) -> Option:
    if way == payments.Way.CARD:
        hint = _("On the bank's own page. We never see your card number.")
        return Option(way, _("Bank card"), hint=hint, icon="credit-card")
    if way == payments.Way.WALLET:
        return Option(
            way, _("Wallet"), hint=_("You say yes on your telephone, in the wallet's app."), icon="smartphone"
        )
    if way == payments.Way.TRANSFER:
        hint = _("From your bank's app or branch, with a reference that we give you.")
        return Option(way, _("Bank transfer"), hint=hint, icon="landmark")
    return Option(way, _("Cash at a post office"), hint=_("You get a code to say at the counter."), icon="banknote")
