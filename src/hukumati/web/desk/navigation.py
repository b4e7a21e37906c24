"""What stands in the desk's side bar: only what the employee's roles open, with what waits there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity.facts import Role
from hukumati.domain.policies import api as policies
from hukumati.processes.applications import api as applications

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

REVIEWERS = frozenset({Role.CLERK, Role.SUPERVISOR})


def desk_context(request: HttpRequest) -> dict[str, Any]:
    """For every page of the desk; asks the database only when a template shows the side bar."""
    if getattr(request, "face", "") != "desk" or getattr(request, "staff", None) is None:
        return {"desk_nav": ()}
    return {"desk_nav": SimpleLazyObject(lambda: navigation(request))}


def navigation(request: Any) -> list[dict[str, Any]]:
    """Entries of the side bar for this employee, the present page marked."""
    entries: list[dict[str, Any]] = []
    if request.staff.roles & REVIEWERS:
        counts = applications.count_queue(by=request.actor, at=timezone.now())
        entries += [
            _entry(request, "desk:queue", _("Mine"), "inbox", counts["mine"]),
            _entry(request, "desk:queue_of_office", _("My office"), "layers", counts["office"]),
        ]
    if Role.SERVICE_OWNER in request.staff.roles:
        waiting = catalogue.count_waiting_proposals(institutions=[held.institution for held in request.staff.scopes])
        entries.append(_entry(request, "desk:publishing", _("Services"), "stamp", waiting))
    if Role.POLICY_OWNER in request.staff.roles:
        entries.append(_entry(request, "desk:policy", _("Payment policy"), "stamp", policies.count_waiting()))
    for role, name, text, icon in _COUNTERS:
        if role in request.staff.roles and _exists(name):
            entries.append(_entry(request, name, text(), icon, None))
    return entries


_COUNTERS: tuple[tuple[Role, str, Callable[[], str], str], ...] = (
    (Role.CASHIER, "desk:cashier", lambda: _("Cash desk"), "banknote"),
    (Role.TREASURER, "desk:treasury", lambda: _("Treasury"), "landmark"),
    (Role.AUDITOR, "desk:treasury", lambda: _("Treasury"), "landmark"),
    (Role.OPERATOR, "desk:providers", lambda: _("Payment providers"), "refresh-cw"),
    (Role.TREASURER, "desk:providers", lambda: _("Payment providers"), "refresh-cw"),
    (Role.AUDITOR, "desk:providers", lambda: _("Payment providers"), "refresh-cw"),
    (Role.TREASURER, "desk:payouts", lambda: _("Payouts"), "send"),
    (Role.AUDITOR, "desk:payouts", lambda: _("Payouts"), "send"),
    (Role.TREASURER, "desk:refunds", lambda: _("Refunds"), "undo-2"),
    (Role.AUDITOR, "desk:refunds", lambda: _("Refunds"), "undo-2"),
    (Role.TREASURER, "desk:books", lambda: _("Books"), "book-open-check"),
    (Role.AUDITOR, "desk:books", lambda: _("Books"), "book-open-check"),
    (Role.TREASURER, "desk:policy", lambda: _("Payment policy"), "stamp"),
    (Role.AUDITOR, "desk:policy", lambda: _("Payment policy"), "stamp"),
    (Role.SUPERVISOR, "desk:documents", lambda: _("Documents"), "file-badge"),
    (Role.CLERK, "desk:hand_over", lambda: _("Hand-over"), "package-check"),
    (Role.CLERK, "desk:help_ask", lambda: _("Help with a draft"), "file-pen-line"),
    (Role.POSTAL_CLERK, "desk:hand_over", lambda: _("Hand-over"), "package-check"),
    (Role.POSTAL_CLERK, "desk:help_ask", lambda: _("Help with a draft"), "file-pen-line"),
)


def _entry(request: Any, name: str, text: str, icon: str, count: int | None) -> dict[str, Any]:
    href = reverse(name)
    entry: dict[str, Any] = {"text": text, "href": href, "icon": icon, "current": request.path == href}
    return entry | ({"count": count} if count is not None else {})


def _exists(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True
