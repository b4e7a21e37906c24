"""What publishing by two people speaks in: a proposal, what became of it, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import Stage
    from hukumati.kernel.text import Text


class Decision(StrEnum):
    """What became of a proposal; empty while it waits."""

    WAITING = ""
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    """The author proposed something better before anybody had decided."""


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A version that somebody wants published: what, who, when, why; and what another person decided."""

    reference: str
    service_id: str
    version: int
    institution: str
    stage: Stage
    name: Text
    why: str
    proposed_by: str
    """The actor's label: `staff:…`, or `system:…` in a demonstration."""
    proposed_at: datetime
    decision: Decision
    decided_by: str
    decided_at: datetime | None
    reason: str
    content_sha256: str


@dataclass(eq=False)
class NothingChanged(Refused):
    """The folder is what is published already."""

    service: str
    version: int
    code: ClassVar[str] = "catalogue.nothing_changed"


@dataclass(eq=False)
class ProposalNotFound(Refused):
    """No such proposal, or none that waits."""

    proposal: str
    code: ClassVar[str] = "catalogue.proposal_not_found"


@dataclass(eq=False)
class ProposalDecided(Refused):
    """Somebody decided on it already."""

    proposal: str
    decision: str
    code: ClassVar[str] = "catalogue.proposal_decided"


@dataclass(eq=False)
class ReasonNotGiven(Refused):
    """A proposal says why, and so does its rejection."""

    code: ClassVar[str] = "catalogue.reason_not_given"


@dataclass(eq=False)
class SamePerson(Refused):
    """Nobody publishes what they proposed themselves."""

    proposal: str
    code: ClassVar[str] = "catalogue.same_person"


@dataclass(eq=False)
class NotServiceOwner(Refused):
    """Only a service owner of the institution proposes and publishes its services."""

    institution: str
    code: ClassVar[str] = "catalogue.not_service_owner"
