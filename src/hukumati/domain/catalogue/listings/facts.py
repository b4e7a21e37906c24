"""What lists, search, plan and open data speak in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from hukumati.domain.catalogue.facts import Kind, Stage
from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import date

    from hukumati.domain.catalogue.facts import InstitutionFacts
    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One service as lists show it."""

    id: str
    institution: str
    name: Text
    summary: Text
    icon: str
    kind: Kind
    stage: Stage
    fee_from: Money | None
    """The least it costs on the day that was asked about; Money(0) is free, None is not told."""
    answer_within_working_days: int | None
    at_once: bool
    category: str = ""
    life_events: tuple[str, ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    """The services of registers that it needs: (registry, service)."""

    @property
    def startable(self) -> bool:
        return self.stage in (Stage.PILOT, Stage.OPEN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which services a list is to show; empty means all."""

    institution: str = ""
    category: str = ""
    life_event: str = ""
    online: bool = False


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """A page of a list, and how long the whole is."""

    entries: tuple[Entry, ...]
    count: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class ServiceHit:
    """A found service and why it was found: `name`, `keyword`, `text` or `alike`."""

    service: Entry
    why: str
    matched: tuple[str, ...]
    """Stems that matched: `words.marked` shows where."""
    rank: float
    keyword: str = ""
    """The keyword that matched, when that is why."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A category, or an event of life, under which services stand."""

    id: str
    name: Text
    about: Text
    icon: str
    services_count: int = 0


@dataclass(frozen=True, slots=True)
class Directory:
    """Ways into the catalogue, each with the number of services behind it."""

    institutions: tuple[InstitutionFacts, ...]
    categories: tuple[Topic, ...]
    life_events: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class DescribedService:
    """A service that is only described: everything its page and open data tell."""

    entry: Entry
    who: Text | None
    papers: tuple[Text, ...]
    offices: tuple[str, ...]
    place: Text | None
    hours: Text | None
    owner: str
    keywords: tuple[str, ...]
    legal_basis: tuple[str, ...]
    pay_by: tuple[str, ...]
    pick_up: tuple[str, ...]
    demonstration: bool
    moves: tuple[MoveFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """A stage on the way of one service: when it was to be reached, when it was, and who answers for it."""

    stage: Stage
    owner: str
    planned_on: date | None
    happened_on: date | None


@dataclass(frozen=True, slots=True)
class BurnUpMonth:
    """Sums at the end of a month: what was to be online by then, and what was; None for months to come."""

    month: date
    planned: int
    online: int | None


@dataclass(frozen=True, slots=True)
class BurnUp:
    """How far the migration of all services has come."""

    expected: int
    """How many there are to move, as the programme says."""
    described: int
    by_stage: dict[Stage, int]
    planned: int
    """How many have a day by which they are to be online."""
    late: int
    """How many of these days have passed without it."""
    demonstration: bool
    months: tuple[BurnUpMonth, ...]

    @property
    def online(self) -> int:
        return self.by_stage.get(Stage.PILOT, 0) + self.by_stage.get(Stage.OPEN, 0)


@dataclass(frozen=True, slots=True)
class InstitutionFigures:
    """What an institution's services look like together."""

    by_stage: dict[Stage, int]
    days_median: int | None
    """Half of its services promise an answer within so many working days."""
    offices_count: int

    @property
    def services_count(self) -> int:
        return sum(self.by_stage.values())

    @property
    def online_count(self) -> int:
        return self.by_stage.get(Stage.PILOT, 0) + self.by_stage.get(Stage.OPEN, 0)

    @property
    def online_percent(self) -> int:
        return round(100 * self.online_count / self.services_count) if self.services_count else 0


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in an imported file, where, and what to do. `column` is empty when the whole row is meant."""

    line: int
    column: str
    hint: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.hint}" if self.column else f"line {self.line}: {self.hint}"


@dataclass(slots=True)
class ImportReport:
    """What an import did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    faults: list[RowFault] = field(default_factory=list)
    """The first of them; `refused` counts all."""
    sha256: str = ""

    @property
    def taken(self) -> int:
        return self.new + self.changed + self.same


@dataclass(eq=False)
class TopicNotFound(Refused):
    """No such category or event of life."""

    topic: str
    code: ClassVar[str] = "catalogue.topic_not_found"
