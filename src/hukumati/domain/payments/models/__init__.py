"""Tables of payments. Whatever must never be true has a named constraint; whatever was said once is frozen by a trigger."""

from __future__ import annotations

from hukumati.domain.payments.models.charges import Attempt, Charge, ChargeLine, LockingQuerySet, Notice
from hukumati.domain.payments.models.drawers import Drawer
from hukumati.domain.payments.models.refunds import Receipt, ReceiptSeries, Refund, RefundLine, RefundProposal
from hukumati.domain.payments.models.slips import Slip

__all__ = [
    "Attempt",
    "Charge",
    "ChargeLine",
    "Drawer",
    "LockingQuerySet",
    "Notice",
    "Receipt",
    "ReceiptSeries",
    "Refund",
    "RefundLine",
    "RefundProposal",
    "Slip",
]
