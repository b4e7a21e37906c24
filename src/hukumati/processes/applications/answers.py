"""Reading what a citizen typed on a page of the form. Pure: raw text in, clean values or coded errors out.

Sloppy writing is accepted (spaces, dashes, Arabic digits); only what is truly ambiguous or impossible is an error. Every error has a code
that the faces translate, and facts for its sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.sdk import FieldKind, offered_records
from hukumati.kernel.text import cleaned, only_digits, plain_digits

if TYPE_CHECKING:
    from collections.abc import Callable

    from hukumati.domain.catalogue.facts import Facts, Field, Page

type Typed = Mapping[str, Any]
"""What a browser sent, by name: one text, or several where several may be chosen."""
type Problem = tuple[str, dict[str, Any]]

INTEGER_DIGITS_MAX = 9
TYPED_CHARACTERS_MAX = 4000
NOT_TYPED = frozenset({FieldKind.SHOW, FieldKind.TIE})


@dataclass(frozen=True)
class PageAnswers:
    """`values` by field id, clean; `errors` by field id. When there are errors, nothing is to be kept."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Problem] = field(default_factory=dict)


@dataclass(frozen=True)
class Around:
    """What answers are checked against: the offices that may be chosen, and what the State knows about the case."""

    offices: frozenset[str] = frozenset()
    facts: Facts = field(default_factory=dict)


class _Wrong(ValueError):
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.problem: Problem = (code, facts)


def read_page(
    page: Page,
    typed: Typed,
    *,
    answers: Mapping[str, Any],
    offices: frozenset[str] = frozenset(),
    facts: Facts | None = None,
) -> PageAnswers:
    """Check one page. `answers` are those of other pages, for conditions; `offices` the ids that may be chosen; `facts` what registries told.

    A field whose condition does not hold is not read, and its old answer is emptied (value None).
    """
    read, around = PageAnswers(), Around(offices, facts or {})
    for asked in page.fields:
        if asked.kind in NOT_TYPED:
            continue
        if not is_asked(asked, {**answers, **read.values}):
            read.values[asked.id] = None
            continue
        try:
            read.values[asked.id] = _read_field(asked, typed, around)
        except _Wrong as wrong:
            read.errors[asked.id] = wrong.problem
    return read


def is_asked(asked: Field, answers: Mapping[str, Any]) -> bool:
    """Whether the field's condition holds. What is only shown, and the choice of the person, are not asked here."""
    if asked.kind in NOT_TYPED:
        return False
    return asked.when is None or answers.get(asked.when.field) == asked.when.is_


def fits(asked: Field, answer: Any, facts: Facts) -> bool:
    """Whether an answer given earlier still holds: a list that a registry gives may have changed since."""
    if asked.kind != FieldKind.ITEMS:
        return answer is not None or not asked.required
    offered = offered_records(asked, facts)
    return answer is not None and set(answer) <= set(offered) and _enough(asked, answer, offered)


def _read_field(asked: Field, typed: Typed, around: Around) -> Any:
    if asked.kind in OF_SEVERAL_PARTS:
        return OF_SEVERAL_PARTS[asked.kind](asked, typed, around)
    raw = one(typed, asked.id)
    if len(raw) > TYPED_CHARACTERS_MAX:
        raise _Wrong("answers.too_long", max=asked.length_max)
    value = cleaned(raw)
    if not value:
        if asked.required:
            raise _Wrong("answers.required")
        return None
    if asked.kind == FieldKind.OFFICE:
        return _chosen(value, around.offices)
    return READERS[asked.kind](asked, value)


def one(typed: Typed, name: str) -> str:
    """What was typed under a name; of several the last, as a browser's later field wins."""
    sent = typed.get(name, "")
    return str(sent[-1] if isinstance(sent, list | tuple) and sent else sent or "")


def several(typed: Typed, name: str) -> list[str]:
    """What was chosen under a name, each once."""
    sent = typed.get(name) or []
    return list(dict.fromkeys(str(value) for value in (sent if isinstance(sent, list | tuple) else [sent])))


def _read_items(asked: Field, typed: Typed, around: Around) -> list[str]:
    """Chosen out of the registry's list, kept in its order. Where the list is empty there is nothing to choose."""
    offered, chosen = offered_records(asked, around.facts), several(typed, asked.id)
    if not set(chosen) <= set(offered):
        raise _Wrong("answers.not_a_choice")
    if not _enough(asked, chosen, offered):
        raise _Wrong("answers.not_all_chosen" if asked.items and asked.items.all_required else "answers.required")
    return [mark for mark in offered if mark in chosen]


def _enough(asked: Field, chosen: Collection[str], offered: Collection[str]) -> bool:
    if asked.items and asked.items.all_required:
        return len(chosen) == len(offered)
    return bool(chosen) or not offered or not asked.required


def _read_choice(asked: Field, value: str) -> str:
    return _chosen(value, frozenset(option.value for option in asked.options))


def _chosen(value: str, allowed: frozenset[str]) -> str:
    if value not in allowed:
        raise _Wrong("answers.not_a_choice")
    return value


def _read_integer(asked: Field, value: str) -> int:
    digits = plain_digits("".join(value.split()))  # a dash may be a minus: it is not stripped
    if not digits.isascii() or not digits.isdigit() or len(digits) > INTEGER_DIGITS_MAX:
        raise _Wrong("answers.not_a_number")
    number = int(digits)
    if asked.minimum is not None and number < asked.minimum:
        raise _Wrong("answers.too_small", min=asked.minimum)
    if asked.maximum is not None and number > asked.maximum:
        raise _Wrong("answers.too_large", max=asked.maximum)
    return number


def _read_text(asked: Field, value: str) -> str:
    if len(value) > asked.length_max:
        raise _Wrong("answers.too_long", max=asked.length_max)
    return value


def _read_digits(asked: Field, value: str) -> str:
    digits = only_digits(value)
    if not digits.isascii() or not digits.isdigit():
        raise _Wrong("answers.not_digits")
    if asked.length_exact is not None and len(digits) != asked.length_exact:
        raise _Wrong("answers.wrong_length", exact=asked.length_exact)
    return _read_text(asked, digits)


def _read_yes_no(_asked: Field, value: str) -> bool:
    return _chosen(value, frozenset({"yes", "no"})) == "yes"


def _read_date(asked: Field, typed: Typed, _around: Around) -> str | None:
    parts = [only_digits(one(typed, f"{asked.id}_{part}")[:20]) for part in ("year", "month", "day")]
    if not any(parts):
        if asked.required:
            raise _Wrong("answers.required")
        return None
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise _Wrong("answers.not_a_date")
    try:
        return date(*map(int, parts)).isoformat()
    except (ValueError, OverflowError):
        raise _Wrong("answers.not_a_date") from None


READERS: Mapping[FieldKind, Callable[[Field, str], Any]] = {
    FieldKind.CHOICE: _read_choice,
    FieldKind.PICK_UP: _read_choice,
    FieldKind.INTEGER: _read_integer,
    FieldKind.TEXT: _read_text,
    FieldKind.DIGITS: _read_digits,
    FieldKind.YES_NO: _read_yes_no,
}
OF_SEVERAL_PARTS: Mapping[FieldKind, Callable[[Field, Typed, Around], Any]] = {
    FieldKind.DATE: _read_date,
    FieldKind.ITEMS: _read_items,
}
