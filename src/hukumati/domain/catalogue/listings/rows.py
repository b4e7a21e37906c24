"""A row of a list of services, as a ministry keeps it: checked field by field, with what to do about each fault. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from hukumati.domain.catalogue.facts import Stage
from hukumati.domain.catalogue.listings.facts import RowFault
from hukumati.kernel.money import MINOR_DIGITS, Money
from hukumati.kernel.text import Text, cleaned, plain_digits

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

REQUIRED: Final = ("id", "institution", "name_ar", "name_en")
PLANNED: Final = {
    Stage.RE_ENGINEERED: "planned_re_engineered",
    Stage.AUTOMATED: "planned_automated",
    Stage.PILOT: "planned_pilot",
    Stage.OPEN: "planned_open",
}
COLUMNS: Final = (
    *REQUIRED, "category", "life_events", "summary_ar", "summary_en", "who_ar", "who_en", "papers_ar", "papers_en", "fee", "currency",
    "answer_within_working_days", "offices", "place_ar", "place_en", "hours_ar", "hours_en", "keywords", "owner", "stage", "since", *PLANNED.values(),
    "demonstration",
)  # fmt: skip
STAGES: Final = (Stage.LISTED, Stage.RE_ENGINEERED, Stage.RETIRED)
BETWEEN: Final = re.compile(r"\s*[;؛\n]\s*")
ID: Final = re.compile(r"[a-z][a-z_]{0,47}\.[a-z0-9][a-z0-9_]{0,63}")
FORMULA: Final = ("=", "+", "-", "@")
DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
NAME_MAX, TEXT_MAX, LIST_MAX, DAYS_MAX, FEE_MAX = 200, 1000, 30, 365, Decimal(10**9)
YES: Final = frozenset({"yes", "true", "1", "نعم"})
LISTED_AS: Final = 1
"""Raise it when rows are to be listed anew although they say the same."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a row may refer to."""

    institutions: Collection[str]
    categories: Collection[str]
    life_events: Collection[str]
    offices: Collection[str]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row that holds."""

    id: str
    institution: str
    name: Text
    category: str
    life_events: tuple[str, ...]
    summary: Text | None
    who: Text | None
    papers: tuple[Text, ...]
    fee: Money | None
    answer_within_working_days: int | None
    offices: tuple[str, ...]
    place: Text | None
    hours: Text | None
    keywords: tuple[str, ...]
    owner: str
    stage: Stage
    since: date | None
    planned: Mapping[Stage, date]
    demonstration: bool

    @property
    def sha256(self) -> str:
        """The same row once more has the same. Since when it stands where it stands is kept beside, among the moves."""
        said = {**asdict(self), "since": None}
        told = json.dumps([LISTED_AS, said], default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def check(raw: Mapping[str, str], *, line: int, names: Names) -> ListedRow | list[RowFault]:
    """The row, or everything that is wrong with it."""
    cells = _Cells(raw, line)
    row = ListedRow(
        id=cells.service_id(),
        institution=cells.known("institution", names.institutions),
        name=cells.pair_needed("name", NAME_MAX),
        category=cells.known("category", names.categories) if raw.get("category") else "",
        life_events=cells.all_known("life_events", names.life_events),
        summary=cells.pair("summary", TEXT_MAX),
        who=cells.pair("who", TEXT_MAX),
        papers=cells.papers(),
        fee=cells.fee(),
        answer_within_working_days=cells.days(),
        offices=cells.all_known("offices", names.offices),
        place=cells.pair("place", TEXT_MAX),
        hours=cells.pair("hours", TEXT_MAX),
        keywords=cells.several("keywords"),
        owner=cells.text("owner", NAME_MAX),
        stage=cells.stage(),
        since=cells.day("since"),
        planned={stage: day for stage, column in PLANNED.items() if (day := cells.day(column)) is not None},
        demonstration=raw.get("demonstration", "").strip().lower() in YES,
    )
    cells.check_id_and_institution(row)
    return cells.faults or row


class _Cells:
    """The cells of one row. A cell that does not hold leaves a fault and an empty value, so that all faults are told at once."""

    def __init__(self, raw: Mapping[str, str], line: int) -> None:
        self.raw, self.line = raw, line
        self.faults: list[RowFault] = []

    def fault(self, column: str, hint: str) -> None:
        self.faults.append(RowFault(self.line, column, hint))

    def _cell(self, column: str) -> str:
        """Most cells of a long list are empty, and cost nothing."""
        raw = self.raw.get(column)
        return cleaned(raw) if raw else ""

    def text(self, column: str, length_max: int) -> str:
        """One line without control and direction characters. A spreadsheet's formula is no text; the apostrophe that hides one is dropped."""
        typed = " ".join(self._cell(column).split())
        if typed[:1] == "'" and typed[1:2] in FORMULA:
            return typed[1 : length_max + 1]
        if typed.startswith(FORMULA):
            self.fault(column, f"begins with “{typed[0]}”, as a formula does; write the words only")
            return ""
        if len(typed) > length_max:
            self.fault(column, f"has {len(typed)} letters, at most {length_max} are taken; shorten it")
            return ""
        return typed

    def pair(self, name: str, length_max: int) -> Text | None:
        """Both languages or none: half of a text would leave the other half of the readers without it."""
        ar, en = self.text(f"{name}_ar", length_max), self.text(f"{name}_en", length_max)
        if bool(ar) != bool(en) and not self._is_faulty(f"{name}_ar", f"{name}_en"):
            self.fault(
                f"{name}_en" if ar else f"{name}_ar", "is empty while the other language is not; fill both or neither"
            )
        return Text(ar, en) if ar and en else None

    def pair_needed(self, name: str, length_max: int) -> Text:
        found = self.pair(name, length_max)
        if found is None and not self._is_faulty(f"{name}_ar", f"{name}_en"):
            self.fault(f"{name}_ar", "is empty; every service has a name in both languages")
        return found or Text("", "")

    def several(self, column: str) -> tuple[str, ...]:
        typed = self._cell(column)
        if not typed:
            return ()
        found = tuple(dict.fromkeys(one for one in BETWEEN.split(typed) if one))
        if len(found) > LIST_MAX or any(len(one) > NAME_MAX for one in found):
            self.fault(column, f"at most {LIST_MAX}, each of at most {NAME_MAX} letters, with “;” between them")
            return ()
        return found

    def known(self, column: str, names: Collection[str]) -> str:
        typed = self._cell(column)
        if typed not in names:
            self.fault(column, f"“{typed[:40]}” is not known; known are {', '.join(sorted(names))}")
        return typed

    def all_known(self, column: str, names: Collection[str]) -> tuple[str, ...]:
        found = self.several(column)
        unknown = [one for one in found if one not in names]
        if unknown:
            self.fault(
                column, f"not known: {', '.join(one[:40] for one in unknown)}; known are {', '.join(sorted(names))}"
            )
        return found

    def service_id(self) -> str:
        typed = self._cell("id")
        if not ID.fullmatch(typed):
            self.fault(
                "id", "is institution.service in small Latin letters, digits and _, for example interior.passport"
            )
        return typed

    def check_id_and_institution(self, row: ListedRow) -> None:
        if not self._is_faulty("id", "institution") and row.id.partition(".")[0] != row.institution:
            self.fault("id", f"begins with its institution: {row.institution}.…")

    def papers(self) -> tuple[Text, ...]:
        ar, en = self.several("papers_ar"), self.several("papers_en")
        if len(ar) != len(en) and not self._is_faulty("papers_ar", "papers_en"):
            self.fault(
                "papers_en", f"has {len(en)} papers, the Arabic {len(ar)}; the same papers in both, in one order"
            )
            return ()
        return tuple(Text(one, other) for one, other in zip(ar, en, strict=False))

    def fee(self) -> Money | None:
        typed = plain_digits(self._cell("fee")).replace("₪", "").replace(",", "").strip()
        if not typed:
            return None
        currency = self._cell("currency").upper() or "ILS"
        if currency not in MINOR_DIGITS:
            self.fault("currency", f"is one of {', '.join(MINOR_DIGITS)}, or empty for ILS")
            return None
        try:
            minor = Decimal(typed).scaleb(MINOR_DIGITS[currency])
        except InvalidOperation:
            minor = Decimal(-1)
        if not minor.is_finite() or minor < 0 or minor > FEE_MAX or minor != int(minor):
            self.fault("fee", "is an amount such as 25 or 12.50, 0 when it is free, empty when nobody has said")
            return None
        return Money(int(minor), currency)

    def days(self) -> int | None:
        typed = plain_digits(self._cell("answer_within_working_days"))
        if not typed:
            return None
        if not typed.isascii() or not typed.isdigit() or len(typed) > 3 or int(typed) > DAYS_MAX:  # noqa: PLR2004
            self.fault("answer_within_working_days", f"is a whole number up to {DAYS_MAX}, or empty")
            return None
        return int(typed)

    def stage(self) -> Stage:
        typed = self._cell("stage") or Stage.LISTED
        if typed not in tuple(Stage):
            self.fault("stage", f"is one of {', '.join(STAGES)}, or empty")
            return Stage.LISTED
        return Stage(typed)

    def day(self, column: str) -> date | None:
        typed = plain_digits(self._cell(column))
        if not typed:
            return None
        turned = DAY_FIRST.fullmatch(typed)
        try:
            return date(*(int(part) for part in reversed(turned.groups()))) if turned else date.fromisoformat(typed)
        except ValueError:
            self.fault(column, "is a date such as 2026-12-31 or 31/12/2026, or empty")
            return None

    def _is_faulty(self, *columns: str) -> bool:
        return any(fault.column in columns for fault in self.faults)
