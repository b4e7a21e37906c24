"""The outside world as notifications see it. Each port has a fake for nobody: its suite runs on the real adapters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """`reference` names the message for ever: sending it twice reaches the phone once."""

    to: str
    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """Plain text; `reference` becomes the Message-ID, so that a mailbox can tell a repetition."""

    to: str
    subject: str
    text: str
    language: str
    reference: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message under this name."""

    provider_id: str


class Sms(Protocol):
    """Sends a text message. Refuses with RecipientRefused; raises OutsideUnreachableError when it may work later."""

    def send(self, message: SmsMessage) -> Sent: ...


class Email(Protocol):
    """Sends an e-mail. Refuses with RecipientRefused; raises OutsideUnreachableError when it may work later."""

    def send(self, message: EmailMessage) -> Sent: ...
