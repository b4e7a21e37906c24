"""Where things stand in a drawing of a process: in columns from the start to the ends, ordered so that few lines cross. Pure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

type Edge = tuple[str, str]

SWEEPS = 8


def columns(start: str, edges: Sequence[Edge]) -> dict[str, int]:
    """The column of each node: one more than the farthest that leads to it, where lines that go back do not count."""
    forward = [edge for edge in edges if edge not in going_back(start, edges)]
    column = {start: 0}
    for node in _in_order(start, forward):
        for source, target in forward:
            if source == node:
                column[target] = max(column.get(target, 0), column[node] + 1)
    return column


def going_back(start: str, edges: Sequence[Edge]) -> set[Edge]:
    """Edges that close a circle, found by walking from the start in the order of the table."""
    back: set[Edge] = set()
    done: set[str] = set()

    def walk(node: str, way: tuple[str, ...]) -> None:
        for edge in edges:
            if edge[0] != node:
                continue
            if edge[1] in (*way, node):
                back.add(edge)
            elif edge[1] not in done:
                walk(edge[1], (*way, node))
        done.add(node)

    walk(start, ())
    return back


def stations(column: Mapping[str, int], edges: Iterable[Edge]) -> dict[Edge, list[str]]:
    """For each line the places through which it passes, one for each column between its ends: `from>to@3`."""
    passed = {}
    for source, target in edges:
        low, high = sorted((column[source], column[target]))
        between = [f"{source}>{target}@{number}" for number in range(low + 1, high)]
        passed[source, target] = between if column[source] <= column[target] else between[::-1]
    return passed


def ordered(column: Mapping[str, int], passed: Mapping[Edge, Sequence[str]]) -> list[list[str]]:
    """The nodes and stations of each column from above to below: each near the middle of those it is joined to."""
    joined: dict[str, list[str]] = defaultdict(list)
    place = dict(column)
    for (source, target), between in passed.items():
        chain = [source, *between, target]
        for one, other in itertools.pairwise(chain):
            joined[one].append(other)
            joined[other].append(one)
        place |= {station: int(station.rpartition("@")[2]) for station in between}
    rows: list[list[str]] = [[] for _ in range(1 + max(place.values()))]
    for node, number in place.items():
        rows[number].append(node)
    for sweep in range(SWEEPS):
        numbers = range(len(rows)) if sweep % 2 == 0 else range(len(rows) - 1, -1, -1)
        height = {node: index for row in rows for index, node in enumerate(row)}
        for number in numbers:
            beside = (number - 1,) if sweep % 2 == 0 else (number + 1,)
            rows[number].sort(key=lambda node: _middle(node, joined, height, place, beside))
            height |= {node: index for index, node in enumerate(rows[number])}
    return rows


def _middle(
    node: str,
    joined: Mapping[str, Sequence[str]],
    height: Mapping[str, int],
    place: Mapping[str, int],
    beside: tuple[int, ...],
) -> float:
    heights = [height[other] for other in joined[node] if place[other] in beside]
    return sum(heights) / len(heights) if heights else float(height[node])


def _in_order(start: str, forward: Sequence[Edge]) -> list[str]:
    """So that each node stands after all that lead to it."""
    order: list[str] = []

    def visit(node: str) -> None:
        if node not in order:
            for source, target in forward:
                if source == node:
                    visit(target)
            order.append(node)

    visit(start)
    return order[::-1]
