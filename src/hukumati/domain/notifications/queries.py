"""Reading inboxes, and what never arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.notifications.facts import MessageNotFound
from hukumati.domain.notifications.models import Delivery, Message

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.notifications.facts import DeliveryFacts, MessageFacts


def list_inbox(account_id: int, *, limit: int = 30, before: datetime | None = None) -> list[MessageFacts]:
    """Messages of an account, the newest first."""
    messages = Message.objects.filter(account_id=account_id).order_by("-sent_at", "-pk")
    if before is not None:
        messages = messages.filter(sent_at__lt=before)
    return [message.told() for message in messages[:limit]]


def get_message(account_id: int, reference: str) -> MessageFacts:
    """One message of this account. Refuses with MessageNotFound."""
    message = Message.objects.filter(account_id=account_id, reference=reference).first()
    if message is None:
        raise MessageNotFound
    return message.told()


def count_unread(account_id: int) -> int:
    """How many messages wait unread, at most 100."""
    return Message.objects.filter(account_id=account_id, read_at=None)[:100].count()


def list_messages(about: str) -> list[MessageFacts]:
    """What was told about one case, in order."""
    return [message.told() for message in Message.objects.filter(about=about).order_by("sent_at", "pk")[:200]]


def list_deliveries(message_reference: str) -> list[DeliveryFacts]:
    """How one message travelled."""
    deliveries = Delivery.objects.filter(message__reference=message_reference).order_by("pk")
    return [delivery.facts() for delivery in deliveries]


def list_failed(*, limit: int = 100) -> list[DeliveryFacts]:
    """What never arrived, the latest first: an operator looks at these."""
    return [one.facts() for one in Delivery.objects.filter(state=Delivery.FAILED).order_by("-queued_at")[:limit]]


def invitation(about: str) -> str:
    """The reference under which somebody without an account is written to."""
    return f"{about}-sms"


def is_invited(about: str) -> bool:
    """Whether that message was written already."""
    return Delivery.objects.filter(reference=invitation(about)).exists()
