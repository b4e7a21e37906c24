"""The door of delivery."""

from __future__ import annotations

from hukumati.domain.delivery.actions import check_code, expire_pick_ups, hand_over, offer_pick_up, renew_code
from hukumati.domain.delivery.facts import (
    CodeWrong,
    OtherOffice,
    PickUpClosed,
    PickUpFacts,
    PickUpNotFound,
    PickUpState,
    TooManyCodes,
    TooManyTries,
)
from hukumati.domain.delivery.queries import (
    find_about,
    find_for_document,
    get_at_office,
    get_own,
    list_waiting,
)

__all__ = [
    "CodeWrong",
    "OtherOffice",
    "PickUpClosed",
    "PickUpFacts",
    "PickUpNotFound",
    "PickUpState",
    "TooManyCodes",
    "TooManyTries",
    "check_code",
    "expire_pick_ups",
    "find_about",
    "find_for_document",
    "get_at_office",
    "get_own",
    "hand_over",
    "list_waiting",
    "offer_pick_up",
    "renew_code",
]
