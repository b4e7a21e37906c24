"""Which accounts move, and why: the postings of payments as plain lines. Positive is a debit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hukumati.domain.ledger.facts import Line
from hukumati.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hukumati.domain.catalogue.facts import ChargeLine

REFUNDS_PAYABLE: Final = "refunds_payable"
SUSPENSE: Final = "suspense"
SUSPENDED: Final = "attempt_suspended"
"""The kind of the posting by which it came there."""
# What no tariff asks for still cites why it stands in the ledger.
UNMATCHED: Final = ("unmatched-receipt", "provider-word-differs")
DRAWER_COUNT: Final = ("cash-drawer", "count")
DRAWER_FLOAT: Final = ("cash-drawer", "float")


def provider_account(provider: str) -> str:
    return f"provider:{provider}"


def drawer_account(drawer: str) -> str:
    return f"drawer:{drawer}"


def variance_account(drawer: str) -> str:
    return f"variance:{drawer}"


def float_account(office: str) -> str:
    return f"cash_float:{office}"


def paid_lines(charge_lines: Iterable[ChargeLine], *, into: str, case: str) -> list[Line]:
    """Money came in, and each line of the tariff earned its part."""
    return [
        side
        for line in charge_lines
        for side in _move(
            line.amount, debit=into, credit=line.revenue_account, case=case, why=(line.instrument, line.article)
        )
    ]


def owed_back_lines(parts: Sequence[tuple[ChargeLine, int]], *, case: str, out_of: str = "") -> list[Line]:
    """Money that is to go back is owed. `out_of` is where it lies when no revenue was earned; else each line's revenue gives its part."""
    return [
        side
        for line, minor in parts
        if minor
        for side in _move(
            Money(minor, line.amount.currency),
            debit=out_of or line.revenue_account,
            credit=REFUNDS_PAYABLE,
            case=case,
            why=(line.instrument, line.article),
        )
    ]


def gone_back_lines(parts: Sequence[tuple[ChargeLine, int]], *, case: str, out_of: str) -> list[Line]:
    """What was owed left the account where it lay."""
    return [
        side
        for line, minor in parts
        if minor
        for side in _move(
            Money(minor, line.amount.currency),
            debit=REFUNDS_PAYABLE,
            credit=out_of,
            case=case,
            why=(line.instrument, line.article),
        )
    ]


def suspense_lines(amount: Money, *, into: str, case: str) -> list[Line]:
    """Money came in that fits nothing we asked for."""
    return _move(amount, debit=into, credit=SUSPENSE, case=case, why=UNMATCHED)


def unasked_owed_lines(amount: Money, *, case: str) -> list[Line]:
    """What fits nothing is owed to whoever paid it."""
    return _move(amount, debit=SUSPENSE, credit=REFUNDS_PAYABLE, case=case, why=UNMATCHED)


def unasked_gone_lines(amount: Money, *, case: str, out_of: str) -> list[Line]:
    """And it has left the account where it lay."""
    return _move(amount, debit=REFUNDS_PAYABLE, credit=out_of, case=case, why=UNMATCHED)


def float_lines(amount: Money, *, drawer: str, office: str) -> list[Line]:
    """The office put change into a drawer."""
    return _move(amount, debit=drawer_account(drawer), credit=float_account(office), case=drawer, why=DRAWER_FLOAT)


def variance_lines(variance: Money, *, drawer: str) -> list[Line]:
    """The count differs: more is owed to nobody yet, less is owed by the drawer."""
    return _move(variance, debit=drawer_account(drawer), credit=variance_account(drawer), case=drawer, why=DRAWER_COUNT)


def _move(amount: Money, *, debit: str, credit: str, case: str, why: tuple[str, str]) -> list[Line]:
    instrument, article = why
    return [Line(debit, amount, case, instrument, article), Line(credit, -amount, case, instrument, article)]
