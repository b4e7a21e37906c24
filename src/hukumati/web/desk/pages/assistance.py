"""Help with a citizen's own draft at the counter: the code, the wait for the citizen's yes, the form, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.facts import Role
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.cases.happenings import tie_in_words
from hukumati.web.ui.cases.people import person_options
from hukumati.web.ui.cases.questions import answer_rows, questions_of, whens_of
from hukumati.web.ui.fields import Field, problems_of
from hukumati.web.ui.refusal_texts import words_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hukumati.processes.applications.facts import ApplicationFacts, AssistanceFacts
    from hukumati.web.ui.requests import StaffRequest

helpers_only = staff_only(Role.CLERK, Role.POSTAL_CLERK)


@helpers_only
@require_http_methods(["GET", "POST"])
def ask(request: StaffRequest) -> HttpResponse:
    """Type the code that the citizen reads out. Nothing is shown before the citizen says yes on the own phone."""
    problem = ""
    if request.method == "POST":
        try:
            help_ = applications.ask_to_help(request.POST.get("code", "")[:40], by=request.actor, at=timezone.now())
        except applications.AssistanceCodeUnknown as refusal:
            problem = words_for(refusal)
        else:
            return redirect("desk:help", help_.reference)
    asked = Field(
        "code",
        _("The citizen's code"),
        kind="otp",
        hint=_("Eight digits, from the page “Help at a counter” of the draft"),
        error=problem,
        length_max=12,
        autocomplete="off",
    )
    context = {"asked": asked, "problems": problems_of([asked])}
    return render(request, "desk/help/code.html", context, status=422 if problem else 200)


@helpers_only
@require_GET
def page(request: StaffRequest, reference: str) -> HttpResponse:
    """Waiting for the yes; then the pages of the form, with what is answered and what is missing."""
    help_, draft = applications.get_helped(reference, by=request.actor, at=timezone.now())
    context: dict[str, Any] = {"help": help_, "draft": draft, "asked": help_.is_asked(timezone.now())}
    if draft is not None:
        service = applications.service_of(draft)
        context |= {
            "service": service,
            "citizen": identity.get_citizen(draft.account_id),
            "form_pages": applications.pages_of(service),
            "missing": applications.pages_missing(service, draft),
            "rows": answer_rows(service, draft, face=""),
        }
    return render(request, "desk/help/draft.html", context)


@helpers_only
@require_http_methods(["GET", "POST"])
def whom(request: StaffRequest, reference: str) -> HttpResponse:
    """For whom it is, among those whom the civil registry ties to the citizen."""
    at = timezone.now()
    help_, draft = _open(request, reference)
    service = applications.service_of(draft)
    read = applications.ties_read(service)
    if read is not None:
        draft = applications.fetch(draft, read.name, by=request.actor, at=at)
    citizen = identity.get_citizen(draft.account_id)
    people = applications.allowed_subjects(service, draft, myself=applications.subject_of(citizen))
    key = request.POST.get("subject", "")
    if any(person.key == key for person in people):
        draft = applications.choose_subject_helping(reference, key=key, by=request.actor, at=at)
        for declared in service.reads:
            applications.fetch(draft, declared.name, by=request.actor, at=at)
        return redirect("desk:help", reference)
    asked = Field(
        "subject",
        _("For whom is it?"),
        kind="cards",
        options=tuple(person_options(people, tie_words=tie_in_words)),
        value=draft.subject.key if draft.subject else "",
        error=_("Choose one of the people") if request.method == "POST" else "",
    )
    return _form(request, help_, draft, title=asked.label, fields=[asked])


@helpers_only
@require_http_methods(["GET", "POST"])
def questions(request: StaffRequest, reference: str, page_id: str) -> HttpResponse:
    """One page of the form, as the citizen has it."""
    help_, draft = _open(request, reference)
    service = applications.service_of(draft)
    form_page = service.form.find_page(page_id)
    if form_page is None or draft.subject is None:
        return redirect("desk:help", reference)
    typed: dict[str, Any] | None = None
    errors: dict[str, Any] = {}
    if request.method == "POST":
        typed = dict(request.POST.lists())
    if typed is not None and not applications.changes_rows(form_page, typed):
        try:
            applications.save_answers_helping(reference, page=page_id, typed=typed, by=request.actor, at=timezone.now())
        except applications.AnswersInvalid as refusal:
            errors = dict(refusal.errors)
        else:
            return redirect("desk:help", reference)
    fields = questions_of(service, form_page, draft, typed=typed, errors=errors, takes_files=False)
    return _form(request, help_, draft, title=form_page.title, fields=fields, whens=whens_of(form_page))


@helpers_only
@require_POST
def leave(request: StaffRequest, reference: str) -> HttpResponse:
    """Done: the draft closes to me."""
    applications.leave_help(reference, by=request.actor, at=timezone.now())
    messages.success(request, _("The draft is closed to you. The citizen checks it and sends it on the own phone."))
    return redirect("desk:help_ask")


def _open(request: StaffRequest, reference: str) -> tuple[AssistanceFacts, ApplicationFacts]:
    help_, draft = applications.get_helped(reference, by=request.actor, at=timezone.now())
    if draft is None:
        raise applications.AssistanceNotFound
    return help_, draft


def _form(
    request: StaffRequest, help_: AssistanceFacts, draft: ApplicationFacts, *, fields: list[Field], **shown: Any
) -> HttpResponse:
    problems = problems_of(fields)
    context = {"help": help_, "draft": draft, "fields": fields, "problems": problems, "whens": {}, **shown}
    return render(request, "desk/help/form.html", context, status=422 if problems else 200)
