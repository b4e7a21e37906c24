"""A decision table as it is written: columns, rules, and how the rules that hold are made one answer. DMN 1.3, chapter 8."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """What a column holds. A number may have decimals; an amount is a whole number of minor units."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


class HitPolicy(StrEnum):
    UNIQUE = "UNIQUE"
    """At most one rule holds."""
    FIRST = "FIRST"
    """Of those that hold, the first."""
    PRIORITY = "PRIORITY"
    """Of those that hold, the one whose output stands first among the output's values."""
    ANY = "ANY"
    """Those that hold say the same."""
    COLLECT = "COLLECT"
    """All that hold, added up or counted as the aggregation says."""


class Aggregation(StrEnum):
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class InputColumn:
    """What is looked at: a path or a word about it. `values` says what it may be, as a cell does; empty: anything of its type."""

    name: str
    expression: str
    type: Type
    values: str = ""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """What is answered. `values` lists what may be, the first with the highest priority; `default` is said when no rule holds."""

    name: str
    type: Type
    values: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a cell for each input, a cell for each output, and a word on why."""

    when: tuple[str, ...]
    then: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    name: str
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
