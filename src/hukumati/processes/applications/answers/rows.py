"""Repeated groups: a small form several times over. Rows are told apart by the numbers in their names; buttons add and take away."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.sdk import FieldKind
from hukumati.processes.applications.answers.sent import Wrong, one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import Field, Page
    from hukumati.processes.applications.answers.sent import Problem, Typed

ROWS_MAX = 20
ADD, REMOVE = "add", "remove"


class RowsWrong(ValueError):
    """What is wrong inside rows, by the name of the field as it stands on the page."""

    def __init__(self, errors: dict[str, Problem]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def inner_name(asked: Field, row: int, inner: Field) -> str:
    """How a page names a question of a row: `children.2.school`."""
    return f"{asked.id}.{row}.{inner.id}"


def in_row(asked: Field, row: int, inner: Field) -> Field:
    """The question of a row, under its name on the page."""
    return dataclasses.replace(inner, id=inner_name(asked, row, inner))


def rows_sent(asked: Field, typed: Typed) -> list[int]:
    """The numbers of the rows that a page sent, in order; no more than a form may have."""
    pattern = re.compile(rf"{re.escape(asked.id)}\.(\d{{1,3}})\.")
    found = {int(match[1]) for name in typed if (match := pattern.match(name)) and match[1].isascii()}
    return sorted(found)[:ROWS_MAX]


def rows_after(asked: Field, typed: Typed) -> list[int] | None:
    """The rows that stand on the page after a button was pressed that adds or takes one away; None when none was."""
    rows = rows_sent(asked, typed)
    if one(typed, f"{asked.id}.{ADD}"):
        return [*rows, max(rows, default=-1) + 1] if len(rows) < _most(asked) else rows
    taken = one(typed, f"{asked.id}.{REMOVE}")
    return [row for row in rows if str(row) != taken] if taken else None


def changes_rows(page: Page, typed: Typed) -> bool:
    """Whether a button was pressed that only adds a row or takes one away: the page comes back, nothing is read."""
    return any(rows_after(asked, typed) is not None for asked in page.fields if asked.kind == FieldKind.GROUP)


def read_rows(asked: Field, typed: Typed, read_inner: Callable[[Field, Typed], Any]) -> list[dict[str, Any]]:
    """Each row by its questions' own ids. Rows left wholly empty are not rows. Raises RowsWrong."""
    told: list[dict[str, Any]] = []
    errors: dict[str, Problem] = {}
    for row in rows_sent(asked, typed):
        if _is_empty(asked, row, typed):
            continue
        answers, wrong = _read_row(asked, row, typed, read_inner)
        told.append(answers)
        errors |= wrong
    if errors:
        raise RowsWrong(errors)
    if len(told) < _least(asked):
        raise Wrong("answers.too_few_rows", min=_least(asked))
    if len(told) > _most(asked):
        raise Wrong("answers.too_many_rows", max=_most(asked))
    return told


def _read_row(
    asked: Field, row: int, typed: Typed, read_inner: Callable[[Field, Typed], Any]
) -> tuple[dict[str, Any], dict[str, Problem]]:
    answers, errors = {}, {}
    for inner in asked.group:
        try:
            answers[inner.id] = read_inner(in_row(asked, row, inner), typed)
        except Wrong as wrong:
            errors[inner_name(asked, row, inner)] = wrong.problem
    return answers, errors


def _is_empty(asked: Field, row: int, typed: Mapping[str, Any]) -> bool:
    return not any(one(typed, name).strip() for name in typed if name.startswith(f"{asked.id}.{row}."))


def _least(asked: Field) -> int:
    return max(asked.minimum or 0, int(asked.required))


def _most(asked: Field) -> int:
    return min(asked.maximum or ROWS_MAX, ROWS_MAX)
