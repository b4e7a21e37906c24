"""For whoever prepares applications by a program: the form as a schema, and whether answers fit it. Nothing here belongs to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.http import JsonResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity import api as identity
from hukumati.processes.applications import api as applications
from hukumati.web.ui.access import public, public_question
from hukumati.web.ui.cases.problems import sentence_of
from hukumati.web.ui.signing_in import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BODY_BYTES_MAX: Final = 64 * 1024
ASKED_BY_ADDRESS = identity.Allowance(600, 10 * 60)


@public
@require_safe
def form_schema(_request: HttpRequest, service_id: str) -> HttpResponse:
    """The form as JSON Schema 2020-12."""
    service = catalogue.get_published(service_id)
    schema = catalogue.form_schema(service, offices=applications.offices_of(service))
    return _told(schema, content_type="application/schema+json")


@public_question
@require_POST
def check_answers(request: HttpRequest, service_id: str) -> HttpResponse:
    """Whether a whole form's answers (a JSON object) would be taken: 200, or 422 with what is wrong, each in words. Nothing is kept.

    What only a case can tell (whom the registries know, which files were handed in) is named in `not_checked`.
    400 for what is no JSON object, 413 beyond 64 KiB, 429 from an address that asks without end.
    """
    service = catalogue.get_published(service_id)
    identity.spend("answers", client_address(request), allowance=ASKED_BY_ADDRESS, at=now())
    body = request.read(BODY_BYTES_MAX + 1)
    if len(body) > BODY_BYTES_MAX:
        return _told({"error": _("That is more than a form holds.")}, status=413)
    try:
        sent = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _told({"error": _("Send the answers as one JSON object.")}, status=400)
    checked = applications.check_sent(service, sent)
    problems = [
        {"name": name, "code": code, "message": sentence_of(service.form.find_answer(name), code, told, name=name)}
        for name, (code, told) in checked.errors.items()
    ]
    answer = {"valid": not problems, "problems": problems, "not_checked": list(checked.not_checked)}
    return _told({"service": service.id, "version": service.version, **answer}, status=422 if problems else 200)


def _told(what: dict[str, Any], *, status: int = 200, content_type: str = "application/json") -> JsonResponse:
    return JsonResponse(what, status=status, content_type=content_type, json_dumps_params={"ensure_ascii": False})
