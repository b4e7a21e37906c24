"""By which ways a fee may be paid now: what its service offers, who stands behind it here, and what the payment policy says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.payments.facts import Way
from hukumati.domain.payments.providers import is_open
from hukumati.domain.payments.refusals import WayClosed, WayNotOffered
from hukumati.domain.policies import api as policies

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payments.facts import ChargeFacts


def terms_of(charge: ChargeFacts, *, at: datetime) -> policies.Terms:
    """The open ways in the policy's order, and why others of the service are closed. Without a policy the service's own ways are open."""
    offered = tuple(str(way) for way in with_terminal(charge.ways) if is_open(way))
    policy = policies.find_policy(at=at)
    if policy is None:
        return policies.Terms(offered, ())
    return policies.terms(policy, charge.service, offered=offered, amount=charge.total)


def with_terminal(ways: tuple[str, ...]) -> tuple[str, ...]:
    """Where a service takes cash at a counter, the counter's terminal may take a card for it."""
    return (*ways, Way.TERMINAL) if Way.CASH in ways else ways


def require_way(charge: ChargeFacts, way: Way, *, at: datetime) -> None:
    """Refuses with WayNotOffered what the service does not offer, and with WayClosed what the policy closes."""
    said = terms_of(charge, at=at)
    if way.value in said.open:
        return
    for one in said.closed:
        if one.way == way.value:
            raise WayClosed(way=way, bar=one.bar, limit=one.limit, others=tuple(map(Way, said.open)))
    raise WayNotOffered(way=way)
