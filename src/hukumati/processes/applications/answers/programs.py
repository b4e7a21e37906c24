"""Answers as a program sends them: clean values in JSON, for the whole form at once. Judged by the very readers of what people type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.sdk import FieldKind
from hukumati.kernel.money import MINOR_DIGITS
from hukumati.processes.applications.answers.people import reason_name
from hukumati.processes.applications.answers.reading import NOT_TYPED, PageAnswers, read_page
from hukumati.processes.applications.answers.rows import inner_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import Field, ServiceVersion
    from hukumati.processes.applications.answers.sent import Around, Typed

UNKNOWN, WRONG_KIND, NOT_ASKED = "answers.unknown", "answers.wrong_kind", "answers.not_asked"


def read_sent(service: ServiceVersion, sent: Mapping[str, Any], *, around: Around | None = None) -> PageAnswers:
    """Check a whole form: `values` clean, or `errors` by the name of the answer. What its JSON Schema accepts, this accepts."""
    whole = PageAnswers()
    typed: dict[str, Any] = {}
    asked = {name: field for field in service.form.fields if field.kind not in NOT_TYPED for name in field.answer_names}
    for name, value in sent.items():
        as_typed = typed_as(asked[name], sent, name=name) if name in asked and value is not None else {}
        if name not in asked:
            whole.errors[name] = (UNKNOWN, {})
        elif as_typed is None:
            whole.errors[name] = (WRONG_KIND, {})
        else:
            typed.update(as_typed)
    for page in service.form.pages:
        read = read_page(page, typed, answers=whole.values, around=around)
        whole.values.update(read.values)
        whole.errors.update({name: problem for name, problem in read.errors.items() if name not in whole.errors})
    for name, value in whole.values.items():
        if value is None and sent.get(name) is not None:
            whole.errors.setdefault(name, (NOT_ASKED, {}))
    return whole


def typed_as(field: Field, answers: Mapping[str, Any], *, name: str = "") -> Typed | None:
    """How a clean answer would have been typed; None when it is no answer of this kind, or one that cannot be typed."""
    write = TYPED.get(field.kind)
    return write(field, answers.get(name or field.id)) if write else None


def _word(field: Field, value: Any) -> Typed | None:
    return {field.id: value} if isinstance(value, str) else None


def _number(field: Field, value: Any) -> Typed | None:
    return {field.id: str(value)} if type(value) is int else None


def _money(field: Field, value: Any) -> Typed | None:
    if type(value) is not int or value < 0:
        return None
    places = MINOR_DIGITS[field.currency]
    whole, part = divmod(value, 10**places)
    return {field.id: f"{whole}.{part:0{places}d}"}


def _yes_no(field: Field, value: Any) -> Typed | None:
    return {field.id: "yes" if value else "no"} if isinstance(value, bool) else None


def _day(field: Field, value: Any) -> Typed | None:
    parts = value.split("-") if isinstance(value, str) else []
    names = ("year", "month", "day")
    if len(parts) != len(names):
        return None
    return {f"{field.id}_{part}": said for part, said in zip(names, parts, strict=True)}


def _several(field: Field, value: Any) -> Typed | None:
    return {field.id: value} if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def _place(field: Field, value: Any) -> Typed | None:
    if not isinstance(value, dict) or set(value) != {"governorate", "locality"}:
        return None
    return {f"{field.id}_{part}": said for part, said in value.items() if isinstance(said, str)}


def _people(field: Field, value: Any) -> Typed | None:
    """Who stands in it, and for each of them (and of those who leave, sent under their own name) why."""
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and isinstance(one.get("key"), str) for one in value
    ):
        return None
    return {
        field.id: [one["key"] for one in value],
        **{reason_name(field, one["key"]): str(one.get("reason", "")) for one in value},
    }


def _rows(field: Field, value: Any) -> Typed | None:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return None
    typed: dict[str, Any] = {}
    for number, row in enumerate(value):
        for inner in field.group:
            if row.get(inner.id) is None:
                continue
            said = typed_as(inner, row)
            if said is None:
                return None
            typed |= {inner_name(field, number, inner) + name.removeprefix(inner.id): one for name, one in said.items()}
    return typed


def _handed_in(_field: Field, value: Any) -> Typed | None:
    """A file is handed in by itself; the answer names it, and what is named must be what the case keeps."""
    return {} if isinstance(value, str) else None


TYPED: Mapping[FieldKind, Callable[[Field, Any], Typed | None]] = {
    FieldKind.CHOICE: _word,
    FieldKind.PICK_UP: _word,
    FieldKind.OFFICE: _word,
    FieldKind.TEXT: _word,
    FieldKind.DIGITS: _word,
    FieldKind.PHONE: _word,
    FieldKind.IBAN: _word,
    FieldKind.INTEGER: _number,
    FieldKind.MONEY: _money,
    FieldKind.YES_NO: _yes_no,
    FieldKind.DATE: _day,
    FieldKind.MULTI: _several,
    FieldKind.ITEMS: _several,
    FieldKind.PLACE: _place,
    FieldKind.PEOPLE: _people,
    FieldKind.PARTY: _word,
    FieldKind.GROUP: _rows,
    FieldKind.PHOTO: _handed_in,
    FieldKind.FILE: _handed_in,
}
