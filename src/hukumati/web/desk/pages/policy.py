"""The payment policy's desk: its versions, a change proposed rule by rule, held against the payments of the past, released by another person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity.facts import Role
from hukumati.domain.payments import api as payments
from hukumati.domain.policies import api as policies
from hukumati.kernel.money import Money
from hukumati.web.desk.pages.policy_forms import BasisForm, way_forms, ways_of
from hukumati.web.desk.pages.publishing import people_named
from hukumati.web.ui.access import staff_only
from hukumati.web.ui.fields import Field, Option, problems_of
from hukumati.web.ui.refusal_texts import words_for
from hukumati.web.ui.ways import change_words, limits_words, scope_name, way_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from hukumati.web.ui.requests import StaffRequest

BACK: Final = timedelta(days=90)
STATUS_WRONG: Final = 422
WORDS_CHARACTERS_MAX: Final = 1000
REFUSALS = (
    policies.PolicyUnfounded,
    policies.PolicyTooEarly,
    policies.PolicyChangesNothing,
    policies.PolicyMalformed,
    policies.PolicyLeavesNoWay,
)
STANDINGS: Final[dict[policies.Standing, Callable[[], tuple[str, str]]]] = {
    policies.Standing.WAITING: lambda: (_("Waits for a second person"), "warn"),
    policies.Standing.REJECTED: lambda: (_("Rejected"), "bad"),
    policies.Standing.COMING: lambda: (_("Released, begins later"), "info"),
    policies.Standing.IN_FORCE: lambda: (_("In force"), "ok"),
    policies.Standing.PAST: lambda: (_("Was in force"), "neutral"),
    policies.Standing.WITHDRAWN: lambda: (_("Withdrawn before it began"), "neutral"),
}


@staff_only(Role.POLICY_OWNER, Role.TREASURER, Role.AUDITOR)
@require_GET
def list_page(request: StaffRequest) -> HttpResponse:
    """The versions, the newest first; and for its owner, what to change."""
    versions = policies.list_versions(at=timezone.now())
    context = {
        "versions": [(one, *STANDINGS[one.standing]()) for one in versions],
        "people": people_named([one.proposed_by for one in versions]),
        "scope": _scope_field() if Role.POLICY_OWNER in request.staff.roles and versions else None,
    }
    return render(request, "desk/policy/list.html", context)


@staff_only(Role.POLICY_OWNER, Role.TREASURER, Role.AUDITOR)
@require_GET
def version(request: StaffRequest, number: int) -> HttpResponse:
    """One version: its rules, what it changes, what it would have done; and the decision, for another person."""
    return _show(request, number)


@staff_only(Role.POLICY_OWNER)
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest) -> HttpResponse:
    """Another rule for one scope, made from the last version that was released."""
    at = timezone.now()
    base = policies.find_last_released(at=at)
    scope = request.POST.get("scope") or request.GET.get("scope", "")
    if base is None or scope not in _scopes():
        return redirect("desk:policy")
    own = next((rule for rule in base.policy.rules if rule.scope == scope), None)
    typed = request.POST if request.method == "POST" else None
    ways = way_forms(own or policies.rule_for(base.policy, scope), typed)
    basis = BasisForm(typed, initial={"instrument": base.instrument})
    drops = "drop" in request.POST and scope != policies.EVERYTHING
    fine = typed is not None and all([basis.is_valid(), *(drops or one.is_valid() for one in ways)])
    problem = ""
    if fine:
        try:
            made = _propose(request, base, scope, () if drops else ways_of(ways), basis, at=at)
        except policies.PolicyMovedOn as refusal:
            messages.error(request, words_for(refusal))
            return redirect("desk:policy")
        except REFUSALS as refusal:
            problem = words_for(refusal)
        else:
            messages.success(request, _("Proposed. Another policy owner decides; nothing changes until then."))
            return redirect("desk:policy_version", made.number)
    problems = [found for form in (*ways, basis) for found in problems_of(form)] if typed is not None else []
    context = {
        "base": base,
        "scope": scope,
        "scope_name": scope_name(scope),
        "own": own,
        "ways": ways,
        "basis": basis,
        "problem": problem,
        "problems": problems,
    }
    return render(request, "desk/policy/change.html", context, status=STATUS_WRONG if typed is not None else 200)


@staff_only(Role.POLICY_OWNER)
@require_POST
def release(request: StaffRequest, number: int) -> HttpResponse:
    at = timezone.now()
    shown = policies.get_version(number, at=at)
    test = _back_test(shown.policy, until=at)
    try:
        released = policies.release(number, back_test=test, offered=_offered(), by=request.actor, at=at)
    except (policies.PolicyTakesTwo, policies.PolicyMovedOn, policies.PolicyLeavesNoWay) as refusal:
        messages.error(request, words_for(refusal))
    except policies.PolicyDecided as refusal:
        messages.info(request, words_for(refusal))
    else:
        begun = released.effective_at is not None and released.effective_at <= at
        messages.success(
            request, _("Released. It is in force now.") if begun else _("Released. It begins at the moment it names.")
        )
    return redirect("desk:policy_version", number)


@staff_only(Role.POLICY_OWNER)
@require_POST
def reject(request: StaffRequest, number: int) -> HttpResponse:
    try:
        policies.reject(number, words=request.POST.get("words", ""), by=request.actor, at=timezone.now())
    except policies.PolicyUnfounded:
        return _show(request, number, error=_("Say why it is rejected"))
    except policies.PolicyTakesTwo as refusal:
        messages.error(request, words_for(refusal))
    except policies.PolicyDecided as refusal:
        messages.info(request, words_for(refusal))
    else:
        messages.success(request, _("Rejected. What is in force stays as it is."))
    return redirect("desk:policy_version", number)


@staff_only(Role.POLICY_OWNER)
@require_POST
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    try:
        policies.withdraw(number, by=request.actor, at=timezone.now())
    except (policies.PolicyInForce, policies.PolicyDecided) as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, _("Withdrawn. What is in force stays as it is."))
    return redirect("desk:policy_version", number)


def _propose(
    request: StaffRequest,
    base: policies.PolicyFacts,
    scope: str,
    ways: tuple[policies.WayTerms, ...],
    basis: BasisForm,
    *,
    at: datetime,
) -> policies.PolicyFacts:
    if not ways and scope == policies.EVERYTHING:
        raise policies.PolicyMalformed(where=scope)
    return policies.propose(
        policies.replaced(base.policy, scope, ways),
        base=base.number,
        instrument=basis.cleaned_data["instrument"],
        article=basis.cleaned_data["article"],
        reason=basis.cleaned_data["reason"],
        asked_from=basis.starts_at(),
        by=request.actor,
        at=at,
    )


def _show(request: StaffRequest, number: int, *, error: str = "") -> HttpResponse:
    at = timezone.now()
    shown = policies.get_version(number, at=at)
    base = policies.get_version(shown.base, at=at) if shown.base else None
    waits = shown.standing == policies.Standing.WAITING
    own = shown.proposed_by == request.actor.label
    owner = Role.POLICY_OWNER in request.staff.roles
    words = Field("words", _("Why it is rejected"), kind="textarea", length_max=WORDS_CHARACTERS_MAX, error=error)
    context = {
        "one": shown,
        "state": STANDINGS[shown.standing](),
        "basis": catalogue.basis_words(shown.instrument, shown.article),
        "rules": [_written(rule) for rule in shown.policy.rules],
        "changes": [change_words(one) for one in policies.differences(base.policy, shown.policy)] if base else [],
        "test": _told_test(_back_test(shown.policy, until=at) if waits else shown.back_test),
        "people": people_named([shown.proposed_by, shown.decided_by, shown.withdrawn_by]),
        "may_decide": waits and owner and not own,
        "own": waits and own,
        "may_withdraw": owner and shown.standing == policies.Standing.COMING,
        "words": words,
        "problems": problems_of([words]),
    }
    return render(request, "desk/policy/version.html", context, status=STATUS_WRONG if error else 200)


def _written(rule: policies.Rule) -> tuple[str, list[tuple[str, str]]]:
    return scope_name(rule.scope), [(way_name(one.way), limits_words(one)) for one in rule.ways]


def _told_test(test: policies.BackTest | None) -> dict[str, Any] | None:
    if test is None:
        return None
    rows = [
        (scope_name(one.service), way_name(one.way), one.count, Money(one.amount_minor, one.currency), one.stranded)
        for one in test.lost
    ]
    return {"test": test, "rows": rows}


def _back_test(policy: policies.Policy, *, until: datetime) -> policies.BackTest:
    """The fees of the last ninety days under this policy."""
    since = until - BACK
    volumes = payments.list_volumes(since=since, until=until)
    offered = {service: payments.with_terminal(ways) for service, ways in _offered().items()}
    return policies.back_test(policy, volumes, offered=offered, since=since, until=until)


def _offered() -> dict[str, tuple[str, ...]]:
    """What payers can choose by themselves, by service."""
    return {service.id: service.pay_by for service in catalogue.list_published() if service.pay_by}


def _scopes() -> dict[str, str]:
    """Everything, the institutions whose services cost something, and those services."""
    services = sorted(_offered())
    institutions = sorted({service.partition(".")[0] for service in services})
    return {scope: scope_name(scope) for scope in (policies.EVERYTHING, *institutions, *services)}


def _scope_field() -> Field:
    options = tuple(Option(scope, name) for scope, name in _scopes().items())
    return Field("scope", _("For what"), kind="select", options=options, value=policies.EVERYTHING)
