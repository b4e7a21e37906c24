"""Inquiries: what is asked first, the asking, the answer with its age and source, and going on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.processes.applications import api as applications
from hukumati.web.portal.pages import waiting
from hukumati.web.portal.pages.applying import next_address
from hukumati.web.ui import kept_forms, writing
from hukumati.web.ui.access import citizens_only
from hukumati.web.ui.cases.answers import blocks_of, candidates_of, sources_apart
from hukumati.web.ui.cases.people import person_options, your_tie
from hukumati.web.ui.cases.problems import problem_of
from hukumati.web.ui.cases.questions import questions_of, whens_of
from hukumati.web.ui.fields import Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.http import HttpResponse

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.text import Text
    from hukumati.processes.applications.facts import SubjectFacts
    from hukumati.web.ui.requests import CitizenRequest

WHOM, FAMILY = "subject", "family"
PLACE_DIGITS_MAX = 3


@citizens_only
@require_http_methods(["GET", "POST"])
def ask(request: CitizenRequest, service_id: str) -> HttpResponse:
    """Ask the registries now; where something must be known first, that is asked on this page, and answered in one step.

    When a registry does not answer, that is said before anything is typed, and the answer can be sent when it is back.
    """
    service = catalogue.get_published(service_id)
    if request.method == "GET":
        return waiting.wait_before_asking(request, service) or _before_asking(request, service)
    typed = dict(request.POST.lists())
    if "later" not in request.POST and (crowd := waiting.wait_with_what_was_asked(request, service)):
        return crowd
    try:
        answered = _asked(request, service, typed)
    except applications.AnswersInvalid as refusal:
        return _questions(request, service, typed=typed, errors=dict(refusal.errors))
    except exchange.RegistryUnreachableError as fault:
        return _questions(request, service, typed=typed, down=[exchange.get_registry(fault.registry).name], status=503)
    return waiting.leave(answered, request, service)


def _before_asking(request: CitizenRequest, service: ServiceVersion) -> HttpResponse:
    states = exchange.preflight(service.asks, at=timezone.now()) if service.startable else {}
    down = [registry.name for registry in exchange.silent(states)]
    if not down and not applications.asks_first(service):
        return redirect("portal:service", service.id)
    return _questions(
        request, service, typed=kept_forms.take(request, account_id=request.citizen.account_id), down=down
    )


def _asked(request: CitizenRequest, service: ServiceVersion, typed: dict[str, Any]) -> HttpResponse:
    citizen, by, at = request.citizen, request.actor, timezone.now()
    if "later" in request.POST:
        waits = applications.ask_later(service.id, typed=typed, citizen=citizen, by=by, at=at)
        return redirect("portal:queued_inquiry", waits.reference)
    inquiry = applications.ask(service.id, typed=typed, citizen=citizen, by=by, at=at)
    return redirect("portal:inquiry", inquiry.reference)


@citizens_only
@require_http_methods(["GET", "POST"])
def queued(request: CitizenRequest, reference: str) -> HttpResponse:
    """A question that waits for its register; the way to the answer once it is there. Posting takes the question back."""
    waits = applications.get_own_queued(reference, citizen=request.citizen)
    if request.method == "POST":
        applications.withdraw_queued(reference, citizen=request.citizen, by=request.actor, at=timezone.now())
        messages.success(request, _("The question was taken back."))
        return redirect("portal:applications")
    if waits.inquiry:
        return redirect("portal:inquiry", waits.inquiry)
    return render(
        request, "portal/queued.html", {"queued": waits, "service": catalogue.get_published(waits.service_id)}
    )


@citizens_only
@require_GET
def page(request: CitizenRequest, reference: str) -> HttpResponse:
    """The answer as it was given, by whom and when. Where a register gave several, about the one that is chosen."""
    inquiry = applications.get_own_inquiry(reference, citizen=request.citizen)
    service = catalogue.get_published(inquiry.service_id, version=inquiry.service_version)
    case = applications.not_asked_yet(service, citizen=request.citizen, at=inquiry.asked_at)
    everything = applications.inquiry_facts(inquiry, case)
    facts = catalogue.with_chosen(service, everything, place=_place(request))
    on = timezone.localdate(inquiry.asked_at)
    blocks = blocks_of(service, inquiry, facts)
    context = {
        "inquiry": inquiry,
        "service": service,
        "subject": inquiry.subject or applications.subject_of(request.citizen),
        "asks_first": applications.asks_first(service),
        "candidates": candidates_of(service, everything),
        "chosen": facts.get("chosen"),
        "place": _place(request),
        "blocks": blocks,
        "sources_apart": sources_apart(inquiry, blocks),
        "notices": catalogue.notices_that_hold(service, facts, on=on) if inquiry.found else [],
        "going_on": catalogue.going_on_from(service, facts, on=on) if inquiry.found else None,
    }
    return render(request, "portal/inquiry.html", context)


@citizens_only
@require_POST
def go_on(request: CitizenRequest, reference: str) -> HttpResponse:
    """From the answer into the application that it offers."""
    inquiry = applications.get_own_inquiry(reference, citizen=request.citizen)
    application = applications.go_on(inquiry, citizen=request.citizen, by=request.actor, at=timezone.now())
    return redirect(next_address(applications.service_of(application), application))


def _questions(
    request: CitizenRequest,
    service: ServiceVersion,
    *,
    typed: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
    down: Sequence[Text] = (),
    status: int = 200,
) -> HttpResponse:
    applications.require_open_to(service, request.citizen)
    case = applications.not_asked_yet(service, citizen=request.citizen, at=timezone.now())
    pages = applications.pages_before_answer(service)
    fields = {asking.id: questions_of(service, asking, case, typed=typed, errors=errors) for asking in pages}
    whom = _whom(request, service, typed=typed or {}, errors=errors or {})
    context = {
        "service": service,
        "down": down,
        "whom": whom,
        "family_unread": whom is not None and not _wants_family(request, typed or {}) and _has_family(service),
        "pages": pages,
        "fields": fields,
        "every_field": [*([whom] if whom else []), *(one for page_fields in fields.values() for one in page_fields)],
        "whens": {name: when for asking in pages for name, when in whens_of(asking).items()},
    }
    return render(request, "portal/asking.html", context, status=422 if errors else status)


def _whom(
    request: CitizenRequest, service: ServiceVersion, *, typed: dict[str, Any], errors: dict[str, Any]
) -> Field | None:
    """Whom it is about. The family is read only when somebody wants to ask about one of it."""
    asked = service.form.find_kind(catalogue.FieldKind.TIE)
    if asked is None:
        return None
    people = _people(request, service, typed)
    return Field(
        name=WHOM,
        label=writing.text(asked.label),
        kind="cards",
        options=tuple(person_options(people, tie_words=your_tie)),
        value=applications.one(typed, WHOM) or (people[0].key if len(people) == 1 else ""),
        hint=_("These are you and your family as the civil registry knows them. Nobody can be typed in.")
        if len(people) > 1
        else "",
        error=problem_of(asked, errors),
    )


def _people(request: CitizenRequest, service: ServiceVersion, typed: dict[str, Any]) -> list[SubjectFacts]:
    at = timezone.now()
    if _wants_family(request, typed):
        return applications.list_askable(service.id, citizen=request.citizen, by=request.actor, at=at)
    case = applications.not_asked_yet(service, citizen=request.citizen, at=at)
    return applications.allowed_subjects(service, case, myself=applications.subject_of(request.citizen))


def _wants_family(request: CitizenRequest, typed: dict[str, Any]) -> bool:
    myself = applications.subject_of(request.citizen).key
    return request.GET.get("whom") == FAMILY or (applications.one(typed, WHOM) or myself) != myself


def _has_family(service: ServiceVersion) -> bool:
    asked = service.form.find_kind(catalogue.FieldKind.TIE)
    return asked is not None and set(asked.ties) != {"self"}


def _place(request: CitizenRequest) -> int | None:
    typed = request.GET.get("of", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= PLACE_DIGITS_MAX else None
