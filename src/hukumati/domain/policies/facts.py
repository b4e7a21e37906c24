"""What the payment policy speaks in. The refusals stand at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hukumati.kernel.money import Money

EVERYTHING: Final = "*"
"""The scope of a rule for whatever has no rule of its own; else an institution, or a service: `interior`, `interior.civil_extract`."""


@dataclass(frozen=True, slots=True)
class WayTerms:
    """One way that is allowed, and between which sums in minor units by currency; a currency that is not named has no limit."""

    way: str
    at_least: Mapping[str, int] = field(default_factory=dict)
    at_most: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """The ways of a scope, the first to be shown first. A way that is not named is not allowed."""

    scope: str
    ways: tuple[WayTerms, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Its rules; exactly one is for everything."""

    rules: tuple[Rule, ...]


class Bar(StrEnum):
    """Why a way is closed for a fee."""

    NOT_NAMED = "not_named"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class Closed:
    """A way that the policy closes for a fee; `limit` is the sum that it passes or does not reach."""

    way: str
    bar: Bar
    limit: Money | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the policy says of one fee: the ways that are open, in its order, and why each of the others is closed."""

    open: tuple[str, ...]
    closed: tuple[Closed, ...]


class Standing(StrEnum):
    """Where a version stands at a moment."""

    WAITING = "waiting"
    REJECTED = "rejected"
    COMING = "coming"
    IN_FORCE = "in_force"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """One version. `base` is the version it changes, None for the first; `asked_from` None asks for the moment of its release."""

    number: int
    base: int | None
    policy: Policy
    instrument: str
    article: str
    reason: str
    asked_from: datetime | None
    proposed_by: str
    proposed_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None
    decision_words: str
    effective_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    standing: Standing
    back_test: BackTest | None


class Turn(StrEnum):
    """What became of a way in a scope."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    LIMITED = "limited"
    RULE_ADDED = "rule_added"
    RULE_REMOVED = "rule_removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two policies: a way of a scope, or a whole rule (then `way` is empty)."""

    scope: str
    turn: Turn
    way: str = ""
    old: WayTerms | None = None
    new: WayTerms | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """How many fees of a service were paid in one way and of one sum."""

    service: str
    way: str
    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class Lost:
    """Payments of the past that a policy would not have let through."""

    service: str
    way: str
    count: int
    amount_minor: int
    currency: str
    stranded: int
    """How many of them would have had no other way at all."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """A policy held against the payments of the past: how many there were, and which of them it would have turned away."""

    payments: int
    since: datetime
    until: datetime
    lost: tuple[Lost, ...]

    @property
    def turned_away(self) -> int:
        return sum(one.count for one in self.lost)

    @property
    def stranded(self) -> int:
        return sum(one.stranded for one in self.lost)


@dataclass(eq=False)
class PolicyOwnerOnly(Refused):
    code: ClassVar[str] = "policies.owner_only"


@dataclass(eq=False)
class PolicyNotFound(Refused):
    code: ClassVar[str] = "policies.not_found"


@dataclass(eq=False)
class PolicyMalformed(Refused):
    """`where` says what is no policy: a scope twice, an unknown way, a limit that is no sum."""

    where: str
    code: ClassVar[str] = "policies.malformed"


@dataclass(eq=False)
class PolicyUnfounded(Refused):
    """`field` is missing: instrument, article, reason."""

    field: str
    code: ClassVar[str] = "policies.unfounded"


@dataclass(eq=False)
class PolicyTooEarly(Refused):
    """It cannot rule what has been."""

    code: ClassVar[str] = "policies.too_early"


@dataclass(eq=False)
class PolicyTakesTwo(Refused):
    code: ClassVar[str] = "policies.takes_two"


@dataclass(eq=False)
class PolicyDecided(Refused):
    code: ClassVar[str] = "policies.decided"


@dataclass(eq=False)
class PolicyMovedOn(Refused):
    """Another version was released since this one was proposed; it would be undone unseen."""

    code: ClassVar[str] = "policies.moved_on"


@dataclass(eq=False)
class PolicyChangesNothing(Refused):
    code: ClassVar[str] = "policies.changes_nothing"


@dataclass(eq=False)
class PolicyInForce(Refused):
    """It rules already: it is replaced by another version, not withdrawn."""

    code: ClassVar[str] = "policies.in_force"


@dataclass(eq=False)
class PolicyLeavesNoWay(Refused):
    """A fee of `amount` for `service` could then be paid by no way at all."""

    service: str
    amount: Money
    code: ClassVar[str] = "policies.leaves_no_way"
