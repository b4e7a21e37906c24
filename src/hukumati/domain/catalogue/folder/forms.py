"""From form.toml and the texts to the form that people fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue import questions
from hukumati.domain.uploads.facts import SIDE_MAX, FileType, UploadLimits

if TYPE_CHECKING:
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.shapes import FieldShape, FormShape, ItemsShape, PeopleShape, WhenShape
    from hukumati.domain.catalogue.folder.texts import Texts

FILE = "form.toml"
FACE_SIDE_MAX = 1200
"""In pixels: a face on a card needs no more."""


def build(form: FormShape | None, texts: Texts) -> questions.FormDefinition:
    """A text that is missing leaves a fault where it is needed."""
    pages = []
    for number, page in enumerate(form.page if form else ()):
        fields = tuple(
            _field(field, texts, key=f"field.{field.id}", path=("page", number, "field", index))
            for index, field in enumerate(page.field)
        )
        title = texts.need(f"page.{page.id}.title", file=FILE, path=("page", number))
        pages.append(questions.Page(page.id, title, fields, texts.find(f"page.{page.id}.hint"), page.after_answer))
    return questions.FormDefinition(tuple(pages))


def _field(field: FieldShape, texts: Texts, *, key: str, path: Path) -> questions.Field:
    return questions.Field(
        id=field.id,
        kind=field.kind,
        label=texts.need(f"{key}.label", file=FILE, path=path),
        hint=texts.find(f"{key}.hint"),
        required=field.required,
        options=tuple(
            _option(value, texts, key=key, path=path) for value in (*field.options, *map(str, field.numbers))
        ),
        minimum=min(field.numbers, default=field.minimum),
        maximum=max(field.numbers, default=field.maximum),
        length_max=field.length_max,
        length_exact=field.length_exact,
        ties=tuple(field.ties),
        office_kinds=tuple(field.office_kinds),
        fact=field.fact,
        format=field.format,
        default=field.default,
        when=_when(field.when),
        items=build_items(field.items) if field.items else None,
        people=_people(field.people, texts, key=key, path=path),
        group=tuple(_field(inner, texts, key=f"{key}.field.{inner.id}", path=path) for inner in field.field),
        currency=field.currency,
        concept=field.concept,
        limits=_limits(field),
        in_english=field.in_english,
        letters=field.letters,
        among=tuple(field.among),
        shows=tuple(field.shows),
    )


def _option(value: str, texts: Texts, *, key: str, path: Path) -> questions.Option:
    label = texts.need(f"{key}.option.{value}", file=FILE, path=path)
    return questions.Option(value, label, texts.find(f"{key}.option_hint.{value}"))


def _when(shape: WhenShape | None) -> questions.When | None:
    return questions.When(shape.field, shape.is_, tuple(shape.one_of), shape.at_least) if shape else None


def _people(shape: PeopleShape | None, texts: Texts, *, key: str, path: Path) -> questions.People | None:
    if shape is None:
        return None

    def reasons(names: list[str], when: str) -> tuple[questions.Option, ...]:
        return tuple(
            questions.Option(name, texts.need(f"{key}.{when}_reason.{name}", file=FILE, path=path)) for name in names
        )

    return questions.People(
        shape.list_,
        shape.included,
        shape.barred,
        texts.need(f"{key}.barred", file=FILE, path=path) if shape.barred else None,
        reasons(shape.added_reasons, "added"),
        reasons(shape.dropped_reasons, "dropped"),
    )


def _limits(field: FieldShape) -> UploadLimits | None:
    if field.limits is None:
        return None
    told = {name: getattr(field.limits, name) for name in field.limits.__struct_fields__ if name != "types"}
    types = tuple(FileType(kind) for kind in field.limits.types)
    return UploadLimits(types, **told, side_max=FACE_SIDE_MAX if field.kind == questions.FieldKind.PHOTO else SIDE_MAX)


def build_items(shape: ItemsShape) -> questions.Items:
    """How a list of records is offered: in a form, and where an answer is about one of several."""
    shows = tuple(questions.Shown(one.attribute, one.format, one.in_english) for one in shape.shows)
    return questions.Items(shape.id, shows, shape.all_required, shape.only, tuple(shape.one_of))
