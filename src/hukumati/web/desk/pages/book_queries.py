"""The auditor's questions: lines of the books by account, kind, case, sum and days; kept by name, asked again with other days, taken along as a table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hukumati.domain.identity.facts import Role
from hukumati.domain.ledger import api as ledger
from hukumati.kernel.money import MINOR_DIGITS
from hukumati.web.desk.pages.books import KINDS, csv_row, kind_words
from hukumati.web.desk.pages.policy_forms import LimitField
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import problems_of
from hukumati.web.ui.forms import Form, TextField
from hukumati.web.ui.refusal_texts import words_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from hukumati.web.ui.requests import StaffRequest

STATUS_WRONG: Final = 422
LINES_A_PAGE: Final = 50
DAYS_ASKED: Final = 30
BOM: Final = b"\xef\xbb\xbf"
"""Without it spreadsheets read Arabic as another alphabet."""


class QuestionForm(Form):
    """What is looked for. Everything may be left out but the days."""

    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    currency = forms.ChoiceField(required=False, choices=[(one, one) for one in MINOR_DIGITS])
    account = TextField(required=False, max_length=120)
    kind = forms.ChoiceField(required=False)
    case = TextField(required=False, max_length=40)
    at_least = LimitField(currency="ILS")
    at_most = LimitField(currency="ILS")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "since": _("From"),
            "until": _("To"),
            "currency": _("Currency"),
            "account": _("Account begins with"),
            "kind": _("What happened"),
            "case": _("Case"),
            "at_least": _("At least"),
            "at_most": _("At most"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["kind"].choices = [("any", _("Anything")), *((one, words()) for one, words in KINDS.items())]  # type: ignore[attr-defined]
        for name in ("since", "until"):
            self.fields[name].help_text = _("Year-month-day, like 2026-11-27")

    def asked(self) -> tuple[ledger.LineQuestion, date, date]:
        """The question and its days; the last thirty when none are named. Refuses with ledger.QuestionInvalid."""
        said = self.cleaned_data
        until = said["until"] or timezone.localdate()
        since = said["since"] or until - timedelta(days=DAYS_ASKED)
        kind = "" if said["kind"] in ("", "any") else said["kind"]
        currency = said["currency"] or "ILS"
        sums = {name: None if said[name] is None else said[name] * _scale(currency) for name in ("at_least", "at_most")}
        told = {"account": said["account"], "case": said["case"], "kind": kind, "currency": currency}
        return ledger.question(told | sums), since, until


def _scale(currency: str) -> int:
    """Sums are typed with two decimals, whatever the currency has."""
    return int(10 ** (MINOR_DIGITS[currency] - MINOR_DIGITS["ILS"]))


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def ask(request: StaffRequest) -> HttpResponse:
    """The question, its lines, and the questions that were kept."""
    form = QuestionForm(request.GET)
    lines: list[Any] = []
    if form.is_valid():
        try:
            asked, since, until = form.asked()
            lines = ledger.find_lines(asked, since=since, until=until, before=_place(request), limit=LINES_A_PAGE)
        except ledger.QuestionInvalid as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, words_for(refusal))
    if request.GET:
        ledger.note_look(f"query:{request.GET.urlencode()}"[:200], by=request.actor, at=timezone.now())
    kept = {name: value for name, value in request.GET.items() if name in form.fields}
    context = {
        "form": form,
        "problems": problems_of(form),
        "lines": lines[:LINES_A_PAGE],
        "more": urlencode(kept | {"before": lines[LINES_A_PAGE - 1].place}) if len(lines) > LINES_A_PAGE else "",
        "kept": kept,
        "asked": urlencode(kept),
        "saved": [(one, urlencode(_typed(one.question))) for one in ledger.list_saved_queries(by=request.actor)],
        "me": request.actor.label,
        "kind": kind_words,
    }
    return render(request, "desk/books/query.html", context, status=STATUS_WRONG if form.errors else 200)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_GET
def export(request: StaffRequest) -> HttpResponse:
    """The lines as a table to take along, at most two hundred thousand; on record."""
    form = QuestionForm(request.GET)
    try:
        asked, since, until = form.asked() if form.is_valid() else (None, None, None)
        if asked is None or since is None or until is None:
            return redirect(f"{reverse('desk:books_query')}?{request.GET.urlencode()}")
        ledger.find_lines(asked, since=since, until=until, limit=0)
    except ledger.QuestionInvalid:
        return redirect(f"{reverse('desk:books_query')}?{request.GET.urlencode()}")
    ledger.note_look(f"query:export:{request.GET.urlencode()}"[:200], by=request.actor, at=timezone.now())
    named = {"Content-Disposition": 'attachment; filename="lines.csv"'}
    answer: Any = StreamingHttpResponse(
        _rows(asked, since, until), content_type="text/csv; charset=utf-8", headers=named
    )
    return answer  # type: ignore[no-any-return]  # Django's streaming answer is a sibling of its plain one


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Keep the question under a name."""
    form = QuestionForm(request.POST)
    back = f"{reverse('desk:books_query')}?{urlencode({n: v for n, v in request.POST.items() if n in form.fields})}"
    try:
        if form.is_valid():
            shared = request.POST.get("shared") == "1"
            ledger.save_query(
                request.POST.get("name", ""), form.asked()[0], shared=shared, by=request.actor, at=timezone.now()
            )
            messages.success(request, _("Kept. You can ask it again with other days."))
    except (ledger.QuestionInvalid, ledger.TooManySavedQueries) as refusal:
        messages.error(request, words_for(refusal))
    return redirect(back)


@staff_only(Role.AUDITOR, Role.TREASURER)
@require_POST
def forget(request: StaffRequest, key: int) -> HttpResponse:
    ledger.forget_query(key, by=request.actor, at=timezone.now())
    messages.success(request, _("Forgotten."))
    return redirect("desk:books_query")


def _typed(asked: ledger.LineQuestion) -> dict[str, str]:
    """A kept question as the form has it."""
    digits = MINOR_DIGITS["ILS"]
    sums = {
        name: f"{minor // _scale(asked.currency) / 10**digits:.{digits}f}"
        for name, minor in (("at_least", asked.at_least), ("at_most", asked.at_most))
        if minor is not None
    }
    said = {"currency": asked.currency, "account": asked.account, "kind": asked.kind or "any", "case": asked.case}
    return {name: value for name, value in (said | sums).items() if value}


def _rows(asked: ledger.LineQuestion, since: date, until: date) -> Iterator[bytes]:
    yield BOM + csv_row(
        "posted_at", "posting", "kind", "about", "account", "case", "instrument", "article", "amount_minor", "currency"
    )
    for one in ledger.export_lines(asked, since=since, until=until):
        line = one.line
        yield csv_row(
            one.posted_at.isoformat(), one.posting_reference, one.kind, one.about, line.account, line.case, line.instrument, line.article,
            line.amount.amount_minor, line.amount.currency,
        )  # fmt: skip


def _place(request: StaffRequest) -> int:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 18 else 0  # noqa: PLR2004 (what bigint holds)
