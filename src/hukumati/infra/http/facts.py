"""What the client answers with, and the one fault it raises."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Why(StrEnum):
    """Why an outside system could not be used."""

    NETWORK = "network"
    TIMEOUT = "timeout"
    STATUS = "status"
    BREAKER_OPEN = "breaker_open"
    BODY_TOO_LARGE = "body_too_large"


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer, already read and within its limit. Header names are lower-case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 (the HTTP success class)

    def json(self) -> Any:
        """The body as JSON; ValueError when it is not."""
        return json.loads(self.body)


class OutsideUnreachableError(Exception):
    """An outside system could not be used just now. `answer` is the last answer, when there was one."""

    def __init__(self, name: str, why: Why, *, detail: str = "", answer: Response | None = None) -> None:
        super().__init__(f"{name}: {why}{f' ({detail})' if detail else ''}")
        self.name = name
        self.why = why
        self.detail = detail
        self.answer = answer
