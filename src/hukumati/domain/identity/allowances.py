"""Limits on what somebody may try, counted in PostgreSQL: one statement a try, the same for every web process."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

from hukumati.domain.identity.facts import TooManyTries
from hukumati.domain.identity.models import Spending

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.identity.facts import Allowance

SPEND = """
    INSERT INTO identity_spending AS now (key, window_started_at, spent, forget_at) VALUES (%(key)s, %(at)s, 1, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
        spent = CASE WHEN now.window_started_at <= %(over)s THEN 1 ELSE now.spent + 1 END,
        window_started_at = CASE WHEN now.window_started_at <= %(over)s THEN %(at)s ELSE now.window_started_at END,
        forget_at = CASE WHEN now.window_started_at <= %(over)s THEN %(until)s ELSE now.forget_at END
    RETURNING spent, window_started_at
"""


def key_of(name: str, subject: str) -> str:
    """Subjects are hashed: the table of limits is no list of who tried to sign in."""
    return f"{name}:{hashlib.sha256(subject.encode()).hexdigest()[:40]}"


def spend(name: str, subject: str, *, allowance: Allowance, at: datetime) -> None:
    """Use one of the allowance that `subject` (an address, an account) has under `name`.

    Refuses with TooManyTries when it is used up; the answer says in how many seconds it opens again.
    """
    window = timedelta(seconds=allowance.window_seconds)
    values: dict[str, str | datetime] = {
        "key": key_of(name, subject),
        "at": at,
        "over": at - window,
        "until": at + window,
    }
    with connection.cursor() as cursor:
        cursor.execute(SPEND, values)
        spent, started_at = cursor.fetchone()
    if spent > allowance.amount_max:
        raise TooManyTries(retry_seconds=max(1, int((started_at + window - at).total_seconds())))


def give_back(name: str, subject: str) -> None:
    """What was spent turned out not to count: the right password was typed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_spending SET spent = greatest(spent - 1, 0) WHERE key = %s", [key_of(name, subject)]
        )


def forget_old(*, at: datetime) -> int:
    """Drop windows that are over."""
    return Spending.objects.filter(forget_at__lt=at).delete()[0]
