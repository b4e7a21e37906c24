"""What an inquiry's answer is made of: rows, tables of records, notices, what may be chosen in it, and how it goes on. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hukumati.domain.catalogue.questions import Format

if TYPE_CHECKING:
    from hukumati.domain.catalogue.questions import Items
    from hukumati.kernel.text import Text

type Words = Mapping[str, Text]
"""A registry's words, each as people read it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of the records of a table. The first column names the record."""

    id: str
    label: Text
    attribute: str
    format: Format = Format.TEXT
    in_english: str = ""
    """The attribute that holds its Latin writing; empty = the same in both languages."""
    currency: str = ""
    """For money: the attribute that names the currency."""
    states: Words = field(default_factory=dict)
    tone: Mapping[str, str] = field(default_factory=dict)
    total: bool = False
    """For money: what all the records come to is said above the table."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of an inquiry's answer, or one table of it."""

    id: str
    label: Text
    fact: str
    format: Format
    states: Words = field(default_factory=dict)
    tone: Mapping[str, str] = field(default_factory=dict)
    in_english: str = ""
    """The path of its Latin writing."""
    currency: str = ""
    """For money: the path of the currency."""
    columns: tuple[Column, ...] = ()
    only: str = ""
    """For a table: the attribute by which records are chosen; empty = all of the list."""
    one_of: tuple[str | int | bool, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerNotice:
    """Said above the answer when the condition holds; may lead to another service."""

    id: str
    tone: str
    when: str
    text: Text
    service: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a register gives several (vehicles), the answer is about the one that is chosen. A single one needs no choosing."""

    fact: str
    items: Items
    label: Text
    state: str = ""
    """The attribute whose word stands beside each, so that a warning is seen before choosing."""
    states: Words = field(default_factory=dict)
    tone: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoingOn:
    """The answer offers to go on into an application of the same service."""

    label: Text
    hint: Text | None = None
    when: str = ""
    """The condition under which it is offered; empty = always."""


@dataclass(frozen=True, slots=True)
class AnswerLayout:
    rows: tuple[AnswerRow, ...]
    notices: tuple[AnswerNotice, ...]
    none: Text
    """What is said when the registry holds nothing about this person."""
    choice: Choice | None = None
    going_on: GoingOn | None = None
