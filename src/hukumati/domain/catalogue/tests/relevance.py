"""How well the search finds what people look for: a file of queries, and two figures."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hukumati.domain.catalogue import api as catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

QUERIES = Path(__file__).parents[5] / "benchmarks" / "relevance.toml"
TOP = 3


@dataclass
class Measured:
    """Of a group of queries: how many, the mean of 1/place, and how many have what was looked for among the first three."""

    places: list[int] = field(default_factory=list)
    missed: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    @property
    def reciprocal_rank(self) -> float:
        return sum(1 / place if place else 0.0 for place in self.places) / len(self.places)

    @property
    def top(self) -> float:
        return sum(0 < place <= TOP for place in self.places) / len(self.places)


def measure(*, on: date, search: Callable[..., list[catalogue.ServiceHit]] = catalogue.search) -> dict[str, Measured]:
    """Each group of the file, and `all` together."""
    groups = tomllib.loads(QUERIES.read_text())
    told = {"all": Measured()} | {name: Measured() for name in groups}
    for name, group in groups.items():
        for query, *right in group["queries"]:
            found = [hit.service.id for hit in search(query, on=on)]
            place = next((number for number, service in enumerate(found, 1) if service in right), 0)
            for measured in (told["all"], told[name]):
                measured.places.append(place)
                if place != 1:
                    measured.missed.append((query, right, found[:TOP]))
    return told
