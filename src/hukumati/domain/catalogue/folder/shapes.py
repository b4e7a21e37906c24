"""What may stand in each file of a service folder. Unknown keys are faults: a misspelt key must not be silently ignored."""

from __future__ import annotations

import re
from datetime import date  # noqa: TC003 (msgspec reads it)
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from msgspec import field as called

from hukumati.domain.catalogue.decisions.facts import Aggregation, HitPolicy, Type
from hukumati.domain.catalogue.facts import FieldKind, Format, Kind, Stage
from hukumati.domain.uploads.facts import BYTES_MAX, PAGES_MAX, PIXELS_MAX

type Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
type Scalar = str | int | bool
type Tone = Literal["neutral", "info", "ok", "warn", "bad"]


class Shape(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A table that refuses what it does not know."""


class DocumentShape(Shape):
    data: dict[str, str]
    images: dict[Name, str] = {}
    interim: bool = False
    """It stands in for something that is collected later: its holder hears of both at once."""
    subject_name: str = ""
    valid_days: Annotated[int, Meta(ge=1)] | None = None
    valid_through: str = ""
    """The path of the fact that is the last day of its validity, where a register says it."""


class ServiceShape(Shape):
    id: Annotated[str, Meta(pattern=r"^[a-z][a-z_]*\.[a-z][a-z0-9_]*$")]
    version: Annotated[int, Meta(ge=1)]
    institution: Name
    kind: Kind
    stage: Stage
    answer_within_working_days: Annotated[int, Meta(ge=0, le=365)]
    legal_basis: list[Annotated[str, Meta(pattern=r"^[a-z0-9-]+:article-[\w./-]+$")]]
    icon: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")] = "file-text"
    answers_a_second: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    audience: list[Name] = []
    keywords: list[str] = []
    category: Name = ""
    life_events: list[Name] = []
    papers: list[Name] = []
    offices: list[str] = []
    pick_up: list[Literal["download", "counter", "post_office"]] = []
    pay_by: list[Literal["card", "wallet", "transfer", "cash"]] = []
    document: DocumentShape | None = None
    eligibility: str = ""


class WhenShape(Shape):
    field: Name
    is_: Scalar | None = called(default=None, name="is")
    one_of: list[Name] = []
    at_least: int | None = None

    @property
    def comparisons(self) -> list[Any]:
        return [value for value in (self.is_, self.one_of or None, self.at_least) if value is not None]


class ShownShape(Shape):
    attribute: Name
    format: Format = Format.TEXT
    in_english: str = ""


class ItemsShape(Shape):
    id: Name
    shows: Annotated[list[ShownShape], Meta(min_length=1)]
    all_required: bool = False
    only: str = ""
    one_of: list[Scalar] = []


class PeopleShape(Shape):
    list_: str = called(default="", name="list")
    included: str = ""
    barred: str = ""
    added_reasons: list[Name] = []
    dropped_reasons: list[Name] = []


class LimitsShape(Shape):
    """What may be handed in. A proportion is the width in per cent of the height."""

    types: Annotated[list[Literal["jpeg", "png", "pdf"]], Meta(min_length=1)]
    bytes_max: Annotated[int, Meta(ge=10_000, le=BYTES_MAX)] = BYTES_MAX
    pixels_max: Annotated[int, Meta(ge=100_000, le=PIXELS_MAX)] = PIXELS_MAX
    pages_max: Annotated[int, Meta(ge=1, le=PAGES_MAX)] = PAGES_MAX
    width_min: Annotated[int, Meta(ge=1, le=5000)] = 1
    height_min: Annotated[int, Meta(ge=1, le=5000)] = 1
    proportion_min: Annotated[int, Meta(ge=0, le=500)] = 0
    proportion_max: Annotated[int, Meta(ge=0, le=500)] = 0


class FieldShape(Shape):
    id: Name
    kind: FieldKind
    required: bool = True
    options: list[Name] = []
    numbers: list[Annotated[int, Meta(ge=0, le=999_999)]] = []
    """Of `integer`: the only ones that may be chosen."""
    minimum: int | None = None
    maximum: int | None = None
    length_max: Annotated[int, Meta(ge=1, le=2000)] = 200
    length_exact: Annotated[int, Meta(ge=1, le=40)] | None = None
    ties: list[Literal["self", "child", "ward", "parent", "spouse"]] = []
    office_kinds: list[Literal["counter", "post"]] = []
    fact: str = ""
    format: Format = Format.TEXT
    default: Scalar | None = None
    when: WhenShape | None = None
    items: ItemsShape | None = None
    people: PeopleShape | None = None
    field: list[FieldShape] = []
    """Of a `group`: the questions of each of its rows."""
    currency: Literal["ILS", "JOD", "USD"] = "ILS"
    concept: str = ""
    limits: LimitsShape | None = None
    in_english: str = ""
    letters: Literal["", "arabic", "latin"] = ""
    among: list[str] = []
    shows: list[Name] = []


class PageShape(Shape):
    id: Name
    field: list[FieldShape]
    after_answer: bool = False


class FormShape(Shape):
    page: list[PageShape]


class ConditionShape(Shape):
    fact: str
    is_: Scalar | None = called(default=None, name="is")
    is_not: Scalar | None = None
    one_of: list[str] = []
    at_least: int | None = None
    at_most: int | None = None
    within_days: int | None = None
    missing: bool | None = None

    @property
    def comparisons(self) -> list[Any]:
        given = (
            self.is_,
            self.is_not,
            self.one_of or None,
            self.at_least if self.at_most is None else self.at_most,  # both together are one: between
            self.within_days,
            self.missing,
        )
        return [value for value in given if value is not None]


class StepShape(Shape):
    from_: Name = called(name="from")
    verb: Name
    to: Name
    by: Literal["citizen", "clerk", "counter", "ledger", "system", "clock", "party"]
    when: str = ""
    needs_reason: bool = False
    refunds: bool = False
    keeps_lines: list[Name] = []
    """With `refunds`: lines of fees.toml that do not go back, because what they paid for is done."""
    keeps_fee: bool = False
    """Said out loud where a paid fee is kept although nothing is issued; otherwise such an end must refund."""
    within_days: Annotated[int, Meta(ge=0)] = 0


class ProcessShape(Shape):
    start: Name
    end: list[Name]
    steps: list[StepShape]
    conditions: dict[str, ConditionShape] = {}


class FeeShape(Shape):
    """One line of the tariff; its amount stands here, or a table decides it."""

    code: Name
    instrument: Annotated[str, Meta(min_length=1)]
    article: Annotated[str, Meta(min_length=1)]
    revenue_account: Annotated[str, Meta(pattern=r"^revenue:[a-z_]+:[a-z0-9_]+$")]
    valid_from: date
    valid_until: date | None = None
    currency: Literal["ILS", "JOD", "USD"] = "ILS"
    amount_minor: Annotated[int, Meta(ge=1)] | None = None
    table: str = ""
    times: str = ""
    when: str = ""


class ItemLineShape(Shape):
    """A line for each record of a list that the citizen chose."""

    code: Name
    from_: str = called(name="from")
    chosen_by: str
    id: Name
    amount_minor: Annotated[int, Meta(ge=1)] | Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]*$")]
    instrument: Annotated[str, Meta(min_length=1)]
    article: Annotated[str, Meta(min_length=1)]
    revenue_account: Annotated[str, Meta(pattern=r"^revenue:[a-z_]+:[a-z0-9_]+$")]
    valid_from: date
    valid_until: date | None = None
    currency: Literal["ILS", "JOD", "USD"] = "ILS"
    when: str = ""


class FeesShape(Shape):
    line: list[FeeShape] = []
    items: list[ItemLineShape] = []
    conditions: dict[str, ConditionShape] = {}


class ReadShape(Shape):
    name: Name
    registry: Annotated[str, Meta(pattern=r"^[a-z]+/[a-z]+$")]
    service: Annotated[str, Meta(min_length=1)]
    subject: Literal["applicant", "subject"]
    attributes: Annotated[list[Name], Meta(min_length=1)]
    fresh_seconds: Annotated[int, Meta(ge=0, le=30 * 86_400)] = 900
    with_: dict[Name, str] = called(default={}, name="with")
    when: str = ""
    may_be_absent: bool = False
    """That the register knows nothing of the person is an answer: `<name>.found` says whether it does."""


class WriteShape(Shape):
    name: Name
    registry: Annotated[str, Meta(pattern=r"^[a-z]+/[a-z]+$")]
    service: Annotated[str, Meta(min_length=1)]
    subject: Literal["applicant", "subject"]
    facts: Annotated[dict[Name, str], Meta(min_length=1)]
    returns: Annotated[list[Name], Meta(min_length=1)]
    refusals: list[Name] = []
    when: str = ""
    each: dict[Name, Name] = {}


class ExchangeShape(Shape):
    read: list[ReadShape] = []
    write: list[WriteShape] = []
    conditions: dict[str, ConditionShape] = {}


class InputColumnShape(Shape):
    name: Name
    expression: Annotated[str, Meta(min_length=1)]
    type: Type
    values: str = ""


class OutputColumnShape(Shape):
    name: Name
    type: Type
    values: str = ""
    default: str = ""


class TableShape(Shape):
    """A decision table. Each rule is a row: a cell for each input, a cell for each output, and a word on why if wanted."""

    inputs: Annotated[list[InputColumnShape], Meta(min_length=1, max_length=12)]
    outputs: Annotated[list[OutputColumnShape], Meta(min_length=1, max_length=8)]
    rules: Annotated[list[list[Scalar]], Meta(min_length=1, max_length=500)]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None


class ColumnShape(Shape):
    id: Name
    attribute: str = ""
    """Left out where it is called as the column is."""
    format: Format = Format.TEXT
    in_english: str = ""
    currency: str = ""
    states: list[str] = []
    tones: dict[str, Tone] = {}
    total: bool = False


class RowShape(Shape):
    id: Name
    fact: str
    format: Format = Format.TEXT
    states: list[str] = []
    tones: dict[str, Tone] = {}
    in_english: str = ""
    currency: str = ""
    column: list[ColumnShape] = []
    only: str = ""
    one_of: list[Scalar] = []


class NoticeShape(Shape):
    id: Name
    tone: Literal["info", "ok", "warn", "bad"]
    when: str
    service: str = ""


class ChooseShape(Shape):
    fact: str
    items: ItemsShape
    state: str = ""
    states: list[str] = []
    tones: dict[str, Tone] = {}


class ContinueShape(Shape):
    when: str = ""


class AnswerShape(Shape):
    row: list[RowShape]
    choose: ChooseShape | None = None
    continue_: ContinueShape | None = called(default=None, name="continue")
    notice: list[NoticeShape] = []
    conditions: dict[str, ConditionShape] = {}


SHAPES: dict[str, type[Shape]] = {
    "service.toml": ServiceShape,
    "form.toml": FormShape,
    "process.toml": ProcessShape,
    "fees.toml": FeesShape,
    "exchange.toml": ExchangeShape,
    "answer.toml": AnswerShape,
}
OTHER_FILES = ("document.typ", "document.sample.json", "texts/ar.toml", "texts/en.toml", "rules.py")
TABLE_FILE = re.compile(r"tables/([a-z][a-z0-9_]{0,47})\.toml")
BESIDE_THE_SNAPSHOT = ("tests/cases.toml", "CHANGELOG.md")
"""Read by people and checks; they do not change what the service does."""
