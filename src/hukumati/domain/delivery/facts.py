"""What delivery speaks in: the waiting copy and the refusals at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.kernel.text import Text


class PickUpState(StrEnum):
    """Where the copy is."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PickUpFacts:
    """A copy at a counter. `code` is filled only in the answer that made it: it is stored nowhere in plain."""

    reference: str
    about: str
    holder: int
    document: str
    office: str
    office_name: Text
    state: PickUpState
    offered_at: datetime
    expires_at: datetime
    handed_over_at: datetime | None
    tries_left: int
    code: str = ""


@dataclass(eq=False)
class PickUpNotFound(Refused):
    """No such pick-up, or not yours: the same answer."""

    code: ClassVar[str] = "delivery.not_found"


@dataclass(eq=False)
class PickUpClosed(Refused):
    """The copy is no longer waiting."""

    state: PickUpState
    code: ClassVar[str] = "delivery.pick_up_closed"


@dataclass(eq=False)
class CodeWrong(Refused):
    """Another code than the holder's."""

    tries_left: int
    code: ClassVar[str] = "delivery.code_wrong"


@dataclass(eq=False)
class TooManyTries(Refused):
    """The code died of wrong tries; the holder asks for a new one."""

    code: ClassVar[str] = "delivery.too_many_tries"


@dataclass(eq=False)
class OtherOffice(Refused):
    """The copy waits at another office."""

    office: str
    code: ClassVar[str] = "delivery.other_office"


@dataclass(eq=False)
class TooManyCodes(Refused):
    """The holder has asked for several codes today."""

    codes_max: int
    code: ClassVar[str] = "delivery.too_many_codes"
