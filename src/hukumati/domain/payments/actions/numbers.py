"""New references, and the one series that may have no gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.reference import new_reference

if TYPE_CHECKING:
    from datetime import datetime

NEXT_NUMBER = """
    INSERT INTO payments_receiptseries (year, last_number) VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last_number = payments_receiptseries.last_number + 1
    RETURNING last_number
"""


def reference(prefix: str, *, at: datetime) -> str:
    return new_reference(prefix, year=at.astimezone(HEBRON).year)


def next_receipt_number(*, at: datetime) -> tuple[int, int]:
    """Year and number. The series stays locked until the transaction ends: ask last, and a rollback gives the number back."""
    year = at.astimezone(HEBRON).year
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [year])
        (number,) = cursor.fetchone()
    return year, number
