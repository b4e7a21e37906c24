"""Who does something. Recorded with every change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is a public account reference (never a database id or ID number); `roles` are staff roles that hold now."""

    kind: ActorKind
    id: str
    roles: frozenset[str] = frozenset()
    institution: str = ""
    office: str = ""
    authenticated_by: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.kind}:{self.id}"


def system(name: str) -> Actor:
    """The system itself, named by the job that acts."""
    return Actor(ActorKind.SYSTEM, name)


def provider(name: str) -> Actor:
    """An outside provider whose signed word we act on."""
    return Actor(ActorKind.PROVIDER, name)
