"""One case on the clerk's desk: what was asked, what the State knows, who was told what, and the decision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from hukumati.domain.catalogue.facts import Format
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.facts import Role
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.kernel.process import ReasonMissing
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.cases.confirmations import rows_for_desk
from hukumati.web.ui.cases.facts import written
from hukumati.web.ui.cases.happenings import proofs_in_words, shown_timeline, state_tag, tie_in_words
from hukumati.web.ui.cases.lists import listed
from hukumati.web.ui.cases.questions import answer_rows
from hukumati.web.ui.fields import Field, problems_of
from hukumati.web.ui.files import upload_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.processes.applications.facts import ApplicationFacts, EvidenceFacts
    from hukumati.web.ui.requests import StaffRequest

SUPPLY = "supply."
META = frozenset({"as_of", "complete", "missing", "found"})
SCRIPTS = {"ar": "_ar", "en": "_latin"}
AMOUNT, CURRENCY = "amount_minor", "currency"
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_GET
def page(request: StaffRequest, reference: str) -> HttpResponse:
    return _show(request, applications.open_case(reference, by=request.actor, at=timezone.now()))


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_GET
def upload(request: StaffRequest, reference: str, upload: str) -> HttpResponse:
    """What was handed in with a case that this reader may open."""
    case = applications.get_for_staff(reference, by=request.actor)
    return upload_answer(applications.read_upload(case, upload))


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_POST
def take(request: StaffRequest, reference: str) -> HttpResponse:
    applications.take(reference, by=request.actor, at=timezone.now())
    return redirect("desk:application", reference)


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_POST
def put_back(request: StaffRequest, reference: str) -> HttpResponse:
    applications.put_back(reference, by=request.actor, at=timezone.now())
    messages.success(request, _("The case is back in the office's list."))
    return redirect("desk:queue")


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_POST
def accept(request: StaffRequest, reference: str) -> HttpResponse:
    """Accept, with what the record lacks. What was typed comes back when something is still missing."""
    supplements = {
        name.removeprefix(SUPPLY): value for name, value in request.POST.dict().items() if name.startswith(SUPPLY)
    }
    try:
        applications.accept(reference, supplements=supplements, by=request.actor, at=timezone.now())
    except applications.SupplementMissing as refusal:
        case = applications.get_for_staff(reference, by=request.actor)
        return _show(request, case, supplements=supplements, lacking=frozenset(refusal.paths), status=422)
    messages.success(request, _("Accepted. The document is being issued."))
    return redirect("desk:application", reference)


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_POST
def refuse(request: StaffRequest, reference: str) -> HttpResponse:
    return _decide_with_reason(
        request, reference, applications.refuse, "refuse", _("Refused. The citizen was told why.")
    )


@staff_only(Role.CLERK, Role.SUPERVISOR)
@require_POST
def return_for_correction(request: StaffRequest, reference: str) -> HttpResponse:
    said = _("Returned to the citizen for correction.")
    return _decide_with_reason(request, reference, applications.return_for_correction, "return", said)


def _decide_with_reason(
    request: StaffRequest, reference: str, verb: Callable[..., Any], form: str, said: str
) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        verb(reference, reason=reason, by=request.actor, at=timezone.now())
    except ReasonMissing:
        case = applications.get_for_staff(reference, by=request.actor)
        return _show(request, case, reason_missing=form, status=422)
    messages.success(request, said)
    return redirect("desk:application", reference)


def _show(
    request: StaffRequest,
    case: ApplicationFacts,
    *,
    supplements: Mapping[str, str] | None = None,
    lacking: frozenset[str] = frozenset(),
    reason_missing: str = "",
    status: int = 200,
) -> HttpResponse:
    service = applications.service_of(case)
    verbs = {step.verb for step in service.process.from_state(case.state)} if service.process else set()
    supply = [
        _supply_field(service, path, supplements or {}, lacking) for path in applications.paths_to_supply(service, case)
    ]
    # The family's other members are nobody's business here: of the ties, only the one that the case rests on is shown.
    shown = _read_names(service) | {"clerk"}
    assigned = identity.get_staff_by_reference(case.assigned_to) if case.assigned_to else None
    context = {
        "application": case,
        "service": service,
        "applicant": identity.get_citizen(case.account_id),
        "assigned": assigned,
        "signed_in_with": proofs_in_words(case.authenticated_by),
        "is_mine": case.assigned_to == request.actor.id,
        "verbs": verbs & {"accept", "refuse", "return_for_correction"},
        "supply": supply,
        "problems": problems_of(supply),
        "reason_missing": reason_missing,
        "answers": answer_rows(service, case, face="desk"),
        "tie": tie_in_words(case.subject.tie) if case.subject else "",
        "evidence": [_shown_evidence(service, piece) for piece in case.evidence.values() if piece.name in shown],
        "parties": [rows_for_desk(one) for one in applications.list_confirmations_of(case.reference)],
        "reads": exchange.list_reads_for(case.reference),
        "timeline": shown_timeline(service, case, applications.list_timeline(case.reference)),
        "state": state_tag(service, case.state),
        "charges": payments.list_charges(case.reference),
        "told": notifications.list_messages(case.reference),
        "at": timezone.now(),
    }
    return render(request, "desk/case.html", context, status=status)


def _read_names(service: ServiceVersion) -> set[str]:
    """Whose answers the clerk sees: about whom the case is, and what registers entered for it."""
    whom = "subject" if service.asks_for_whom else "applicant"
    about = {read.name for read in service.reads if read.subject == whom and "ties" not in read.attributes}
    return about | {write.name for write in service.writes}


def _shown_evidence(service: ServiceVersion, piece: EvidenceFacts) -> dict[str, Any]:
    """One registry's answer: every attribute with its name, its source and its age."""
    names = {
        path if "." in path else f"{piece.name}.{path}": value
        for path, value in piece.facts.items()
        if path not in META
    }
    # As the service declares them: jsonb keeps no order, and a clerk compares with a paper form from top to bottom.
    declared = [f"{read.name}.{attribute}" for read in service.reads for attribute in read.attributes]
    declared += [f"{write.name}.{attribute}" for write in service.writes for attribute in write.returns]
    places = {path: place for place, path in enumerate(declared)}
    shown = sorted(names.items(), key=lambda row: places.get(row[0], len(places)))
    rows = [(_fact_name(service, path), _fact(service, path, value)) for path, value in shown]
    return {"source": piece.source, "as_of": piece.as_of, "read": piece.read_reference, "rows": rows}


def _fact(service: ServiceVersion, path: str, value: Any) -> Any:
    """A registry's value, written by what it looks like: the clerk sees every attribute that was read, declared for a page or not."""
    registry, attribute = _registry_and_attribute(service, path)
    known = registry.values.get(attribute, {}).get(str(value)) if registry else None
    if known:
        return known.in_(get_language() or "ar")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        records = [one for one in value if isinstance(one, dict)]
        return _records(service, path, records) if records else written(value, Format.LIST)
    if attribute == AMOUNT:
        return written(value, Format.MONEY)
    return written(value, Format.DATE if DAY.fullmatch(str(value)) else Format.TEXT)


def _records(service: ServiceVersion, path: str, records: list[dict[str, Any]]) -> Markup:
    """A register's list, record below record: a person by name, and every other attribute with the word for it."""
    read, named = path.partition(".")[0], f"name{SCRIPTS[_language()]}"
    rows = []
    for record in records:
        name, told = written(record[named], Format.NAME) if record.get(named) else "", _told(service, read, record)
        rows.append((name, told) if name else (told, ""))
    return listed(rows)


def _told(service: ServiceVersion, read: str, record: dict[str, Any]) -> Markup:
    """What is written in two scripts stands in the reader's, and an amount carries its currency."""
    other = SCRIPTS["en" if _language() == "ar" else "ar"]
    names = [name for name, told in record.items() if told not in (None, "") and not name.startswith("name_")]
    pieces = [
        Markup("{}: {}").format(_fact_name(service, f"{read}.{name}"), _fact(service, f"{read}.{name}", record[name]))
        for name in names
        if name != CURRENCY and not name.endswith(other)
    ]
    return Markup(" · ").join(pieces)


def _language() -> str:
    return "ar" if (get_language() or "ar") == "ar" else "en"


def _supply_field(service: ServiceVersion, path: str, typed: Mapping[str, str], lacking: frozenset[str]) -> Field:
    given = typed.get(path, "")
    slip = _("Write this in the letters that are asked for, as the paper register has it")
    error = slip if given.strip() else _("Give this from the paper register")
    return Field(
        name=f"{SUPPLY}{path}",
        label=_fact_name(service, path),
        value=given,
        error=error if path in lacking else "",
        length_max=200,
    )


def _fact_name(service: ServiceVersion, path: str) -> str:
    """What people call a fact, by its path `read.attribute`."""
    registry, attribute = _registry_and_attribute(service, path)
    words = registry.attributes.get(attribute) if registry else None
    return words.in_(get_language() or "ar") if words else attribute.replace("_", " ")


def _registry_and_attribute(service: ServiceVersion, path: str) -> tuple[exchange.RegistryFacts | None, str]:
    read, _dot, attribute = path.partition(".")
    registry = service.registry_of(read)
    return (exchange.get_registry(registry) if registry else None), attribute
