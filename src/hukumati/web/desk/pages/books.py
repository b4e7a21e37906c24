"""The auditor's pages: any figure down to its lines, the case, and the bytes that the provider sent. Nothing here can be written, and every look is on record."""

from __future__ import annotations

import csv
import io
import ssl
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hukumati.domain.identity.facts import Role
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.infra.audit import api as audit
from hukumati.kernel.money import MINOR_DIGITS, Money
from hukumati.kernel.reference import is_reference
from hukumati.web.desk.payment_words import word
from hukumati.web.ui.access import staff_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from hukumati.web.ui.requests import StaffRequest

LINES_A_PAGE: Final = 50
EXPORT_LINES_MAX: Final = 200_000
BODY_CHARACTERS_MAX: Final = 4_000
CURRENCIES: Final = tuple(MINOR_DIGITS)
GROUPS: Final[dict[str, Callable[[], str]]] = {
    "provider": lambda: _("With providers"),
    "bank": lambda: _("In the bank"),
    "drawer": lambda: _("In cashiers' drawers"),
    "revenue": lambda: _("Earned, by fee"),
    "refunds_payable": lambda: _("Owed back"),
    "suspense": lambda: _("In suspense"),
    "provider_fees": lambda: _("Kept by providers"),
    "variance": lambda: _("Differences of counts"),
    "cash_float": lambda: _("Change given to drawers"),
    "brought_in": lambda: _("Held before the books began"),
    "remitted": lambda: _("Paid out to institutions"),
    "payout_in_transit": lambda: _("Ordered, and still in the bank"),
    "transfers": lambda: _("Transfers on their way to a fee"),
}
KINDS: Final[dict[str, Callable[[], str]]] = {
    "charge_confirmed": lambda: _("A fee was paid"),
    "refund_promised": lambda: _("A refund was promised"),
    "refund_confirmed": lambda: _("A refund went back"),
    "attempt_suspended": lambda: _("A payment that does not fit"),
    "drawer_opened": lambda: _("A drawer was opened"),
    "drawer_counted": lambda: _("A drawer was counted"),
    "bank_entry": lambda: _("The bank booked"),
    "bank_brought_in": lambda: _("What an account held before"),
    "provider_fees": lambda: _("The provider kept its fee"),
    "payout_ordered": lambda: _("A payout was ordered"),
    "payout_undone": lambda: _("A payout was refused or came back"),
}


def kind_words(kind: str) -> str:
    """What happened, in words."""
    return KINDS[kind]() if kind in KINDS else kind


def size(amount: Money) -> Money:
    """Without the accountant's sign: the side stands beside it."""
    return -amount if amount.amount_minor < 0 else amount


def signed(amount: Money) -> str:
    """An account's side: what it holds, or what it owes."""
    return _("debit") if amount.amount_minor >= 0 else _("credit")


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def overview(request: StaffRequest) -> HttpResponse:
    """What lies where now, and the days that are certified."""
    currency = _currency(request)
    groups: dict[str, list[tuple[str, Money]]] = {}
    for name, amount in ledger.list_balances(currency=currency).items():
        if amount:
            groups.setdefault(name.partition(":")[0], []).append((name, amount))
    context = {
        "groups": [
            (GROUPS[kind]() if kind in GROUPS else kind, rows, _sum(rows, currency)) for kind, rows in groups.items()
        ],
        "currency": currency,
        "currencies": CURRENCIES,
        "days": ledger.list_certified_days(limit=31),
        "signed": signed,
        "size": size,
    }
    return render(request, "desk/books/overview.html", context)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def search(request: StaffRequest) -> HttpResponse:
    """By a reference that stands on a paper or a screen: a charge, an attempt, a receipt, a refund, a posting, a case."""
    asked = request.GET.get("reference", "").strip().upper()[:40]
    charge = payments.find_charge_of(asked)
    if charge:
        return redirect("desk:books_charge", charge)
    if asked.startswith("L-") and is_reference(asked):
        return redirect("desk:books_posting", ledger.get_posting(asked).reference)
    found = payments.list_charges(asked) if is_reference(asked) else []
    if len(found) == 1:
        return redirect("desk:books_charge", found[0].reference)
    return render(request, "desk/books/found.html", {"asked": asked, "charges": found})


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def account(request: StaffRequest, account: str) -> HttpResponse:
    """The lines of one account, latest first."""
    currency = _currency(request)
    lines = ledger.list_account_lines(account, currency=currency, before=_place(request), limit=LINES_A_PAGE)
    _looked(request, f"account:{account}")
    context = {
        "account": account,
        "currency": currency,
        "balance": ledger.balance(account, currency),
        "lines": lines[:LINES_A_PAGE],
        "more": lines[LINES_A_PAGE - 1].place if len(lines) > LINES_A_PAGE else 0,
        "kind": kind_words,
        "signed": signed,
        "size": size,
    }
    return render(request, "desk/books/account.html", context)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def account_lines(request: StaffRequest, account: str) -> HttpResponse:
    """The lines as a table to take along, at most two hundred thousand."""
    currency = _currency(request)
    _looked(request, f"account:{account}:export")
    named = {"Content-Disposition": f'attachment; filename="{account.replace(":", "-")}-{currency}.csv"'}
    answer: Any = StreamingHttpResponse(
        _rows_of(account, currency), content_type="text/csv; charset=utf-8", headers=named
    )
    return answer  # type: ignore[no-any-return]  # Django's streaming answer is a sibling of its plain one


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def posting(request: StaffRequest, reference: str) -> HttpResponse:
    """One posting whole, and what it is about."""
    found = ledger.get_posting(reference)
    _looked(request, found.reference)
    context = {"posting": found, "kind": kind_words(found.kind), "charge": payments.find_charge_of(found.about)}
    return render(request, "desk/books/posting.html", context)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def charge(request: StaffRequest, reference: str) -> HttpResponse:
    """A charge with everything that happened to it: tries, what the provider sent, receipt, refunds, postings, and who did what."""
    found = payments.get_charge(reference)
    attempts = payments.list_attempts(found.reference)
    refunds = payments.list_refunds(found.reference)
    abouts = [found.reference, *(one.reference for one in attempts), *(one.reference for one in refunds)]
    _looked(request, found.reference)
    context = {
        "charge": found,
        "attempts": attempts,
        "refunds": refunds,
        "receipt": payments.get_receipt(found.receipt_reference) if found.receipt_reference else None,
        "notices": [
            (one, one.body.decode("utf-8", "backslashreplace")[:BODY_CHARACTERS_MAX])
            for one in payments.list_notices(abouts)
        ],
        "postings": [one for about in abouts for one in ledger.list_postings(about)],
        "entries": [entry for about in abouts for entry in audit.list_entries(about)],
        "kind": kind_words,
        "word": word,
        "proposal": payments.find_refund_proposal(found.reference),
        "may_propose": Role.TREASURER in request.staff.roles,
    }
    return render(request, "desk/books/charge.html", context)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def day(request: StaffRequest, day: date) -> HttpResponse:
    """The figures of a certified day."""
    signed_day = _certified(day)
    body = ledger.body_of(signed_day)
    context = {
        "day": day,
        "digest": signed_day.digest,
        "previous": body["previous"],
        "counts": body["postings"],
        "fees": body["fees"],
        "accounts": body["accounts"],
        "standing": body["standing"],
        "groups": {kind: words() for kind, words in GROUPS.items()},
        "money": Money,
    }
    return render(request, "desk/books/day.html", context)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def certificate(_request: StaffRequest, day: date) -> HttpResponse:
    """The signed file, for `hukumati verify-books`."""
    named = {"Content-Disposition": f'attachment; filename="certificate-{day}.json"'}
    return HttpResponse(_certified(day).file(), content_type="application/json", headers=named)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def signer(_request: StaffRequest, day: date) -> HttpResponse:
    """The certificate of the key that signed a day. An auditor compares it with the one that was handed over on paper."""
    pem = ssl.DER_cert_to_PEM_cert(_certified(day).chain[0])
    named = {"Content-Disposition": 'attachment; filename="signer.pem"'}
    return HttpResponse(pem, content_type="application/x-pem-file", headers=named)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def postings(request: StaffRequest, day: date) -> HttpResponse:
    """Every posting of the day, to compute the certificate again."""
    _certified(day)
    _looked(request, f"day:{day}")
    named = {"Content-Disposition": f'attachment; filename="postings-{day}.jsonl"'}
    answer: Any = StreamingHttpResponse(ledger.export_postings(day), content_type="application/jsonl", headers=named)
    return answer  # type: ignore[no-any-return]  # Django's streaming answer is a sibling of its plain one


def _certified(day: date) -> ledger.Signed:
    found = ledger.find_certificate(day)
    if found is None:
        raise ledger.CertificateNotFound
    return found


def _looked(request: StaffRequest, what: str) -> None:
    ledger.note_look(what[:200], by=request.actor, at=timezone.now())


def _currency(request: StaffRequest) -> str:
    asked = request.GET.get("currency", "")
    return asked if asked in CURRENCIES else CURRENCIES[0]


def _place(request: StaffRequest) -> int:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 18 else 0  # noqa: PLR2004 (what bigint holds)


def _sum(rows: list[tuple[str, Money]], currency: str) -> Money:
    return Money(sum(amount.amount_minor for _name, amount in rows), currency)


def _rows_of(account: str, currency: str) -> Iterator[bytes]:
    """A cell that begins like a formula is quoted: spreadsheets would run it."""
    yield csv_row("posted_at", "posting", "kind", "about", "case", "instrument", "article", "amount_minor", "currency")
    before, written = 0, 0
    while written < EXPORT_LINES_MAX:
        lines = ledger.list_account_lines(account, currency=currency, before=before, limit=1_000)[:1_000]
        for one in lines:
            line = one.line
            yield csv_row(
                one.posted_at.isoformat(), one.posting_reference, one.kind, one.about, line.case, line.instrument, line.article,
                line.amount.amount_minor, currency,
            )  # fmt: skip
        written += len(lines)
        if len(lines) < 1_000:  # noqa: PLR2004 (the page asked for)
            return
        before = lines[-1].place


def csv_row(*cells: object) -> bytes:
    """A row of a table; what a spreadsheet would run as a formula is quoted."""
    written = io.StringIO()
    csv.writer(written).writerow(
        [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" and cell else cell for cell in cells]
    )
    return written.getvalue().encode()
