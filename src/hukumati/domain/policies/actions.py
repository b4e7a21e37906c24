"""Proposing a version of the payment policy, releasing it by another person, turning it down, withdrawing one that does not rule yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from hukumati.domain.identity import api as identity
from hukumati.domain.policies import rules, shapes
from hukumati.domain.policies.facts import (
    PolicyChangesNothing,
    PolicyDecided,
    PolicyInForce,
    PolicyLeavesNoWay,
    PolicyMovedOn,
    PolicyNotFound,
    PolicyOwnerOnly,
    PolicyTakesTwo,
    PolicyTooEarly,
    PolicyUnfounded,
)
from hukumati.domain.policies.models import PolicyVersion
from hukumati.domain.policies.queries import NUMBER_MAX, facts_of
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind, system

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hukumati.domain.policies.facts import BackTest, Policy, PolicyFacts
    from hukumati.kernel.actor import Actor

OWNER: Final = "policy_owner"
WORDS_LENGTH_MAX: Final = 2_000
BASIS_LENGTH_MAX: Final = 200
LOCK: Final = 0x706F6C69  # "poli": versions are numbered and released one after another
FILE: Final = system("policies.repository")
LOADER: Final = system("policies.preparation")


@transaction.atomic
def propose(
    policy: Policy,
    *,
    base: int,
    instrument: str,
    article: str,
    reason: str,
    asked_from: datetime | None,
    by: Actor,
    at: datetime,
) -> PolicyFacts:
    """Put a version before a second person. `base`: the version that it was made from.

    Refuses with PolicyOwnerOnly, PolicyUnfounded, PolicyTooEarly, PolicyMovedOn, PolicyChangesNothing, PolicyMalformed.
    """
    _require_owner(by)
    _lock()
    last = _last_released()
    if last is None or last.number != base:
        raise PolicyMovedOn
    if not rules.differences(shapes.read(last.content), policy):
        raise PolicyChangesNothing
    if asked_from is not None and (asked_from < at or (last.effective_at and asked_from <= last.effective_at)):
        raise PolicyTooEarly
    row = _propose(
        shapes.write(policy),
        base=base,
        basis=(instrument, article),
        reason=reason,
        asked_from=asked_from,
        by=by,
        at=at,
    )
    return facts_of(row, at=at, in_force=None)


@transaction.atomic
def release(
    number: int, *, back_test: BackTest, offered: Mapping[str, Sequence[str]], by: Actor, at: datetime
) -> PolicyFacts:
    """Let a version rule, from the moment it asks for or from now. `back_test` is what was shown to whoever decides; `offered` the ways of each service.

    Refuses with PolicyOwnerOnly, PolicyNotFound, PolicyDecided, PolicyTakesTwo, PolicyMovedOn, PolicyLeavesNoWay.
    """
    _require_owner(by)
    _lock()
    row = _waiting(number)
    if identity.is_same_person(row.proposed_by.partition(":")[2], by.id):
        raise PolicyTakesTwo
    last = _last_released()
    if last is None or last.number != row.base:
        raise PolicyMovedOn
    require_a_way(shapes.read(row.content), offered=offered)
    _release(row, by=by, at=at, after=last.effective_at, back_test=shapes.write_back_test(back_test))
    return facts_of(row, at=at, in_force=None)


@transaction.atomic
def reject(number: int, *, words: str, by: Actor, at: datetime) -> PolicyFacts:
    """Turn a version down, in words. Refuses with PolicyOwnerOnly, PolicyNotFound, PolicyDecided, PolicyUnfounded, PolicyTakesTwo."""
    _require_owner(by)
    _lock()
    row = _waiting(number)
    if identity.is_same_person(row.proposed_by.partition(":")[2], by.id):
        raise PolicyTakesTwo
    row.decision_words = _said("reason", words, WORDS_LENGTH_MAX)
    row.decision, row.decided_by, row.decided_at = "rejected", by.label, at
    row.save(update_fields=["decision", "decided_by", "decided_at", "decision_words"])
    audit.write("policies.rejected", about=about(number), by=by, at=at)
    return facts_of(row, at=at, in_force=None)


@transaction.atomic
def withdraw(number: int, *, by: Actor, at: datetime) -> PolicyFacts:
    """Take back a version that was released and does not rule yet: what rules now goes on. One person is enough to leave things as they are.

    Refuses with PolicyOwnerOnly, PolicyNotFound, PolicyInForce, PolicyDecided.
    """
    _require_owner(by)
    _lock()
    row = _find(number)
    if row.effective_at is None or row.withdrawn_at is not None:
        raise PolicyDecided
    if row.effective_at <= at:
        raise PolicyInForce
    row.withdrawn_by, row.withdrawn_at = by.label, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    audit.write("policies.withdrawn", about=about(number), by=by, at=at)
    return facts_of(row, at=at, in_force=None)


@transaction.atomic
def load_first(
    document: dict[str, Any], *, offered: Mapping[str, Sequence[str]], known_ways: Sequence[str], at: datetime
) -> bool:
    """The installation's first policy, from its file; nothing when there is one already. Whether it was loaded.

    Its two people are those who reviewed the file. Refuses with PolicyMalformed, PolicyUnfounded, PolicyLeavesNoWay.
    """
    _lock()
    if PolicyVersion.objects.exists():
        return False
    policy = shapes.read({"rules": document.get("rules")}, known_ways=known_ways)
    require_a_way(policy, offered=offered)
    basis = (str(document.get("instrument", "")), str(document.get("article", "")))
    reason = str(document.get("reason", ""))
    row = _propose(shapes.write(policy), base=None, basis=basis, reason=reason, asked_from=None, by=FILE, at=at)
    _release(row, by=LOADER, at=at, after=None, back_test=None)
    return True


def require_a_way(policy: Policy, *, offered: Mapping[str, Sequence[str]]) -> None:
    """Every fee of every service can be paid somehow. Refuses with PolicyLeavesNoWay."""
    for service, ways in offered.items():
        gap = rules.find_gap(policy, service, offered=ways) if ways else None
        if gap is not None:
            raise PolicyLeavesNoWay(service=service, amount=gap)


def about(number: int) -> str:
    """How the record names a version."""
    return f"payment-policy:{number}"


def _propose(
    content: dict[str, Any],
    *,
    base: int | None,
    basis: tuple[str, str],
    reason: str,
    asked_from: datetime | None,
    by: Actor,
    at: datetime,
) -> PolicyVersion:
    instrument, article = basis
    last = PolicyVersion.objects.order_by("-number").first()
    row = PolicyVersion.objects.create(
        number=last.number + 1 if last else 1,
        base=base,
        content=content,
        instrument=_said("instrument", instrument, BASIS_LENGTH_MAX),
        article=_said("article", article, BASIS_LENGTH_MAX),
        reason=_said("reason", reason, WORDS_LENGTH_MAX),
        asked_from=asked_from,
        proposed_by=by.label,
        proposed_at=at,
    )
    audit.write("policies.proposed", about=about(row.number), by=by, at=at)
    return row


def _release(
    row: PolicyVersion, *, by: Actor, at: datetime, after: datetime | None, back_test: dict[str, Any] | None
) -> None:
    """From the moment asked for, unless it has passed or the version before it begins later."""
    row.decision, row.decided_by, row.decided_at = "released", by.label, at
    row.effective_at = max(row.asked_from or at, at)
    if after is not None and row.effective_at <= after:
        raise PolicyMovedOn
    row.back_test = back_test
    try:
        with transaction.atomic():
            row.save(update_fields=["decision", "decided_by", "decided_at", "effective_at", "back_test"])
    except IntegrityError as fault:
        if isinstance(fault.__cause__, UniqueViolation):
            raise PolicyMovedOn from fault
        raise
    audit.write("policies.released", about=about(row.number), by=by, at=at, effective_at=row.effective_at.isoformat())


def _waiting(number: int) -> PolicyVersion:
    row = _find(number)
    if row.decision:
        raise PolicyDecided
    return row


def _find(number: int) -> PolicyVersion:
    found = PolicyVersion.objects.filter(number=number).first() if 0 < number <= NUMBER_MAX else None
    if found is None:
        raise PolicyNotFound
    return found


def _last_released() -> PolicyVersion | None:
    return PolicyVersion.objects.released().order_by("-effective_at").first()


def _said(field: str, words: str, length_max: int) -> str:
    said = " ".join(words.split())
    if not said or len(said) > length_max:
        raise PolicyUnfounded(field=field)
    return said


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _require_owner(by: Actor) -> None:
    if by.kind != ActorKind.STAFF or OWNER not in by.roles:
        raise PolicyOwnerOnly
