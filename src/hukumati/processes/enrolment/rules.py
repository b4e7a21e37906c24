"""What enrolment allows. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hukumati.domain.identity.facts import Allowance
from hukumati.processes.enrolment.facts import Aim

if TYPE_CHECKING:
    from datetime import datetime

LIVES: Final = timedelta(minutes=30)
RESEND_AFTER: Final = timedelta(seconds=30)
# Each try asks the civil registry about somebody. Few for one ID number, so that nobody guesses a card's date of issue
# (a year has 365); more for one address, because whole villages share one of their mobile operator.
BY_NATIONAL_ID: Final = Allowance(5, 60 * 60)
BY_NATIONAL_ID_A_DAY: Final = Allowance(10, 24 * 60 * 60)
BY_ADDRESS: Final = Allowance(40, 60 * 60)


def may_go_on(aim: Aim, *, has_account: bool) -> bool:
    """Signing up needs that there is no account yet; a reset needs one."""
    return has_account == (aim is Aim.PASSWORD_RESET)


def resend_wait(sent_at: datetime, *, at: datetime) -> int:
    """Seconds until another code may be sent."""
    return max(0, int((sent_at + RESEND_AFTER - at).total_seconds()))
