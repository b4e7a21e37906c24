"""What the exchange speaks in: grants, questions, answers, reads, the state of registries, refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hukumati.kernel.national_id import NationalId
    from hukumati.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Question:
    """Asks a registry for attributes of one person, for one live case. `registry` is `member/subsystem`: `interior/civil`."""

    case_reference: str
    subject: NationalId
    registry: str
    service: str
    attributes: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What the registry is told beside whom and what: `{"year": "2026", "seat": "30412"}`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Tells a registry facts about one person, for one live case. Case and `name` make it one: told again, it is the same statement."""

    case_reference: str
    name: str
    subject: NationalId
    registry: str
    service: str
    facts: Mapping[str, Any]
    returns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the registry said. `as_of` is the registry's own moment; `asked_at` ours."""

    facts: Mapping[str, Any]
    as_of: datetime
    source: Text
    asked_at: datetime
    read_reference: str


@dataclass(frozen=True, slots=True)
class IdentityMatch:
    """The civil registry confirms that number, birth date and card belong together."""

    national_id: NationalId
    first_ar: str
    father_ar: str
    grandfather_ar: str
    family_ar: str
    first_latin: str
    father_latin: str
    grandfather_latin: str
    family_latin: str
    birth_date: date
    mobile: str
    read_reference: str


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """One read of a person's data, as the person may see it."""

    reference: str
    at: datetime
    institution: Text
    registry: str
    service: str
    case_reference: str
    purpose: Text
    attributes: tuple[str, ...]
    who: str
    """`citizen` (you yourself), `staff`, `system`: never a name."""
    outcome: str
    """`answered`, `unknown`, `unreachable`, `wrong` or `asked` (no outcome recorded yet)."""


@dataclass(frozen=True, slots=True)
class WriteFacts:
    """What a registry was told about a person, as the person may see it."""

    reference: str
    at: datetime
    institution: Text
    registry: str
    service: str
    case_reference: str
    purpose: Text
    facts: Mapping[str, Any]
    who: str
    """`citizen`, `staff` or `system`: never a name."""
    outcome: str
    """`recorded`, `refused`, `unreachable`, `wrong` or `told` (no outcome recorded yet)."""


@dataclass(frozen=True, slots=True)
class RegistryState:
    """Whether a service of a registry answers now. `checked_at` is when that was last seen."""

    registry: str
    service: str
    up: bool
    checked_at: datetime


@dataclass(eq=False)
class ReadNotCovered(Refused):
    """No live grant covers this case, person, registry, service and attributes."""

    case_reference: str
    registry: str
    service: str
    code: ClassVar[str] = "exchange.read_not_covered"


@dataclass(eq=False)
class SubjectUnknown(Refused):
    """The registry answered: it holds nothing about this person."""

    registry: str
    service: str
    code: ClassVar[str] = "exchange.subject_unknown"


@dataclass(eq=False)
class WriteNotCovered(Refused):
    """No live grant for writing covers this case, person, registry, service and facts."""

    case_reference: str
    registry: str
    service: str
    code: ClassVar[str] = "exchange.write_not_covered"


@dataclass(eq=False)
class WriteRefused(Refused):
    """The registry answered that it will not enter this. `reason` is its own stable word for why; nothing was entered."""

    registry: str
    service: str
    name: str
    reason: str
    code: ClassVar[str] = "exchange.write_refused"


class WriteDiffersError(Exception):
    """The case would tell a registry other facts than those it told before and has no word of: nothing may be told twice."""


class RegistryUnreachableError(Exception):
    """The registry did not answer in time, or not in words we understand. `registry` says which; nothing was changed."""

    def __init__(self, registry: str, reason: str = "") -> None:
        super().__init__(f"{registry}: {reason}")
        self.registry = registry
        self.reason = reason


class RegistryAnswerError(RegistryUnreachableError):
    """It answered, but what it said cannot be right: not the shape agreed, too large, about someone else."""
