"""What receipts speak in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """What a receipt is worth now, for whoever holds its code: paper stays as it was printed, money may have gone back since."""

    number: str
    service_name: Text
    paid: Money
    paid_at: datetime
    given_back: Money
    """What went back of it, or was promised to."""

    @property
    def left(self) -> Money:
        return self.paid - self.given_back
