"""What a newer version of a service makes of a draft: answers that still fit stay, the others go, and the citizen is shown which. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import sdk
from hukumati.processes.applications import rules
from hukumati.processes.applications.answers import NOT_TYPED, fits, is_asked, read_page, typed_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.catalogue.facts import Field, ReadDeclaration, ServiceVersion
    from hukumati.processes.applications.answers import Around
    from hukumati.processes.applications.facts import ApplicationFacts

OF_A_QUESTION = (
    "kind", "required", "minimum", "maximum", "length_max", "length_exact", "ties", "office_kinds", "fact", "when", "items", "people", "currency",
    "group", "limits", "letters", "among", "shows",
)  # fmt: skip
"""What decides which answers a question takes; its words do not."""


@dataclass(frozen=True)
class Renewal:
    """A draft as it would stand under the newer version. Fields are those of the newer form, but `dropped` are those of the older."""

    answers: Mapping[str, Any]
    pages_done: tuple[str, ...]
    kept: tuple[Field, ...]
    dropped: tuple[Field, ...]
    asked: tuple[Field, ...]
    subject_kept: bool
    reads_ended: tuple[ReadDeclaration, ...]
    """Declared by the older version and not so by the newer: what they told no longer counts."""


def plan(old: ServiceVersion, new: ServiceVersion, application: ApplicationFacts, *, around: Around) -> Renewal:
    """What would stay of the draft, what would go, what would be asked. `around` is what the newer version's answers are checked against."""
    subject_kept = _still_for(new, application)
    given = application.answers if subject_kept else {}
    answers: dict[str, Any] = {}
    for field in _questions(new):
        was = old.form.find_field(field.id)
        if given.get(field.id) is not None and was is not None:
            answers |= _still_fitting(was, field, {**given, **answers}, around)
    asked = [field for field in _questions(new) if is_asked(field, answers)]
    return Renewal(
        answers=answers,
        pages_done=_pages_done(old, new, application, answers, around) if subject_kept else (),
        kept=tuple(field for field in asked if field.id in answers),
        dropped=tuple(
            field
            for field in _questions(old)
            if application.answers.get(field.id) is not None and field.id not in answers
        ),
        asked=tuple(field for field in asked if field.required and field.id not in answers),
        subject_kept=subject_kept,
        reads_ended=tuple(read for read in old.reads if read not in new.reads),
    )


def _questions(service: ServiceVersion) -> list[Field]:
    return [field for field in service.form.fields if field.kind not in NOT_TYPED]


def _still_for(new: ServiceVersion, application: ApplicationFacts) -> bool:
    """Whether the service may still be for the person who was chosen."""
    tie = new.form.find_kind(sdk.FieldKind.TIE)
    if application.subject is None:
        return True
    return application.subject.tie in (tie.ties if tie else ("self",))


def _still_fitting(was: Field, field: Field, answers: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """The same question takes the same answer; another one reads it as if it were typed again. Empty when it no longer fits."""
    if _asks_the_same(was, field):
        kept = {name: answers.get(name) for name in field.answer_names}
        return kept if fits(field, answers, around.facts) else {}
    typed = typed_as(field, answers)
    if typed is None or was.kind != field.kind:
        return {}
    page = sdk.Page("renewed", field.label, (field,))
    read = read_page(page, typed, answers=answers, around=around)
    return {} if read.errors or read.values.get(field.id) is None else read.values


def _asks_the_same(was: Field, field: Field) -> bool:
    same = all(getattr(was, name, None) == getattr(field, name, None) for name in OF_A_QUESTION)
    return same and {option.value for option in was.options} == {option.value for option in field.options}


def _pages_done(
    old: ServiceVersion,
    new: ServiceVersion,
    application: ApplicationFacts,
    answers: Mapping[str, Any],
    around: Around,
) -> tuple[str, ...]:
    """A page is done when the citizen saw every question of it, and what was answered still fits."""
    known = {field.id for field in old.form.fields}
    return tuple(
        page.id
        for page in rules.pages_of(new)
        if page.id in application.pages_done
        and all(field.id in known for field in page.fields)
        and all(fits(field, answers, around.facts) for field in page.fields if is_asked(field, answers))
    )
