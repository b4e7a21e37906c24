"""The door of notifications."""

from __future__ import annotations

from hukumati.domain.notifications.actions import invite, mark_read, send_code, send_new_code, tell, warn_phone
from hukumati.domain.notifications.facts import DeliveryFacts, MessageFacts, MessageNotFound, RecipientRefused
from hukumati.domain.notifications.queries import (
    count_unread,
    get_message,
    is_invited,
    list_deliveries,
    list_failed,
    list_inbox,
    list_messages,
)

__all__ = [
    "DeliveryFacts",
    "MessageFacts",
    "MessageNotFound",
    "RecipientRefused",
    "count_unread",
    "get_message",
    "invite",
    "is_invited",
    "list_deliveries",
    "list_failed",
    "list_inbox",
    "list_messages",
    "mark_read",
    "send_code",
    "send_new_code",
    "tell",
    "warn_phone",
]
