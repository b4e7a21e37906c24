"""What the catalogue speaks in: one published version of a service and its parts, institutions, offices, fees, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from hukumati.domain.catalogue.answers import AnswerLayout as AnswerLayout  # noqa: TC001 (others take it from here)
from hukumati.domain.catalogue.answers import AnswerNotice as AnswerNotice
from hukumati.domain.catalogue.answers import AnswerRow as AnswerRow
from hukumati.domain.catalogue.answers import Choice as Choice
from hukumati.domain.catalogue.answers import Column as Column
from hukumati.domain.catalogue.answers import GoingOn as GoingOn
from hukumati.domain.catalogue.questions import Field as Field
from hukumati.domain.catalogue.questions import FieldKind as FieldKind
from hukumati.domain.catalogue.questions import Format as Format
from hukumati.domain.catalogue.questions import FormDefinition as FormDefinition
from hukumati.domain.catalogue.questions import Items as Items
from hukumati.domain.catalogue.questions import OfferedPerson as OfferedPerson
from hukumati.domain.catalogue.questions import Option as Option
from hukumati.domain.catalogue.questions import Page as Page
from hukumati.domain.catalogue.questions import People as People
from hukumati.domain.catalogue.questions import Shown as Shown
from hukumati.domain.catalogue.questions import When as When
from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import date, datetime
    from types import ModuleType

    from hukumati.domain.catalogue.decisions.tables import Table
    from hukumati.kernel.money import Money
    from hukumati.kernel.process import Process
    from hukumati.kernel.text import Text

type Facts = Mapping[str, Any]
"""What is known about a case: one entry for each read by its name, plus `answers`, `applicant` and `subject`. A path is `record.mother_name_ar`."""


class Kind(StrEnum):
    INQUIRY = "inquiry"
    PAID = "paid"
    OTHER = "other"


class Stage(StrEnum):
    """How far a service has come. Only pilot and open services can be started."""

    LISTED = "listed"
    RE_ENGINEERED = "re_engineered"
    """Its process was thought anew and agreed; it is not automated yet."""
    AUTOMATED = "automated"
    PILOT = "pilot"
    OPEN = "open"
    SUSPENDED = "suspended"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Condition:
    """A named yes or no about the facts. Exactly one of the comparisons is given."""

    name: str
    fact: str
    """A path, or a word about it: `age_of(subject.birth_date)`."""
    is_: str | int | bool | None = None
    is_not: str | int | bool | None = None
    one_of: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    within_days: int | None = None
    """The fact is a date that comes (or came) before this many days from now have passed."""
    missing: bool | None = None


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the tariff. `times` names the integer field that multiplies it; empty = once an application."""

    code: str
    name: Text
    unit: Money
    instrument: str
    article: str
    revenue_account: str
    valid_from: date
    valid_until: date | None = None
    times: str = ""
    when: str = ""
    """The condition under which it is owed; empty = always."""
    table: str = ""
    """The table that decides the amount; then `unit` is no more than the currency."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line for each record of a list that was chosen: fines paid in the same payment, people insured."""

    code: str
    name: Text
    """With the record's attributes in braces: `{place_ar}`."""
    source: str
    """Path of the list of records."""
    chosen_by: str
    """The answer that holds what was chosen, or `all`."""
    id: str
    """The attribute that tells one record from another."""
    amount: str
    """The attribute with the amount in minor units; empty = `unit` for each."""
    unit: Money
    instrument: str
    article: str
    """An article, or `item.` and the attribute that names it."""
    revenue_account: str
    valid_from: date
    valid_until: date | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A line of the tariff, applied: what the citizen owes and by which article."""

    code: str
    name: Text
    quantity: int
    unit: Money
    amount: Money
    instrument: str
    article: str
    revenue_account: str


@dataclass(frozen=True, slots=True)
class Assessment:
    lines: tuple[ChargeLine, ...]
    total: Money
    undecided: tuple[str, ...] = ()
    """What is not known although a line depends on it. With anything here the total is not the fee, and nothing is charged."""


@dataclass(frozen=True, slots=True)
class ReadDeclaration:
    """Which registry is asked for exactly which attributes of whom, why, and how old the answer may be."""

    name: str
    registry: str
    service: str
    subject: str
    """`applicant` or `subject` (the person the service is for)."""
    attributes: tuple[str, ...]
    purpose: Text
    fresh_seconds: int = 900
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What the registry is told beside whom: name of the parameter -> path of the answer it comes from."""
    when: str = ""
    """The condition under which it is read at all; empty = always."""
    may_be_absent: bool = False
    """That the registry knows nothing of the person is an answer, under `found`."""


@dataclass(frozen=True, slots=True)
class WriteDeclaration:
    """Which registry is told exactly what about whom, why, and what is to come back."""

    name: str
    registry: str
    service: str
    subject: str
    """`applicant` or `subject`."""
    facts: Mapping[str, str]
    """What the registry is told: name of the fact there -> path of the fact here."""
    returns: tuple[str, ...]
    purpose: Text
    refusals: Mapping[str, Text] = field(default_factory=dict)
    """The registry's own words for why it may say no, as the citizen is told."""
    when: str = ""
    """The condition under which it is told at all; empty = always."""
    each: Mapping[str, str] = field(default_factory=dict)
    """Of a told list of records, the one column that is told of each: name of the fact there -> name of the column."""


@dataclass(frozen=True, slots=True)
class DocumentDeclaration:
    title: Text
    template: str
    """Typst source."""
    data: Mapping[str, str]
    """Name in the document -> path of the fact."""
    sample: Mapping[str, Any]
    valid_days: int | None = None
    images: Mapping[str, str] = field(default_factory=dict)
    """Name in the document, `photo` for /photo.jpg -> path of the answer that is a photo."""
    interim: bool = False
    """It stands in for something that is collected later."""
    valid_through: str = ""
    """The path of the fact that is the last day of its validity; empty where the service sets the days itself."""
    subject_name: str = ""
    """Path of the name of whom the document is about; empty: the person the service is for."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What the service costs the citizen in questions, beside what the State fetches itself."""

    asked: int
    shown: int
    fetched: int
    papers: int


@dataclass(frozen=True)
class ServiceVersion:
    """An immutable version of a service, as published. An application keeps the version it was filed under."""

    id: str
    version: int
    institution: str
    kind: Kind
    stage: Stage
    audience: frozenset[str]
    """Empty = everyone; else groups of people, e.g. `public_employee`."""
    name: Text
    summary: Text
    who: Text
    note: Text | None
    icon: str
    keywords: tuple[str, ...]
    papers: tuple[Text, ...]
    legal_basis: tuple[str, ...]
    fee_lines: tuple[FeeLine, ...]
    answer_within_working_days: int
    answers_a_second: int | None
    """How many its registers can give; more people than that wait in line. None when no surge is expected."""
    pick_up: frozenset[str]
    pay_by: tuple[str, ...]
    offices: tuple[str, ...]
    form: FormDefinition
    process: Process | None
    """None for an inquiry and for a service that is only listed."""
    conditions: tuple[Condition, ...]
    reads: tuple[ReadDeclaration, ...]
    writes: tuple[WriteDeclaration, ...]
    answer: AnswerLayout | None
    document: DocumentDeclaration | None
    texts: Mapping[str, Text]
    rules: ModuleType | None
    content_sha256: str
    published_at: datetime | None = None
    category: str = ""
    life_events: tuple[str, ...] = ()
    item_lines: tuple[ItemLine, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    eligibility: str = ""
    """The table that says who is refused and why; empty = nobody."""

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """Each service of a register that it reads: (registry, service). Of a register that is only told, any: the service is empty."""
        read = {(read.registry, read.service) for read in self.reads}
        told = {write.registry for write in self.writes} - {registry for registry, _service in read}
        return tuple(sorted(read | {(registry, "") for registry in told}))

    @property
    def _spoken_with(self) -> tuple[ReadDeclaration | WriteDeclaration, ...]:
        return (*self.reads, *self.writes)

    def registry_of(self, name: str) -> str:
        """The register that the read or the write of this name speaks to; empty when there is none."""
        return next((one.registry for one in self._spoken_with if one.name == name), "")

    @property
    def startable(self) -> bool:
        return self.stage in (Stage.PILOT, Stage.OPEN)

    @property
    def burden(self) -> Burden:
        asked = [field_ for field_ in self.form.fields if field_.kind != FieldKind.SHOW]
        shown = len(self.form.fields) - len(asked)
        return Burden(len(asked), shown, sum(len(read.attributes) for read in self.reads), len(self.papers))

    @property
    def asks_for_whom(self) -> bool:
        """Whether it can be for somebody else; without that question it is for the applicant."""
        return self.form.find_kind(FieldKind.TIE) is not None

    def get_read(self, name: str) -> ReadDeclaration:
        return next(read for read in self.reads if read.name == name)

    def state_text(self, state: str) -> Text:
        return self.texts[f"state.{state}"]


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    id: str
    name: Text
    about: Text
    icon: str = "landmark"
    services_count: int | None = None  # told by list_institutions


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """A place where people are served. `kind` is `counter` (of a ministry) or `post`."""

    id: str
    kind: str
    institution: str
    name: Text
    governorate: Text
    address: Text
    hours: Text


@dataclass(frozen=True, slots=True)
class Locality:
    """A town or village, and the governorate it lies in."""

    id: str
    governorate: str
    name: Text


@dataclass(frozen=True, slots=True)
class Governorate:
    id: str
    name: Text
    localities: tuple[Locality, ...]


@dataclass(frozen=True, slots=True)
class ServiceFault:
    """What is wrong with a service folder, where, and what to do."""

    file: str
    line: int
    code: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}: {self.hint}"


class ServiceFaultsError(ValueError):
    """A folder that does not prove itself. Carries every fault found."""

    def __init__(self, service: str, faults: list[ServiceFault]) -> None:
        super().__init__(f"{service}: " + "; ".join(map(str, faults)))
        self.service = service
        self.faults = faults


@dataclass(eq=False)
class ServiceNotFound(Refused):
    """No such service, or not this version of it."""

    service: str
    code: ClassVar[str] = "catalogue.service_not_found"


@dataclass(eq=False)
class InstitutionNotFound(Refused):
    institution: str
    code: ClassVar[str] = "catalogue.institution_not_found"


@dataclass(eq=False)
class OfficeNotFound(Refused):
    office: str
    code: ClassVar[str] = "catalogue.office_not_found"


@dataclass(eq=False)
class VersionChangedUnderItsNumber(Refused):
    """This version was published with other content: history does not change under a citizen's feet. Raise the version."""

    service: str
    version: int
    code: ClassVar[str] = "catalogue.version_changed_under_its_number"


@dataclass(eq=False)
class VersionWentBack(Refused):
    """A newer version is published already."""

    service: str
    version: int
    published: int
    code: ClassVar[str] = "catalogue.version_went_back"
