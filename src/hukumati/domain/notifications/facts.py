"""What notifications speak in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class MessageText:
    """One message in one language. `sms` is empty when no phone is told, `email` says whether a mailbox is."""

    title: str
    body: tuple[str, ...]
    sms: str
    email: bool


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A message in somebody's inbox, as it was written that day."""

    reference: str
    code: str
    about: str
    title: str
    body: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """How far a message came outside: `state` is queued, sent or failed."""

    reference: str
    channel: str
    to: str
    state: str
    tries: int
    provider_id: str
    fault: str


@dataclass(eq=False)
class MessageNotFound(Refused):
    """No such message in this inbox."""

    code: ClassVar[str] = "notifications.not_found"


@dataclass(eq=False)
class RecipientRefused(Refused):
    """The provider will never take a message for this address."""

    why: str
    code: ClassVar[str] = "notifications.recipient_refused"
