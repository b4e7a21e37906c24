"""Policies and their owners for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hukumati.domain.identity.tests.builders import a_staff
from hukumati.domain.policies import api as policies
from hukumati.kernel.actor import Actor, ActorKind

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
OFFERED = {"interior.birth_certificate_copy": ("card", "wallet", "transfer", "cash")}
WAYS = ("card", "wallet", "transfer", "cash")


def later(**span):
    return NOON + timedelta(**span)


def a_way(way, *, at_least=None, at_most=None):
    return policies.WayTerms(way, at_least or {}, at_most or {})


def a_rule(scope, *ways):
    return policies.Rule(scope, tuple(a_way(way) if isinstance(way, str) else way for way in ways))


def a_policy(*ways, more=()):
    """One rule for everything, and `more`."""
    return policies.Policy((a_rule("*", *(ways or WAYS)), *more))


def an_owner():
    staff = a_staff(role="policy_owner", institution="finance", office="")
    return Actor(ActorKind.STAFF, staff.reference, roles=frozenset({"policy_owner"}), institution="finance")


def load(*ways, more=(), at=NOON):
    """The first policy, as an installation loads it."""
    from hukumati.domain.policies.shapes import write

    document = write(a_policy(*ways, more=more)) | {"instrument": "demo-payments", "article": "4", "reason": "first"}
    assert policies.load_first(document, offered={}, known_ways=(*WAYS, "terminal"), at=at)
    return policies.find_in_force(at=at)


def propose(policy, *, base, by, at=NOON, asked_from=None, **said):
    words = {"instrument": "demo-payments", "article": "5", "reason": "a test"} | said
    return policies.propose(policy, base=base, asked_from=asked_from, by=by, at=at, **words)


def a_test(at=NOON):
    return policies.BackTest(0, at - timedelta(days=90), at, ())


def release(number, *, by, at=NOON, offered=OFFERED):
    return policies.release(number, back_test=a_test(at), offered=offered, by=by, at=at)


def rule(policy, *, at=NOON):
    """Let another policy rule from now on, by two people."""
    version = propose(policy, base=policies.find_last_released(at=at).number, by=an_owner(), at=at)
    return release(version.number, by=an_owner(), at=at)
