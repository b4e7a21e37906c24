"""What the module speaks in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from hukumati.domain.catalogue.sdk import person_key
from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


@dataclass(frozen=True)
class SubjectFacts:
    """Whom the application is for, as the civil registry knows the tie to the applicant."""

    national_id: str
    tie: str
    name: Text
    birth_date: date | None = None
    minor: bool = False
    alive: bool = True

    @property
    def key(self) -> str:
        """How a page names this person: no identity number stands in a form, and two children never share a key."""
        return person_key(self.tie, self.national_id)


@dataclass(frozen=True)
class EvidenceFacts:
    """A registry's answer kept with the case: what, from whom, how old."""

    name: str
    facts: Mapping[str, Any]
    as_of: datetime
    asked_at: datetime
    source: Text
    read_reference: str


@dataclass(frozen=True)
class TimelineFacts:
    """One thing that happened to the case. `reason` was written by staff for the citizen to read."""

    at: datetime
    verb: str
    from_state: str
    to_state: str
    by_kind: str
    by_id: str
    reason: str = ""
    digest: str = ""
    """Of a word that another person gave: the hash of what it was given on."""


@dataclass(frozen=True)
class ApplicationFacts:
    """A case as everybody outside sees it. `evidence` is by read name; `answers` are clean values by field id."""

    reference: str
    service_id: str
    service_version: int
    institution: str
    state: str
    account_id: int
    applicant_id: str
    language: str
    created_at: datetime
    changed_at: datetime
    revision: int = 0
    subject: SubjectFacts | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, EvidenceFacts] = field(default_factory=dict)
    pages_done: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    promised_at: datetime | None = None
    closed_at: datetime | None = None
    assigned_to: str = ""
    authenticated_by: tuple[str, ...] = ()
    applicant_birth_date: date | None = None
    applicant_public_employee: bool | None = None


@dataclass(frozen=True)
class SourceFacts:
    """Where one part of an answer comes from. `as_of` is empty when the registry knows nothing of the person."""

    source: Text
    as_of: datetime | None


@dataclass(frozen=True)
class ConfirmationFacts:
    """Another person's word that a case waits for, or has. `asked` are the values he is shown, by field of the form."""

    reference: str
    case_reference: str
    service_id: str
    service_version: int
    applicant: Text
    party: Text
    tie: str
    asked: Mapping[str, Any]
    digest: str
    asked_at: datetime
    until: datetime
    state: str
    """`asked`, `confirmed`, `declined` or `lapsed`."""
    decided_at: datetime | None = None
    authenticated_by: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class InquiryFacts:
    """A live question and its answer. `facts` is empty when the registry knows nothing of the person."""

    reference: str
    service_id: str
    service_version: int
    account_id: int
    asked_at: datetime
    found: bool
    facts: Mapping[str, Any]
    as_of: datetime | None
    source: Text | None
    subject: SubjectFacts | None = None
    """Who it is about; None = the citizen himself, who was not asked."""
    sources: Mapping[str, SourceFacts] = field(default_factory=dict)
    """By the name of the read."""


class QueuedState(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class QueuedFacts:
    """A question that waits for its registry. `inquiry` is the answer's reference once there is one."""

    reference: str
    service_id: str
    state: QueuedState
    queued_at: datetime
    expires_at: datetime
    tried_at: datetime | None = None
    inquiry: str = ""


@dataclass(frozen=True)
class RunningCases:
    """What a newer version would meet: filed cases by the version they keep, and drafts that would go over.

    `lost` and `asked` count, by the question, the drafts in which an answer goes or a new one is needed.
    """

    filed: Mapping[int, int]
    drafts: int
    lost: Mapping[Text, int]
    asked: Mapping[Text, int]


@dataclass(frozen=True)
class QueueRow:
    """A line of the desk's queue."""

    reference: str
    service_id: str
    state: str
    applicant_name: Text
    submitted_at: datetime
    promised_at: datetime
    assigned_to: str


class AssistanceState(StrEnum):
    """How far the help at a counter has come. The first three are live; time ends each of them by itself."""

    OFFERED = "offered"
    ASKED = "asked"
    OPEN = "open"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True)
class AssistanceFacts:
    """An employee at a counter helps with a citizen's own draft. `code` is known only to the call that made it."""

    reference: str
    application: str
    state: AssistanceState
    expires_at: datetime
    institution: str = ""
    office: str = ""
    helper: str = ""
    code: str = ""

    def is_open(self, at: datetime) -> bool:
        return self.state == AssistanceState.OPEN and at < self.expires_at

    def is_asked(self, at: datetime) -> bool:
        return self.state == AssistanceState.ASKED and at < self.expires_at


@dataclass(eq=False)
class AssistanceNotFound(Refused):
    """Nobody helps here, or not this employee, or no longer."""

    code: ClassVar[str] = "applications.help_not_found"


@dataclass(eq=False)
class AssistanceCodeUnknown(Refused):
    """No draft waits under this code: mistyped, used, too old, or never made."""

    code: ClassVar[str] = "applications.help_code_unknown"


@dataclass(eq=False)
class ApplicationNotFound(Refused):
    """No such application for this reader; says nothing of whether it exists for another."""

    code: ClassVar[str] = "applications.not_found"


@dataclass(eq=False)
class InquiryNotFound(Refused):
    code: ClassVar[str] = "applications.inquiry_not_found"


@dataclass(eq=False)
class QueuedNotFound(Refused):
    code: ClassVar[str] = "applications.queued_not_found"


@dataclass(eq=False)
class TooManyQueued(Refused):
    """So many questions of this citizen wait already."""

    limit: int
    code: ClassVar[str] = "applications.queue_full"


@dataclass(eq=False)
class ServiceNotOpen(Refused):
    """Not automated yet, suspended, or for another audience."""

    service_id: str
    stage: str
    code: ClassVar[str] = "applications.service_not_open"


@dataclass(eq=False)
class TooManyDrafts(Refused):
    limit: int
    code: ClassVar[str] = "applications.too_many_drafts"


@dataclass(eq=False)
class SubjectNotAllowed(Refused):
    """The civil registry knows no such tie, or the service is not for it."""

    code: ClassVar[str] = "applications.subject_not_allowed"


@dataclass(eq=False)
class SubjectMissing(Refused):
    code: ClassVar[str] = "applications.subject_missing"


@dataclass(eq=False)
class AnswersIncomplete(Refused):
    """Pages that still need an answer, in order."""

    pages: tuple[str, ...]
    code: ClassVar[str] = "applications.answers_incomplete"


@dataclass(eq=False)
class AnswersInvalid(Refused):
    """Field id -> error code and its facts. Nothing was saved; what was typed comes back with the page."""

    errors: Mapping[str, tuple[str, Mapping[str, Any]]]
    code: ClassVar[str] = "applications.answers_invalid"


@dataclass(eq=False)
class NotEligible(Refused):
    """The service's own table refuses it, with the service's own words for the reason."""

    reason: Text
    code: ClassVar[str] = "applications.not_eligible"


@dataclass(eq=False)
class FactsMissing(Refused):
    """The fee or the decision depends on something that nobody knows: what it is, by its input."""

    inputs: tuple[str, ...]
    code: ClassVar[str] = "applications.facts_missing"


@dataclass(eq=False)
class FeeWouldChange(Refused):
    """The case is paid; the corrected answers would cost something else."""

    paid: Money
    asked: Money
    code: ClassVar[str] = "applications.fee_would_change"


@dataclass(eq=False)
class CaseChanged(Refused):
    """Somebody, or another window, changed the case meanwhile."""

    code: ClassVar[str] = "applications.case_changed"


@dataclass(eq=False)
class ServiceChanged(Refused):
    """A newer version was published since the draft was begun: the citizen sees the difference before anything is filed."""

    version: int
    code: ClassVar[str] = "applications.service_changed"


@dataclass(eq=False)
class NotYourCase(Refused):
    """The case is another institution's, or lies with a colleague."""

    code: ClassVar[str] = "applications.case_not_yours"


@dataclass(eq=False)
class OwnCase(Refused):
    """Nobody decides on an application of their own or of their family."""

    code: ClassVar[str] = "applications.own_case"


@dataclass(eq=False)
class PartyMissing(Refused):
    """Nobody stands in the registry whose word the case could ask for."""

    code: ClassVar[str] = "applications.party_missing"


@dataclass(eq=False)
class ConfirmationNotFound(Refused):
    """No such question to this reader; says nothing of whether it exists for another."""

    code: ClassVar[str] = "applications.confirmation_not_found"


@dataclass(eq=False)
class ConfirmationClosed(Refused):
    """It was answered already, or its time is over."""

    code: ClassVar[str] = "applications.confirmation_closed"


@dataclass(eq=False)
class SupplementMissing(Refused):
    """What the document needs and neither the registry nor the clerk gave."""

    paths: tuple[str, ...]
    code: ClassVar[str] = "applications.supplement_missing"
