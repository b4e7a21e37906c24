"""What the exchange needs of the outside world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RegistryQuestion:
    """`reference` is our read's reference (sent so that both sides' logs can be laid side by side), `case_reference` the purpose."""

    registry: str
    service: str
    subject: str
    attributes: tuple[str, ...]
    reference: str
    case_reference: str
    asker: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    registry: str
    national_id: str
    birth_date: date
    card_issued_on: date
    reference: str
    case_reference: str
    asker: str


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """Only what was asked for. `request_id` is the exchange layer's own id of the conversation."""

    facts: Mapping[str, Any]
    as_of: datetime
    request_id: str


@dataclass(frozen=True, slots=True)
class RegistryStatement:
    """What is to be entered about `subject`. `key` makes it one: however often it is told, it is entered once."""

    registry: str
    service: str
    subject: str
    facts: Mapping[str, Any]
    returns: tuple[str, ...]
    key: str
    reference: str
    case_reference: str
    asker: str


class UnknownToRegistryError(LookupError):
    """The registry answered that it holds nothing about this person."""


class RefusedByRegistryError(ValueError):
    """The registry answered that it will not enter what it was told. `reason` is its own stable word for why."""

    def __init__(self, registry: str, reason: str) -> None:
        super().__init__(f"{registry}: {reason}")
        self.reason = reason


class Registry(Protocol):
    """One way to speak to registries. Raises RegistryUnreachableError, RegistryAnswerError, UnknownToRegistryError."""

    def ask(self, question: RegistryQuestion) -> RegistryAnswer: ...

    def tell(self, statement: RegistryStatement) -> RegistryAnswer:
        """Have facts entered. `facts` of the answer are what was to come back. Raises RefusedByRegistryError when it is not entered.

        After RegistryUnreachableError or RegistryAnswerError it may have been entered or not: telling it again, by the same key, finds out.
        """
        ...

    def check_identity(self, question: IdentityQuestion) -> RegistryAnswer:
        """`facts` has `matches`, and when it is true `name_ar`, `name_latin`, `mobile`."""
        ...

    def check(self, registry: str, *, service: str) -> bool:
        """Whether the registry answers now, tried by asking that service about nobody. Never raises."""
        ...
