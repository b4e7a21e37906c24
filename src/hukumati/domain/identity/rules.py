"""What a code, a try and a session are worth. Pure: values in, values out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hukumati.domain.identity.facts import Allowance

if TYPE_CHECKING:
    from datetime import datetime

CODE_TRIES_MAX: Final = 5
CODE_LIVES: Final = timedelta(minutes=10)
PASSWORD_LENGTH_MAX: Final = 128

# Wrong passwords. A stranger who types somebody's ID number spends the account's own allowance, which refills in
# minutes; the browsers where the owner signed in before have an allowance of their own and never feel it.
PASSWORD_BY_ACCOUNT: Final = Allowance(20, 15 * 60)
PASSWORD_BY_KNOWN_BROWSER: Final = Allowance(10, 15 * 60)
PASSWORD_BY_ADDRESS: Final = Allowance(100, 10 * 60)  # whole villages share one address of their mobile operator
SECOND_FACTOR_BY_ACCOUNT: Final = Allowance(20, 60 * 60)
CODES_BY_ACCOUNT: Final = Allowance(6, 60 * 60)
CODES_BY_ACCOUNT_A_DAY: Final = Allowance(20, 24 * 60 * 60)

CITIZEN_IDLE: Final = timedelta(minutes=30)
CITIZEN_ABSOLUTE: Final = timedelta(hours=12)
STAFF_IDLE: Final = timedelta(minutes=15)
STAFF_ABSOLUTE: Final = timedelta(hours=9)
SENSITIVE_WITHIN: Final = timedelta(minutes=10)


def is_session_over(*, kind: str, signed_in_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Idle for too long, or signed in for too long. Staff sessions are shorter."""
    idle, absolute = (STAFF_IDLE, STAFF_ABSOLUTE) if kind == "staff" else (CITIZEN_IDLE, CITIZEN_ABSOLUTE)
    return at - seen_at > idle or at - signed_in_at > absolute


def is_fresh(authenticated_at: datetime, *, at: datetime) -> bool:
    """Whether somebody proved who they are so recently that a sensitive change needs no new proof."""
    return at - authenticated_at <= SENSITIVE_WITHIN
