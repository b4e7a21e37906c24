"""From "start" to "sent": whom for, the questions, the check, the sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.domain.payments import api as payments
from hukumati.domain.uploads import api as uploads
from hukumati.processes.applications import api as applications
from hukumati.web.portal.pages.renewal import of_present_version
from hukumati.web.ui import kept_forms, writing
from hukumati.web.ui.access import citizens_only, keeps_typed
from hukumati.web.ui.cases.people import person_options, your_tie
from hukumati.web.ui.cases.problems import REFUSAL
from hukumati.web.ui.cases.questions import answer_rows, questions_of, whens_of
from hukumati.web.ui.files import upload_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from hukumati.domain.catalogue.facts import Page, ServiceVersion
    from hukumati.kernel.text import Text
    from hukumati.processes.applications.facts import ApplicationFacts
    from hukumati.web.ui.cases.problems import Errors
    from hukumati.web.ui.requests import CitizenRequest

WHOM = "whom"
REVISION_DIGITS_MAX = 9


@citizens_only
@require_http_methods(["GET", "POST"])
def start(request: CitizenRequest, service_id: str) -> HttpResponse:
    """Before a draft is made: whether the service is open to me, its registries answer, and I have a draft already."""
    service = catalogue.get_published(service_id)
    applications.require_open_to(service, request.citizen)
    if request.method == "POST":
        application = applications.start(service_id, citizen=request.citizen, by=request.actor, at=timezone.now())
        return redirect(next_address(service, application))
    drafts = [
        draft
        for draft in applications.list_own(citizen=request.citizen)
        if draft.service_id == service_id and draft.submitted_at is None and draft.closed_at is None
    ]
    states = exchange.preflight(service.asks, at=timezone.now())
    context = {
        "service": service,
        "drafts": drafts,
        "down": exchange.silent(states),
        "refused": applications.eligibility_of(service, request.citizen, on=timezone.localdate()),
    }
    return render(request, "portal/applying/start.html", context)


@citizens_only
@require_GET
@of_present_version
def resume(request: CitizenRequest, reference: str) -> HttpResponse:
    """Go on with a draft where it was left, on whatever device."""
    application = applications.get_own(reference, citizen=request.citizen)
    service = applications.service_of(application)
    if not applications.may_answer(service, application.state):
        return redirect("portal:application", reference)
    return redirect(next_address(service, application))


@citizens_only
@require_http_methods(["GET", "POST"])
@of_present_version
def whom(request: CitizenRequest, reference: str) -> HttpResponse:
    """Choose the person among those whom the civil registry ties to the citizen; not asked where it is always the citizen."""
    at = timezone.now()
    application = applications.get_own(reference, citizen=request.citizen)
    service = applications.service_of(application)
    if application.submitted_at is not None or not applications.may_answer(service, application.state):
        return redirect("portal:application", reference)
    if not service.asks_for_whom:
        return redirect(next_address(service, application))
    read = applications.ties_read(service)
    if read is not None:
        application = applications.fetch(application, read.name, by=request.actor, at=at)
    people = applications.allowed_subjects(service, application, myself=applications.subject_of(request.citizen))
    error = ""
    if request.method == "POST":
        key = request.POST.get("subject", "")
        if any(person.key == key for person in people):
            application = applications.choose_subject(
                application, key=key, citizen=request.citizen, by=request.actor, at=at
            )
            _gather(service, application, request=request)
            return redirect(next_address(service, application, after=WHOM))
        error = "choose"
    context = {
        **_frame(service, application, WHOM),
        "people": people,
        "options": list(person_options(people, tie_words=your_tie)),
        "chosen": application.subject.key if application.subject else "",
        "error": error,
        "source": application.evidence.get(read.name) if read else None,
    }
    return render(request, "portal/applying/whom.html", context, status=422 if error else 200)


@citizens_only
@keeps_typed
@require_http_methods(["GET", "POST"])
@of_present_version
def questions(request: CitizenRequest, reference: str, page_id: str) -> HttpResponse:
    """One page of the form. What is typed is saved when it is right, and shown again as it was typed when it is not."""
    application = applications.get_own(reference, citizen=request.citizen)
    service = applications.service_of(application)
    page = service.form.find_page(page_id)
    if not applications.may_answer(service, application.state) or page is None:
        return redirect("portal:application", reference)
    if application.subject is None:
        return redirect("portal:whom", reference)
    application = _gather(service, application, request=request)
    typed = kept_forms.take(request, account_id=request.citizen.account_id)
    errors: Errors = {}
    if typed is not None:
        messages.info(request, _("You had been signed out. What you typed is still here: look at it and continue."))
    if request.method == "POST":
        typed = dict(request.POST.lists())
        application, refused = _hand_in(application, page, request=request)
        saved, errors = _save(application, page, typed)
        errors = {**errors, **refused}
        if saved is not None and not errors:
            address = reverse("portal:application", args=[reference]) if "later" in typed else ""
            return redirect(address or next_address(service, saved, after=page_id))
    context = {
        **_frame(service, application, page_id),
        "page": page,
        "fields": questions_of(service, page, application, typed=typed, errors=errors),
        "whens": whens_of(page),
    }
    return render(request, "portal/applying/questions.html", context, status=422 if errors else 200)


def _hand_in(application: ApplicationFacts, page: Page, *, request: CitizenRequest) -> tuple[ApplicationFacts, Errors]:
    """The files of a page, each judged alone: a good one is kept even when another answer is not, because browsers forget files."""
    refused: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for asked in page.fields:
        sent = request.FILES.get(asked.id) if asked.limits else None
        if asked.limits is None or sent is None:
            continue
        content = sent.read(asked.limits.bytes_max + 1)
        try:
            application = applications.hand_in(
                application, field=asked.id, content=content, by=request.actor, at=timezone.now()
            )
        except uploads.UploadRefused as refusal:
            refused[asked.id] = (refusal.code, {REFUSAL: refusal})
    return application, refused


@citizens_only
@require_GET
def upload(request: CitizenRequest, reference: str, upload: str) -> HttpResponse:
    """What the citizen handed in, to see it again."""
    application = applications.get_own(reference, citizen=request.citizen)
    return upload_answer(applications.read_upload(application, upload))


def _save(
    application: ApplicationFacts, page: Page, typed: Mapping[str, Any]
) -> tuple[ApplicationFacts | None, Errors]:
    """The saved draft, or what is wrong; neither when a button only added a row or took one away."""
    if applications.changes_rows(page, typed):
        return None, {}
    try:
        return applications.save_answers(application, page=page.id, typed=typed, at=timezone.now()), {}
    except applications.AnswersInvalid as refusal:
        return None, dict(refusal.errors)


@citizens_only
@require_GET
@of_present_version
def check(request: CitizenRequest, reference: str) -> HttpResponse:
    """Everything once more before it is sent: for whom, answers, what the State knows, the fee by line, the promised date."""
    application = applications.get_own(reference, citizen=request.citizen)
    service = applications.service_of(application)
    if not applications.may_answer(service, application.state):
        return redirect("portal:application", reference)
    if application.subject is None or applications.pages_missing(service, application):
        return redirect(next_address(service, application))
    application = _gather(
        service, application, request=request
    )  # the fee may follow from what the last answers asked for
    at = timezone.now()
    context = {
        **_frame(service, application, "check"),
        "rows": answer_rows(service, application),
        "assessment": applications.fee(service, application, on=timezone.localdate(at)),
        "promised_at": applications.promised_at(at, working_days=service.answer_within_working_days),
        "straight": catalogue.passes_without_review(service),
        "returned": application.submitted_at is not None,
        "asks_party": service.form.find_kind(catalogue.FieldKind.PARTY) is not None,
    }
    if application.submitted_at is None:
        context["refused"] = applications.eligibility(service, application, on=timezone.localdate(at))
    return render(request, "portal/applying/check.html", context)


@citizens_only
@require_POST
@of_present_version
def send(request: CitizenRequest, reference: str) -> HttpResponse:
    """File the draft, or answer a return; then pay, when something is owed."""
    at = timezone.now()
    application = applications.get_own(reference, citizen=request.citizen)
    if application.submitted_at is not None:
        application = _gather(applications.service_of(application), application, request=request)
        applications.resubmit(application, note=request.POST.get("note", ""), by=request.actor, at=at)
        return redirect("portal:application", reference)
    typed = request.POST.get("revision", "")
    revision = int(typed) if typed.isdecimal() and len(typed) <= REVISION_DIGITS_MAX else -1
    if revision == application.revision:  # what is refused anyway reads no register
        application = _gather(
            applications.service_of(application), application, request=request
        )  # nothing stale is filed
    application = applications.submit(
        application,
        revision=revision,
        citizen=request.citizen,
        by=request.actor,
        at=at,
    )
    charge = payments.find_open_charge(application.reference)
    return redirect("portal:pay", charge.reference) if charge else redirect("portal:application", reference)


def next_address(service: ServiceVersion, application: ApplicationFacts, *, after: str = "") -> str:
    """The first page that still needs the citizen; after a page that is done, the one that follows it."""
    if application.subject is None:
        return reverse("portal:whom", args=[application.reference])
    missing = applications.pages_missing(service, application)
    if missing:
        return reverse("portal:questions", args=[application.reference, missing[0]])
    pages = [page.id for page in applications.pages_of(service)]
    following = pages[pages.index(after) + 1 :] if after in pages else []
    if following and application.submitted_at is None and after == WHOM:
        return reverse("portal:questions", args=[application.reference, following[0]])
    return reverse("portal:check", args=[application.reference])


def _gather(service: ServiceVersion, application: ApplicationFacts, *, request: CitizenRequest) -> ApplicationFacts:
    """Fetch what the State knows about the applicant and the person it is for; a fresh answer is not asked again."""
    for read in service.reads:
        application = applications.fetch(application, read.name, by=request.actor, at=timezone.now())
    return application


def _frame(service: ServiceVersion, application: ApplicationFacts, here: str) -> dict[str, object]:
    """What every step shows: the service, the stepper, the way back."""
    pages = applications.pages_of(service)
    whom = [WHOM] if service.asks_for_whom else []
    names = [*whom, *(page.id for page in pages), "check", "pay"]
    position = names.index(here)
    return {
        "service": service,
        "application": application,
        "refused": _refused_so_far(service, application),
        "step_titles": [*(_("For whom") for _whom in whom), *(writing.text(page.title) for page in pages)],
        "step_current": position + 1,
        "back": _address_of(names[position - 1], application)
        if position
        else reverse("portal:application", args=[application.reference]),
    }


def _refused_so_far(service: ServiceVersion, application: ApplicationFacts) -> Text | None:
    """Told as soon as it is certain; what is filed already is the clerk's to decide."""
    if application.submitted_at is not None:
        return None
    return applications.eligibility_so_far(service, application, on=timezone.localdate())


def _address_of(name: str, application: ApplicationFacts) -> str:
    if name == WHOM:
        return reverse("portal:whom", args=[application.reference])
    return reverse("portal:questions", args=[application.reference, name])
