"""The treasurer's pages: where the State's money is today, the bank's files, and what nobody has answered for. An auditor sees them and changes nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from stdnum import iban

from hukumati.domain.identity.facts import Role
from hukumati.domain.treasury import api as treasury
from hukumati.web.desk.pages.publishing import people_named
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.bank_file_texts import why_apart
from hukumati.web.ui.fields import Field, Option, problems_of
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.ways import way_name
from hukumati.web.ui.writing import date_element, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from hukumati.domain.treasury.facts import DifferenceFacts
    from hukumati.web.ui.requests import StaffRequest

STATUS_WRONG: Final = 422
REASON_CHARACTERS_MAX: Final = 1000
UPLOAD_BYTES_MAX: Final = 5_000_000
"""What a form may bring; larger files come by the command `hukumati bank take`."""
Kinds = treasury.DifferenceKind
KINDS: Final = {
    Kinds.MISSING_SETTLEMENT: lambda: _("Paid, and on no list of the provider"),
    Kinds.UNKNOWN_SETTLEMENT: lambda: _("On the provider's list, and not ours"),
    Kinds.DUPLICATE_SETTLEMENT: lambda: _("More than once on the provider's lists"),
    Kinds.SETTLED_AMOUNT: lambda: _("Another amount on the provider's list"),
    Kinds.PROVIDER_FEE: lambda: _("The provider kept another fee than agreed"),
    Kinds.MISSING_IN_BANK: lambda: _("Has not come to the bank"),
    Kinds.BANKED_AMOUNT: lambda: _("Came to the bank with another amount"),
    Kinds.UNKNOWN_ENTRY: lambda: _("Booked by the bank, and fits nothing"),
    Kinds.UNASKED_PAYMENT: lambda: _("Paid otherwise than it was asked for"),
    Kinds.UNDECIDED_PAYMENT: lambda: _("The provider does not say how a payment ended"),
    Kinds.UNDECIDED_REFUND: lambda: _("The provider does not say how a refund ended"),
    Kinds.STATEMENT_GAP: lambda: _("Does not go on from the statement before"),
}
EVIDENCE: Final = {
    "day": lambda: _("Day of the provider"),
    "line": lambda: _("On the list as"),
    "entry": lambda: _("The bank's number"),
    "booked_on": lambda: _("Booked on"),
    "remittance": lambda: _("Text of the transfer"),
    "from": lambda: _("From"),
    "office": lambda: _("Office"),
    "closed_at": lambda: _("Drawer closed"),
    "after": lambda: _("Statement before"),
    "statement": lambda: _("Statement"),
    "charge": lambda: _("Fee"),
    "asked": lambda: _("Amount asked for"),
}


DECIDING_REFUSALS: Final = (
    treasury.ClearsOwnProposal,
    treasury.DifferenceResolved,
    treasury.NothingToClear,
    treasury.ReasonMissing,
    treasury.TargetUnknown,
)
CLEARINGS: Final[dict[treasury.ClearingKind, Callable[[], str]]] = {
    treasury.ClearingKind.SETTLEMENT: lambda: _("A provider's day"),
    treasury.ClearingKind.DEPOSIT: lambda: _("The cash of a drawer"),
    treasury.ClearingKind.RETURNED: lambda: _("Sent back: another entry has the opposite amount"),
    treasury.ClearingKind.GIVEN_BACK: lambda: _("It goes back to the payer, through the provider"),
}


def place_words(place: str) -> str:
    """A provider, a bank account or the drawers, as people call them."""
    accounts = {one.id: text(one.name) for one in treasury.list_accounts()}
    if place == "drawers":
        return _("Drawers")
    return accounts.get(place) or way_name(place)


def about_words(one: DifferenceFacts) -> str:
    """What it is about, without the place that stands beside it."""
    return one.about.removeprefix(f"{one.where}:")


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def today(request: StaffRequest) -> HttpResponse:
    """Where the money is, what does not fit, the last files."""
    return _today(request)


@staff_only(Role.TREASURER)
@require_POST
def take_file(request: StaffRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return _today(request, error=_("Choose the file that the bank sent"))
    try:
        taken = treasury.take_file(
            upload.read(UPLOAD_BYTES_MAX + 1), name=upload.name or "", by=request.actor, at=timezone.now()
        )
    except treasury.BankFileRefused as refusal:
        return _today(request, error=words_for(refusal))
    treasury.match(at=timezone.now())
    if taken.seen_before:
        messages.info(request, _("This file was taken before. Nothing changed."))
    else:
        new = ngettext("Taken: %(count)s new entry.", "Taken: %(count)s new entries.", taken.new_entries)
        messages.success(request, new % {"count": taken.new_entries})
    return redirect("desk:treasury")


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def differences(request: StaffRequest) -> HttpResponse:
    """What nobody has answered for, the most urgent first; what was answered lately."""
    asked = request.GET.get("kind", "")
    kind = Kinds(asked) if asked in set(Kinds) else None
    rows = treasury.list_differences(kind=kind, after=request.GET.get("after", ""))
    shown = rows[: treasury.LISTED_MAX]
    answered = treasury.list_answered()
    context = {
        "rows": shown,
        "more": shown[-1].reference if len(rows) > len(shown) else "",
        "kind": kind,
        "counts": treasury.count_differences(),
        "answered": answered,
        "kinds": KINDS,
        "about": about_words,
        "people": people_named([one.resolved_by for one in answered]),
        "now": timezone.localdate(),
    }
    return render(request, "desk/treasury/differences.html", context)


@staff_only(Role.TREASURER, Role.AUDITOR)
@require_GET
def difference(request: StaffRequest, reference: str) -> HttpResponse:
    """One difference with its evidence."""
    return _difference(request, treasury.get_difference(reference))


@staff_only(Role.TREASURER)
@require_POST
def answer_difference(request: StaffRequest, reference: str) -> HttpResponse:
    """A treasurer says what explains it."""
    reason = request.POST.get("reason", "")[:REASON_CHARACTERS_MAX]
    try:
        treasury.resolve(reference, reason=reason, by=request.actor, at=timezone.now())
    except treasury.ReasonMissing as refusal:
        return _difference(request, treasury.get_difference(reference), error=words_for(refusal))
    except treasury.DifferenceResolved as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Answered. Your words stay with it."))
    return redirect("desk:difference", reference)


@staff_only(Role.TREASURER)
@require_POST
def propose_clearing(request: StaffRequest, reference: str) -> HttpResponse:
    """A treasurer says what money in suspense is."""
    kind = request.POST.get("kind", "")
    typed = {name: request.POST.get(name, "").strip()[:REASON_CHARACTERS_MAX] for name in ("target", "words")}
    if kind not in set(treasury.ClearingKind):
        return _difference(
            request, treasury.get_difference(reference), wrong={"kind": _("Choose what it is")}, typed=typed
        )
    try:
        treasury.propose_clearing(
            reference, kind=treasury.ClearingKind(kind), **typed, by=request.actor, at=timezone.now()
        )
    except treasury.ReasonMissing as refusal:
        wrong = {"words": words_for(refusal)}
        return _difference(request, treasury.get_difference(reference), wrong=wrong, typed={**typed, "kind": kind})
    except treasury.TargetUnknown as refusal:
        wrong = {"target": words_for(refusal)}
        return _difference(request, treasury.get_difference(reference), wrong=wrong, typed={**typed, "kind": kind})
    except (treasury.ClearingWaits, treasury.DifferenceResolved, treasury.NothingToClear) as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Proposed. It stays in suspense until another treasurer agrees."))
    return redirect("desk:difference", reference)


@staff_only(Role.TREASURER)
@require_POST
def decide_clearing(request: StaffRequest, reference: str) -> HttpResponse:
    """Another treasurer agrees, or says why not."""
    try:
        if request.POST.get("decision") == "approve":
            treasury.approve_clearing(reference, by=request.actor, at=timezone.now())
            messages.success(request, _("Moved out of suspense."))
        else:
            words = request.POST.get("words", "")[:REASON_CHARACTERS_MAX]
            treasury.reject_clearing(reference, words=words, by=request.actor, at=timezone.now())
            messages.success(request, _("Rejected. It stays in suspense."))
    except DECIDING_REFUSALS as refusal:
        messages.error(request, words_for(refusal))
    return redirect("desk:difference", reference)


def _today(request: StaffRequest, *, error: str = "") -> HttpResponse:
    hint = _("camt.053 or camt.054, XML. The same file twice changes nothing.")
    file = Field("file", _("A file from the bank"), kind="file", hint=hint, accept=".xml,text/xml,application/xml", bytes_max=UPLOAD_BYTES_MAX, error=error)  # fmt: skip
    accounts, counts = treasury.list_accounts_today(), treasury.count_differences()
    context: dict[str, Any] = {
        "accounts": accounts,
        "providers": treasury.list_providers_today(),
        "suspense": treasury.suspense(),
        "counts": counts,
        "open": sum(counts.values()),
        "due": treasury.oldest_due(),
        "now": timezone.localdate(),
        "files": treasury.list_files(),
        "refused": treasury.list_refused_files(),
        "why_apart": why_apart,
        "fetched": treasury.find_last_fetch(),
        "kinds": KINDS,
        "place": place_words,
        "grouped": iban.format,
        "file": file,
        "problems": problems_of([file]),
        "may_write": Role.TREASURER in request.staff.roles,
        "unexplained": [one for one in accounts if one.unexplained],
    }
    return render(request, "desk/treasury/today.html", context, status=STATUS_WRONG if error else 200)


def _difference(
    request: StaffRequest,
    shown: DifferenceFacts,
    *,
    error: str = "",
    wrong: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    reason = Field(
        "reason",
        _("What explains it"),
        kind="textarea",
        hint=_("For the auditor: what was found, with whom it was settled. Words move no money."),
        error=error,
        length_max=REASON_CHARACTERS_MAX,
    )
    clearing = treasury.find_clearing(shown.reference)
    fields = _clearing_fields(shown, wrong or {}, typed or {})
    waits = clearing is not None and not clearing.decision
    writes = Role.TREASURER in request.staff.roles and shown.resolved_at is None
    in_suspense = shown.kind in treasury.CLEARS and bool(shown.found)
    context = {
        "one": shown,
        "kinds": KINDS,
        "about": about_words(shown),
        "place": place_words(shown.where),
        "evidence": [
            (EVIDENCE[name](), _plain(value)) for name, value in shown.evidence.items() if name in EVIDENCE and value
        ],
        "reason": reason,
        "fields": fields,
        "clearing": clearing,
        "clearings": CLEARINGS,
        "problems": problems_of([reason, *fields]),
        "may_answer": writes and not in_suspense,
        "may_propose": writes and in_suspense and not waits,
        "may_decide": writes and waits and clearing is not None and clearing.proposed_by != request.actor.label,
        "people": people_named([shown.resolved_by, *([clearing.proposed_by, clearing.decided_by] if clearing else [])]),
        "now": timezone.localdate(),
    }
    status = STATUS_WRONG if error or wrong else 200
    return render(request, "desk/treasury/difference.html", context, status=status)


def _clearing_fields(shown: DifferenceFacts, wrong: dict[str, str], typed: dict[str, str]) -> tuple[Field, ...]:
    kinds = treasury.CLEARS.get(shown.kind, ())
    only = kinds[0] if len(kinds) == 1 else ""
    attempt = shown.about.removeprefix("payment:") if shown.kind == Kinds.UNASKED_PAYMENT else ""
    return (
        Field(
            "kind",
            _("What is this money?"),
            kind="choice",
            value=typed.get("kind", only),
            options=tuple(Option(str(kind), CLEARINGS[kind]()) for kind in kinds),
            error=wrong.get("kind", ""),
        ),
        Field(
            "target",
            _("Which one"),
            value=typed.get("target", attempt),
            hint=""
            if attempt
            else _("card:2026-11-25 for a provider's day, S-… for a drawer, DF-… for the other entry"),
            error=wrong.get("target", ""),
            width=24,
            autocomplete="off",
            attributes={"dir": "ltr"},
        ),
        Field(
            "words",
            _("How you know"),
            kind="textarea",
            value=typed.get("words", ""),
            error=wrong.get("words", ""),
            length_max=REASON_CHARACTERS_MAX,
        ),
    )


def _plain(value: str) -> str:
    """A day as people write it; anything else as it stands."""
    try:
        return date_element(date.fromisoformat(value))
    except ValueError:
        return value
