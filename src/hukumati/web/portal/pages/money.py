"""Where the fees are: public, from the last day that was closed and signed. Nobody's payment can be seen in it."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.views.decorators.http import require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.ledger import api as ledger
from hukumati.domain.treasury import api as treasury
from hukumati.kernel.money import Money
from hukumati.web.ui.access import public

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

DAYS_SHOWN: Final = 31
KEPT_DAYS: Final = 64


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What was received and given back, what lies where, what cannot be explained, and the digests by which anybody can hold us to it."""
    days = ledger.list_certified_days(limit=DAYS_SHOWN)
    accounts = treasury.list_accounts_today()
    context: dict[str, Any] = {
        "days": [(day, digest, *_moved(day, digest)) for day, digest in days],
        "latest": days[0][0] if days else None,
        "institutions": _institutions(days),
        "standing": _standing(*days[0]) if days else {},
        "unexplained": Money(sum(abs(one.unexplained.amount_minor) for one in accounts if one.unexplained)),
        "stated": any(one.stated is not None for one in accounts),
        "differences": sum(treasury.count_differences().values()),
    }
    return render(request, "portal/money.html", context)


@lru_cache(maxsize=KEPT_DAYS)
def _body(day: date, digest: str) -> dict[str, Any]:
    """A certified day never changes: it is read once a process."""
    signed = ledger.find_certificate(day)
    if signed is None or signed.digest != digest:
        raise ledger.CertificateNotFound
    return ledger.body_of(signed)


def _moved(day: date, digest: str) -> tuple[Money, Money]:
    """Received and given back on a day, in shekels."""
    fees = [row for row in _body(day, digest)["fees"] if row["currency"] == "ILS"]
    return Money(sum(row["received"] for row in fees)), Money(sum(row["given_back"] for row in fees))


def _institutions(days: list[tuple[date, str]]) -> list[tuple[Any, Money, Money]]:
    """What each institution's fees brought on these days."""
    received, back = Counter[str](), Counter[str]()
    for row in (row for day, digest in days for row in _body(day, digest)["fees"] if row["currency"] == "ILS"):
        received[row["institution"]] += row["received"]
        back[row["institution"]] += row["given_back"]
    return [(_name(one), Money(minor), Money(back[one])) for one, minor in received.most_common()]


def _name(institution: str) -> Any:
    """What an account calls an institution may outlive the institution."""
    try:
        return catalogue.institution_name(institution)
    except catalogue.InstitutionNotFound:
        return institution


def _standing(day: date, digest: str) -> dict[str, Money]:
    """What stood where at the end of a day, by kind of account; what is owed is positive here."""
    kinds = _body(day, digest)["standing"].get("ILS", {})
    owed = ("suspense", "refunds_payable")
    return {kind: Money(-minor if kind in owed else minor) for kind, minor in kinds.items()}
