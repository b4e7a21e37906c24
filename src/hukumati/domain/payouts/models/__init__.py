"""Tables of payouts: accounts that two people registered, and orders that two people gave."""

from __future__ import annotations

from hukumati.domain.payouts.models.accounts import CURRENCIES, BeneficiaryAccount
from hukumati.domain.payouts.models.orders import Payout, PayoutLine

__all__ = ["CURRENCIES", "BeneficiaryAccount", "Payout", "PayoutLine"]
