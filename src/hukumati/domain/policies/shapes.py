"""A policy as it is written: in the repository's file, and in the table. Whatever is no policy is refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from hukumati.domain.policies.facts import EVERYTHING, BackTest, Lost, Policy, PolicyMalformed, Rule, WayTerms

if TYPE_CHECKING:
    from collections.abc import Collection

RULES_MAX, WAYS_MAX = 2_000, 40
MINOR_MAX = 10**13
Minor = Annotated[int, Meta(ge=1, le=MINOR_MAX)]


type Limits = dict[Annotated[str, Meta(pattern="^(ILS|JOD|USD)$")], Minor]


class _Way(Struct, forbid_unknown_fields=True):
    way: Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,39}$")]
    at_least: Limits = {}
    at_most: Limits = {}


class _Rule(Struct, forbid_unknown_fields=True):
    scope: Annotated[str, Meta(pattern=r"^(\*|[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,99})?)$")]
    ways: Annotated[list[_Way], Meta(min_length=1, max_length=WAYS_MAX)]


class _Document(Struct, forbid_unknown_fields=True):
    rules: Annotated[list[_Rule], Meta(min_length=1, max_length=RULES_MAX)]


def read(document: Any, *, known_ways: Collection[str] | None = None) -> Policy:
    """The policy that a document says. Refuses with PolicyMalformed; `known_ways` None takes every way's name."""
    try:
        shape = msgspec.convert(document, _Document)
    except msgspec.ValidationError as fault:
        raise PolicyMalformed(where=str(fault)) from fault
    rules = tuple(
        Rule(rule.scope, tuple(WayTerms(one.way, one.at_least, one.at_most) for one in rule.ways))
        for rule in shape.rules
    )
    _require_sound(rules, known_ways)
    return Policy(rules)


def _require_sound(rules: tuple[Rule, ...], known_ways: Collection[str] | None) -> None:
    scopes = [rule.scope for rule in rules]
    if len(set(scopes)) != len(scopes) or EVERYTHING not in scopes:
        raise PolicyMalformed(where="scope")
    for rule in rules:
        names = [one.way for one in rule.ways]
        if len(set(names)) != len(names):
            raise PolicyMalformed(where=f"{rule.scope}.ways")
        for one in rule.ways:
            if known_ways is not None and one.way not in known_ways:
                raise PolicyMalformed(where=f"{rule.scope}.{one.way}")
            if any(one.at_most.get(currency, MINOR_MAX) < least for currency, least in one.at_least.items()):
                raise PolicyMalformed(where=f"{rule.scope}.{one.way}.at_least")


def write(policy: Policy) -> dict[str, Any]:
    """The document of a policy, as `read` takes it."""
    return {
        "rules": [
            {
                "scope": rule.scope,
                "ways": [
                    {"way": one.way, "at_least": dict(one.at_least), "at_most": dict(one.at_most)} for one in rule.ways
                ],
            }
            for rule in policy.rules
        ]
    }


def write_back_test(test: BackTest) -> dict[str, Any]:
    """What is kept of a back-test with the decision it was shown for."""
    return {
        "payments": test.payments,
        "since": test.since.isoformat(),
        "until": test.until.isoformat(),
        "lost": [[one.service, one.way, one.count, one.amount_minor, one.currency, one.stranded] for one in test.lost],
    }


def read_back_test(kept: dict[str, Any]) -> BackTest:
    moments = (datetime.fromisoformat(kept["since"]), datetime.fromisoformat(kept["until"]))
    return BackTest(kept["payments"], *moments, tuple(Lost(*row) for row in kept["lost"]))
