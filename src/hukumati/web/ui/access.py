"""Who may open a page. Every view carries exactly one of these decorators; a test reads `view.access_rule`."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import structlog
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from hukumati.domain.identity import api as identity
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.web.ui import kept_forms
from hukumati.web.ui.faces import DESK

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    View = Callable[..., HttpResponse]

log = structlog.get_logger(__name__)
SEEN_EVERY_SECONDS: Final = 60
METHODS: Final = "account_authentication_methods"


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a view asks of its visitor: nothing, a citizen, an employee (with one of `roles`), or a provider's signature."""

    who: str
    roles: frozenset[identity.Role] = frozenset()


class AccessMiddleware:
    """Tells each request who is there: `request.citizen`, `request.staff`, `request.actor`. Ends sessions that are over.

    `request.ended_for` is the account whose session has just been ended for its age.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.citizen = request.staff = request.actor = request.ended_for = None
        if request.session.session_key and request.user.is_authenticated:
            _recognise(request)
        return self.get_response(request)


def _recognise(request: Any) -> None:
    at = now()
    person = identity.find_person(request.user)
    if person is None or request.session.get("face") != request.face or _is_over(request, at=at):
        ended_for = person.account_id if person and request.session.get("face") == request.face else None
        request.session.flush()
        request.ended_for = ended_for
        return
    if isinstance(person, identity.StaffFacts) and request.face == DESK:
        request.staff, request.actor = person, staff_actor(request, person)
    elif isinstance(person, identity.CitizenFacts) and request.face != DESK:
        request.citizen, request.actor = person, citizen_actor(request, person)
    _note_seen(request, at=at)


def _is_over(request: Any, *, at: datetime) -> bool:
    signed_in_at, seen_at = (request.session.get(name, 0) for name in ("signed_in_at", "seen_at"))
    return identity.is_session_over(
        kind=request.user.kind,
        signed_in_at=datetime.fromtimestamp(signed_in_at, UTC),
        seen_at=datetime.fromtimestamp(seen_at, UTC),
        at=at,
    )


def _note_seen(request: Any, *, at: datetime) -> None:
    if at.timestamp() - request.session["seen_at"] >= SEEN_EVERY_SECONDS:
        request.session["seen_at"] = at.timestamp()
        identity.note_seen(request.session.session_key, at=at)


def authenticated_by(request: HttpRequest) -> tuple[str, ...]:
    """How this session was proven: ("password", "sms_code"), ("passkey",), ("password", "totp")."""
    names = (_method_name(record) for record in request.session.get(METHODS, []) if not record.get("reauthenticated"))
    return tuple(dict.fromkeys(names))


def _method_name(record: dict[str, Any]) -> str:
    if record.get("method") == "mfa":
        return "totp" if record.get("type") == "totp" else "passkey"
    return str(record.get("method"))


def was_proven_lately(request: HttpRequest) -> bool:
    """Whether the visitor showed a password, a code or a passkey so recently that a sensitive change may go on."""
    latest = max((record.get("at", 0) for record in request.session.get(METHODS, [])), default=0)
    return identity.is_fresh(datetime.fromtimestamp(latest, UTC), at=datetime.fromtimestamp(time.time(), UTC))


def citizen_actor(request: HttpRequest, citizen: identity.CitizenFacts) -> Actor:
    return Actor(ActorKind.CITIZEN, citizen.reference, authenticated_by=authenticated_by(request))


def staff_actor(request: HttpRequest, staff: identity.StaffFacts) -> Actor:
    return Actor(
        ActorKind.STAFF,
        staff.reference,
        roles=frozenset(str(role) for role in staff.roles),
        institution=staff.institution,
        office=staff.office,
        authenticated_by=authenticated_by(request),
    )


def public(view: View) -> View:
    """Anybody may open it."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return _ruled(opened, AccessRule("anybody"))


def citizens_only(view: View) -> View:
    """A signed-in citizen; others are asked to sign in and come back here."""

    @functools.wraps(view)
    def opened(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.citizen is None:
            if request.method == "POST" and request.ended_for is not None and getattr(view, "keeps_typed", False):
                kept_forms.keep(request, account_id=request.ended_for)
            return _to_sign_in(request, "portal:sign_in")
        return _private(view(request, *args, **kwargs))

    return _ruled(opened, AccessRule("citizen"))


def keeps_typed(view: View) -> View:
    """What is typed here outlives a session that ended meanwhile (`kept_forms`). For answers, never for secrets; stands under `@citizens_only`."""
    view.keeps_typed = True  # type: ignore[attr-defined]  # the mark that citizens_only reads
    return view


def staff_only(*roles: identity.Role) -> Callable[[View], View]:
    """A signed-in employee who holds one of the roles (any employee when none is named)."""

    def ruled(view: View) -> View:
        @functools.wraps(view)
        def opened(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.staff is None:
                return _to_sign_in(request, "desk:sign_in")
            if roles and not request.staff.roles.intersection(roles):
                log.warning("access_denied", staff=request.staff.reference, view=view.__qualname__)
                raise PermissionDenied
            return _private(view(request, *args, **kwargs))

        return _ruled(opened, AccessRule("staff", frozenset(roles)))

    return ruled


def provider_callback(view: View) -> View:
    """An outside provider, whose signature the view's verb checks: no session, no CSRF token."""

    @csrf_exempt
    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return _ruled(opened, AccessRule("provider"))


def public_question(view: View) -> View:
    """Anybody's program may ask by POST: nothing is changed and nobody is recognised, so there is no form of ours that a token would have to prove."""

    @csrf_exempt
    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return _ruled(opened, AccessRule("anybody"))


def _ruled(view: View, rule: AccessRule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return view


def _private(response: HttpResponse) -> HttpResponse:
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
        response.headers["Cache-Control"] = "no-store, private"
    return response


def _to_sign_in(request: Any, name: str) -> HttpResponse:
    """Back to the page that was asked for, or for a form, to the page that it stood on."""
    back = request.get_full_path() if request.method == "GET" else request.path
    address = f"{reverse(name)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=200, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def safe_next(request: HttpRequest, *, otherwise: str) -> str:
    """The `next` address of the request when it stays on this host and this face's side, else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        return wanted
    return otherwise
