"""What a policy says of a fee, how two policies differ, and what one would have done to the payments of the past. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hukumati.domain.policies.facts import (
    EVERYTHING,
    BackTest,
    Bar,
    Change,
    Closed,
    Lost,
    Policy,
    PolicyFacts,
    Rule,
    Standing,
    Terms,
    Turn,
    WayTerms,
)
from hukumati.kernel.money import MINOR_DIGITS, Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hukumati.domain.policies.facts import Volume


def rule_for(policy: Policy, service: str) -> Rule:
    """The narrowest rule that covers a service: its own, its institution's, the one for everything."""
    rules = {rule.scope: rule for rule in policy.rules}
    institution = service.partition(".")[0]
    return next(rules[scope] for scope in (service, institution, EVERYTHING) if scope in rules)


def terms(policy: Policy, service: str, *, offered: Sequence[str], amount: Money) -> Terms:
    """Which of the ways that a service offers are open for a fee, in the policy's order; and why the others are not."""
    named = {one.way: one for one in rule_for(policy, service).ways}
    bars = {way: _closed(named.get(way), way, amount) for way in offered}
    return Terms(
        tuple(way for way in named if way in bars and bars[way] is None),
        tuple(bar for bar in bars.values() if bar is not None),
    )


def _closed(said: WayTerms | None, way: str, amount: Money) -> Closed | None:
    if said is None:
        return Closed(way, Bar.NOT_NAMED)
    least, most = said.at_least.get(amount.currency), said.at_most.get(amount.currency)
    if least is not None and amount.amount_minor < least:
        return Closed(way, Bar.TOO_LITTLE, Money(least, amount.currency))
    if most is not None and amount.amount_minor > most:
        return Closed(way, Bar.TOO_MUCH, Money(most, amount.currency))
    return None


def find_gap(policy: Policy, service: str, *, offered: Sequence[str]) -> Money | None:
    """The smallest fee of a service that could be paid by no way; None when every fee has one."""
    gaps = (Money(minor, currency) for currency in MINOR_DIGITS for minor in _edges(policy, service, currency))
    return next((fee for fee in gaps if not terms(policy, service, offered=offered, amount=fee).open), None)


def _edges(policy: Policy, service: str, currency: str) -> list[int]:
    """Where a limit begins or ends: between two edges nothing changes, so only they need to be tried."""
    ways = rule_for(policy, service).ways
    below = {one.at_least[currency] - 1 for one in ways if currency in one.at_least}
    above = {one.at_most[currency] + 1 for one in ways if currency in one.at_most}
    return sorted(minor for minor in {1, *below, *above} if minor > 0)


def differences(old: Policy, new: Policy) -> list[Change]:
    """What a new policy changes, scope by scope."""
    before, after = {rule.scope: rule for rule in old.rules}, {rule.scope: rule for rule in new.rules}
    return [change for scope in {**before, **after} for change in _of_scope(scope, before.get(scope), after.get(scope))]


def _of_scope(scope: str, old: Rule | None, new: Rule | None) -> Iterator[Change]:
    if new is None:
        yield Change(scope, Turn.RULE_REMOVED)
        return
    if old is None:
        yield Change(scope, Turn.RULE_ADDED)
    yield from _of_ways(scope, _by_way(old), _by_way(new))


def _of_ways(scope: str, before: dict[str, WayTerms], after: dict[str, WayTerms]) -> Iterator[Change]:
    for way, said in after.items():
        if way not in before:
            yield Change(scope, Turn.ADDED, way, new=said)
        elif before[way] != said:
            yield Change(scope, Turn.LIMITED, way, before[way], said)
    for way, said in before.items():
        if way not in after:
            yield Change(scope, Turn.REMOVED, way, old=said)
    stayed = [way for way in before if way in after]
    if stayed != [way for way in after if way in before]:
        yield Change(scope, Turn.MOVED)


def _by_way(rule: Rule | None) -> dict[str, WayTerms]:
    return {one.way: one for one in rule.ways} if rule is not None else {}


def replaced(policy: Policy, scope: str, ways: tuple[WayTerms, ...]) -> Policy:
    """The policy with another rule for this scope; without one when no way is given, so that the wider rule holds again."""
    rules = [rule for rule in policy.rules if rule.scope != scope]
    return Policy(tuple(sorted([*rules, *([Rule(scope, ways)] if ways else [])], key=lambda rule: rule.scope)))


def back_test(
    policy: Policy,
    volumes: Iterable[Volume],
    *,
    offered: Mapping[str, Sequence[str]],
    since: datetime,
    until: datetime,
) -> BackTest:
    """The payments of the past under a policy. `offered`: the ways of each service; of one that is gone, the way that was used is all we know."""
    lost: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    payments = 0
    for one in volumes:
        payments += one.count
        ways = offered.get(one.service, (one.way,))
        said = terms(policy, one.service, offered=ways, amount=one.amount)
        if one.way in said.open:
            continue
        held = lost[one.service, one.way, one.amount.currency]
        held[0] += one.count
        held[1] += one.count * one.amount.amount_minor
        held[2] += 0 if said.open else one.count
    rows = [
        Lost(service, way, count, minor, currency, stranded)
        for (service, way, currency), (count, minor, stranded) in sorted(lost.items())
    ]
    return BackTest(payments, since, until, tuple(rows))


def standing(version: PolicyFacts, *, at: datetime, in_force: int | None) -> Standing:
    """Where a version stands, given which one is in force."""
    if not version.decision:
        return Standing.WAITING
    if version.effective_at is None:
        return Standing.REJECTED
    if version.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if version.effective_at > at:
        return Standing.COMING
    return Standing.IN_FORCE if version.number == in_force else Standing.PAST
