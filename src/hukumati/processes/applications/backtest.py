"""A new tariff tried on past cases: how many would pay otherwise, how much comes in, and who would be refused. Reads only, and names nobody.

Cases are read one after another, so that a million need no more memory than one. Each is assessed twice by the rule that charges: by the
version it was filed under, and by the new one, on the day it was filed. Facts are the case's as it stands: evidence that was read anew
after filing counts with both, so that a difference is the tariff's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import rules
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.queries import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hukumati.domain.catalogue.facts import Assessment, ServiceVersion
    from hukumati.processes.applications.facts import ApplicationFacts

AT_ONCE = 200
ITEM = ":"


@dataclass
class Comparison:
    """What the new version would have done with the cases, in minor units of its currency."""

    cases: int = 0
    changed: int = 0
    before_minor: int = 0
    after_minor: int = 0
    moves: Counter[tuple[int, int]] = field(default_factory=Counter)
    """(fee before, fee after) -> how many cases."""
    lines_before: Counter[str] = field(default_factory=Counter)
    lines_after: Counter[str] = field(default_factory=Counter)
    newly_refused: Counter[str] = field(default_factory=Counter)
    """Key of the reason -> how many that were let in before."""
    no_longer_refused: int = 0
    undecided: int = 0
    """Cases about which too little is known for the new version: they are in no other count."""

    @property
    def lines(self) -> Iterator[tuple[str, int, int]]:
        """Each line with what it brought and what it would bring."""
        for code in sorted({*self.lines_before, *self.lines_after}):
            yield code, self.lines_before[code], self.lines_after[code]


def compare(new: ServiceVersion, *, since: date | None = None, limit: int | None = None) -> Comparison:
    """Try the version on the filed cases of its service, the latest first."""
    found = Comparison()
    for case in _filed(new.id, since=since, limit=limit):
        old = catalogue.get_published(case.service_id, version=case.service_version)
        _try(found, case, old, new)
    return found


def _filed(service_id: str, *, since: date | None, limit: int | None) -> Iterator[ApplicationFacts]:
    rows = Application.objects.filter(service_id=service_id, submitted_at__isnull=False).order_by("-id")
    rows = rows.filter(submitted_at__date__gte=since) if since else rows
    for row in (rows[:limit] if limit else rows).iterator(chunk_size=AT_ONCE):
        yield facts_of(row)


def _try(found: Comparison, case: ApplicationFacts, old: ServiceVersion, new: ServiceVersion) -> None:
    assert case.submitted_at is not None
    on, facts = rules.local_day(case.submitted_at), rules.known_facts(case)
    if catalogue.facts_missing(new, facts, on=on):
        found.undecided += 1
        return
    found.cases += 1
    was, would = catalogue.refusal_of(old, facts, on=on), catalogue.refusal_of(new, facts, on=on)
    found.no_longer_refused += bool(was and not would)
    refused_now = bool(would and not was)
    found.newly_refused[would] += refused_now
    after = None if refused_now else catalogue.fee(new, facts, on=on)
    _count(found, catalogue.fee(old, facts, on=on), after)


def _count(found: Comparison, before: Assessment, after: Assessment | None) -> None:
    paid, owed = before.total.amount_minor, after.total.amount_minor if after else 0
    found.changed += paid != owed
    found.before_minor += paid
    found.after_minor += owed
    found.moves[paid, owed] += paid != owed
    for lines, counted in ((before, found.lines_before), (after, found.lines_after)):
        for line in lines.lines if lines else ():
            counted[line.code.partition(ITEM)[0]] += line.amount.amount_minor
