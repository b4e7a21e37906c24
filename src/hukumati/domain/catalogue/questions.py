"""What a form is made of: pages, questions, and what a question may be. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hukumati.kernel.text import Text


class FieldKind(StrEnum):
    CHOICE = "choice"
    INTEGER = "integer"
    TEXT = "text"
    DIGITS = "digits"
    DATE = "date"
    YES_NO = "yes_no"
    TIE = "tie"
    """Whom it is for: chosen among the applicant and the ties the civil registry knows, never typed."""
    PICK_UP = "pick_up"
    OFFICE = "office"
    ITEMS = "items"
    """Several of a list that a registry gave: the fines to pay, the vehicles to license. The list is shown, never typed."""
    SHOW = "show"
    """Not asked: a fact the State already holds, shown for checking."""


class Format(StrEnum):
    """How a fact is shown."""

    TEXT = "text"
    NAME = "name"
    """A person's name by its parts: first, father, grandfather, family."""
    DATE = "date"
    NUMBER = "number"
    LIST = "list"
    STATE = "state"
    """A word of the registry, told by the text key `<row>.state.<word>`."""
    LTR = "ltr"
    MONEY = "money"
    """An amount in minor units of the shekel, or a table of `amount_minor` and `currency`."""


@dataclass(frozen=True, slots=True)
class When:
    """A field is asked only when another answer has this value."""

    field: str
    is_: str | int | bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One attribute of a record as it is shown; `in_english` names the attribute that holds its Latin writing."""

    attribute: str
    format: Format = Format.TEXT
    in_english: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """How a list of records is offered: what tells one from another, what of it is shown, and which of them may be chosen.

    The first of `shows` names the record, the others describe it.
    """

    id: str
    shows: tuple[Shown, ...]
    all_required: bool = False
    """Nothing may be left out: who will not have all of them does not go on."""
    only: str = ""
    """The attribute by which records are chosen beforehand; empty: all of the list."""
    one_of: tuple[str | int | bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Field:
    id: str
    kind: FieldKind
    label: Text
    hint: Text | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    length_max: int = 200
    length_exact: int | None = None
    ties: tuple[str, ...] = ()
    office_kinds: tuple[str, ...] = ()
    fact: str = ""
    """For `show` and `items`: the path of the fact."""
    format: Format = Format.TEXT
    default: str | int | bool | None = None
    when: When | None = None
    items: Items | None = None


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    title: Text
    fields: tuple[Field, ...]
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class FormDefinition:
    pages: tuple[Page, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field_ for page in self.pages for field_ in page.fields)

    def find_page(self, page_id: str) -> Page | None:
        return next((page for page in self.pages if page.id == page_id), None)

    def find_field(self, field_id: str) -> Field | None:
        return next((field_ for field_ in self.fields if field_.id == field_id), None)

    def find_kind(self, kind: FieldKind) -> Field | None:
        """The first field of a kind: `tie`, `pick_up` and `office` stand at most once in a form."""
        return next((field_ for field_ in self.fields if field_.kind == kind), None)
