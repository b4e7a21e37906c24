"""What a new tariff would have made of the fees that were paid: shown to whoever publishes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.payments import api as payments
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.money import Money, total

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.text import Text

BACK: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the old tariff under the new one. `after` is None when a table decides it, or a record: that is not known from sums."""

    name: Text
    times: int
    before: Money
    after: Money | None


@dataclass(frozen=True, slots=True)
class TariffTest:
    """The paid fees of a span of time under a new tariff, as far as its lines have a fixed price."""

    since: datetime
    until: datetime
    lines: tuple[Compared, ...]
    before: Money
    after: Money
    undecided: int
    """Lines that a table or a record decides: left out of both sums."""


def tariff_test(service: ServiceVersion, *, until: datetime) -> TariffTest | None:
    """The fees of the last ninety days under the tariff of this version; None when nobody paid any."""
    since = until - BACK
    paid = payments.list_line_volumes(service.id, since=since, until=until)
    if not paid:
        return None
    on = until.astimezone(HEBRON).date()
    fixed = {line.code: line.unit for line in catalogue.lines_on(service, on) if not getattr(line, "table", "")}
    known = {line.code for line in catalogue.lines_on(service, on)}
    lines = tuple(Compared(one.name, one.times, one.amount, _after(one, fixed, known)) for one in paid)
    decided = [one for one in lines if one.after is not None]
    currency = catalogue.currency_of(service)
    return TariffTest(
        since,
        until,
        lines,
        total([one.before for one in decided], currency=currency),
        total([one.after for one in decided if one.after is not None], currency=currency),
        len(lines) - len(decided),
    )


def _after(one: payments.LineVolume, fixed: dict[str, Money], known: set[str]) -> Money | None:
    if one.code in fixed and fixed[one.code].currency == one.unit.currency:
        return fixed[one.code] * one.quantity
    return None if one.code in known else Money(0, one.unit.currency)
