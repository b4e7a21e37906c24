"""From answer.toml and the texts to the answer that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue import answers
from hukumati.domain.catalogue.folder.forms import build_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.shapes import AnswerShape, ChooseShape, ColumnShape, NoticeShape, RowShape
    from hukumati.domain.catalogue.folder.texts import Texts

FILE = "answer.toml"


def build(answer: AnswerShape | None, texts: Texts, *, goes_on: bool) -> answers.AnswerLayout | None:
    """A text that is missing leaves a fault where it is needed. `goes_on`: the folder has a process that begins after the answer."""
    if answer is None:
        return None
    return answers.AnswerLayout(
        tuple(_row(row, texts, path=("row", index)) for index, row in enumerate(answer.row)),
        tuple(_notice(notice, texts, path=("notice", index)) for index, notice in enumerate(answer.notice)),
        texts.need("answer.none", file=FILE, path=("row", 0)),
        _choice(answer.choose, texts),
        _going_on(answer, texts) if goes_on else None,
    )


def _row(row: RowShape, texts: Texts, *, path: Path) -> answers.AnswerRow:
    key = f"row.{row.id}"
    return answers.AnswerRow(
        row.id,
        texts.need(f"{key}.label", file=FILE, path=path),
        row.fact,
        row.format,
        _states(row.states, texts, key=key, path=path),
        dict(row.tones),
        row.in_english,
        row.currency,
        tuple(_column(one, texts, key=key, path=(*path, "column", index)) for index, one in enumerate(row.column)),
        row.only,
        tuple(row.one_of),
    )


def _column(column: ColumnShape, texts: Texts, *, key: str, path: Path) -> answers.Column:
    key = f"{key}.column.{column.id}"
    return answers.Column(
        column.id,
        texts.need(f"{key}.label", file=FILE, path=path),
        column.attribute or column.id,
        column.format,
        column.in_english,
        column.currency,
        _states(column.states, texts, key=key, path=path),
        dict(column.tones),
        column.total,
    )


def _states(words: Sequence[str], texts: Texts, *, key: str, path: Path) -> answers.Words:
    return {word: texts.need(f"{key}.state.{word}", file=FILE, path=path) for word in words}


def _notice(notice: NoticeShape, texts: Texts, *, path: Path) -> answers.AnswerNotice:
    text = texts.need(f"notice.{notice.id}", file=FILE, path=path)
    return answers.AnswerNotice(notice.id, notice.tone, notice.when, text, notice.service)


def _choice(choose: ChooseShape | None, texts: Texts) -> answers.Choice | None:
    if choose is None:
        return None
    path = ("choose",)
    return answers.Choice(
        choose.fact,
        build_items(choose.items),
        texts.need("choose.label", file=FILE, path=path),
        choose.state,
        _states(choose.states, texts, key="choose", path=path),
        dict(choose.tones),
    )


def _going_on(answer: AnswerShape, texts: Texts) -> answers.GoingOn:
    label = texts.need("continue.label", file=FILE, path=("continue",))
    return answers.GoingOn(label, texts.find("continue.hint"), answer.continue_.when if answer.continue_ else "")
