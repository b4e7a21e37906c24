"""What must hold of a form: it asks each thing once, asks nothing the State knows, and every question can be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.facts import FieldKind
from hukumati.domain.catalogue.questions import HANDED_IN, PEOPLE_CHANGES

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.folder.proofs import Decoded
    from hukumati.domain.catalogue.folder.shapes import FieldShape, WhenShape

FILE = "form.toml"
WITH_FACT = (FieldKind.SHOW, FieldKind.ITEMS, FieldKind.PEOPLE, FieldKind.PARTY)
BELONGS = {
    "items": (FieldKind.ITEMS,),
    "people": (FieldKind.PEOPLE,),
    "field": (FieldKind.GROUP,),
    "numbers": (FieldKind.INTEGER,),
    "limits": HANDED_IN,
    "letters": (FieldKind.TEXT,),
    "among": (FieldKind.PARTY,),
    "shows": (FieldKind.PARTY,),
}
IN_ROWS = frozenset(
    {
        FieldKind.CHOICE, FieldKind.MULTI, FieldKind.INTEGER, FieldKind.TEXT, FieldKind.DIGITS, FieldKind.DATE,
        FieldKind.YES_NO, FieldKind.MONEY, FieldKind.PHONE, FieldKind.IBAN, FieldKind.PLACE,
    }
)  # fmt: skip
ROWS_MAX = 20
COUNTED = frozenset(
    {FieldKind.INTEGER, FieldKind.MONEY, FieldKind.ITEMS, FieldKind.MULTI, FieldKind.PEOPLE, FieldKind.GROUP}
)
ONCE_AT_MOST = (FieldKind.TIE, FieldKind.PICK_UP, FieldKind.PARTY)
KNOWN_OF_EVERYBODY = frozenset(
    {
        "national_id", "id_number", "name", "name_ar", "name_latin", "first_name", "father_name", "grandfather_name", "family_name",
        "birth_date", "birth_place", "sex", "mobile", "phone", "governorate", "mother_name", "spouse_name",
    }
)  # fmt: skip


def prove(version: ServiceVersion, files: Decoded) -> None:
    given = {name for read in version.reads for name in read.attributes}
    seen: dict[str, FieldShape] = {}
    for number, page in enumerate(files.form.page if files.form else ()):
        if not page.field:
            files.source.fault(FILE, ("page", number), "page_empty", "a page asks or shows something")
        for index, field in enumerate(page.field):
            path = ("page", number, "field", index)
            _prove_once(files, field, path, seen)
            _prove_not_known(files, field, path, given)
            _prove_kind(version, files, field, path)
            _prove_when(files, field, path, seen)
            seen[field.id] = field
    if (
        files.form
        and any(read.subject == "subject" for read in version.reads)
        and version.form.find_kind(FieldKind.TIE) is None
    ):
        files.source.fault(
            "exchange.toml",
            ("read", 0),
            "no_subject_asked",
            "reads about the `subject` need a form field of kind `tie`",
        )


def _prove_once(files: Decoded, field: FieldShape, path: tuple[str | int, ...], seen: dict[str, FieldShape]) -> None:
    if (
        field.id in seen
        or field.id in {name for other in seen.values() for name in _changes(other)}
        or seen.keys() & _changes(field)
    ):
        files.source.fault(FILE, path, "field_twice", f"`{field.id}` stands twice")
    if field.kind in ONCE_AT_MOST and any(other.kind == field.kind for other in seen.values()):
        files.source.fault(FILE, path, "kind_twice", f"a form has one field of kind `{field.kind}` at most")


def _changes(field: FieldShape) -> set[str]:
    """The names under which a question about people keeps who came and who went."""
    return {f"{field.id}_{change}" for change in PEOPLE_CHANGES} if field.kind == FieldKind.PEOPLE else set()


def _prove_not_known(files: Decoded, field: FieldShape, path: tuple[str | int, ...], given: set[str]) -> None:
    """Once only: what a registry gives is shown for checking, never asked. A field that means something else says so by its concept."""
    for asked in (field, *field.field):
        meant = asked.concept or asked.id
        if asked.kind != FieldKind.SHOW and meant in (given | KNOWN_OF_EVERYBODY):
            hint = f'the State knows `{meant}` already: read it and show it (kind = "show"), do not ask'
            files.source.fault(FILE, path, "asks_what_is_known", hint)


def _prove_kind(version: ServiceVersion, files: Decoded, field: FieldShape, path: tuple[str | int, ...]) -> None:
    wrong = {
        FieldKind.CHOICE: len(set(field.options)) < 2 and "a choice has two options or more",  # noqa: PLR2004
        FieldKind.INTEGER: _integer_incomplete(field),
        FieldKind.TIE: not field.ties and "name the ties: self, child, parent, spouse",
        FieldKind.PARTY: (not field.ties or "self" in field.ties or not field.fact)
        and "name the ties (child, parent, spouse) and the fact that is the list of them",
        FieldKind.SHOW: not field.fact and "name the fact that is shown",
        FieldKind.ITEMS: _items_incomplete(field),
        FieldKind.MULTI: len(set(field.options)) < 2 and "several are chosen out of two options or more",  # noqa: PLR2004
        FieldKind.PEOPLE: _people_incomplete(field),
        FieldKind.GROUP: _group_incomplete(field),
        FieldKind.PHOTO: _photo_incomplete(field),
        FieldKind.FILE: field.limits is None and "name its `limits`, the `types` at least",
        FieldKind.DIGITS: not field.length_exact and "digits have a length_exact",
        FieldKind.OFFICE: not field.office_kinds and "name the office_kinds: counter, post",
        FieldKind.PICK_UP: set(field.options) != version.pick_up
        and "its options are the ways under pick_up in service.toml",
    }.get(field.kind, False)
    if wrong:
        files.source.fault(FILE, path, "question_incomplete", f"`{field.id}`: {wrong}")
    if field.fact and field.kind not in WITH_FACT:
        hint = f"`{field.id}`: only a field of kind {' or '.join(f'`{kind}`' for kind in WITH_FACT)} has a fact"
        files.source.fault(FILE, path, "question_incomplete", hint)
    for table, kinds in BELONGS.items():
        if getattr(field, table) and field.kind not in kinds:
            hint = f"`{field.id}`: `{table}` belongs to a field of kind {' or '.join(f'`{kind}`' for kind in kinds)}"
            files.source.fault(FILE, path, "question_incomplete", hint)
    if field.default is not None and field.options and field.default not in field.options:
        files.source.fault(
            FILE, path, "default_not_an_option", f"`{field.id}`: {field.default!r} is none of its options"
        )
    if field.kind == FieldKind.TIE and not any(
        "ties" in read.attributes and read.subject == "applicant" for read in version.reads
    ):
        files.source.fault(
            FILE,
            path,
            "ties_not_read",
            "ties come from a read of `ties` about the applicant: declare it in exchange.toml",
        )


def _photo_incomplete(field: FieldShape) -> str:
    """It is judged by its measures and proportions, so these are said."""
    limits = field.limits
    if limits is None or "pdf" in limits.types:
        return "name its `limits`, with `types` out of jpeg and png"
    if min(limits.width_min, limits.height_min) <= 1 or not 0 < limits.proportion_min <= limits.proportion_max:
        return "its limits say width_min, height_min, proportion_min and proportion_max"
    return ""


def _integer_incomplete(field: FieldShape) -> str:
    if field.numbers:
        is_list = len(set(field.numbers)) > 1 and field.minimum is None and field.maximum is None
        return "" if is_list else "`numbers` lists two or more that may be chosen, in place of minimum and maximum"
    if field.minimum is None or field.maximum is None or field.minimum > field.maximum:
        return "an integer has minimum and maximum, or the `numbers` that may be chosen"
    return ""


def _items_incomplete(field: FieldShape) -> str:
    """A list is chosen from by what tells its records apart, and people see what they choose."""
    if not field.fact or field.items is None:
        return "name the fact that is the list, and `items` with the id that tells its records apart and what it shows"
    if bool(field.items.only) is not bool(field.items.one_of):
        return "`only` names an attribute and `one_of` its values: they go together"
    return ""


def _people_incomplete(field: FieldShape) -> str:
    """Whoever is offered is known by ties; whoever stands in a list now is known by that list."""
    if not field.fact or not field.ties:
        return 'name the fact that is the list of ties, and the ties offered (ties = ["spouse", "child"])'
    if "self" in field.ties:
        return "`self` is no tie of a family's list: the applicant stands for himself"
    people = field.people
    if people and not people.list_ and (people.included or people.barred or people.dropped_reasons):
        return "`included`, `barred` and `dropped_reasons` are about whom another registry lists: name its `list`"
    return ""


def _group_incomplete(field: FieldShape) -> str:
    if not field.field:
        return "name the questions of its rows: [[page.field.field]]"
    if field.maximum is None or not (field.minimum or 0) <= field.maximum <= ROWS_MAX:
        return f"say how many rows there may be: maximum (at most {ROWS_MAX}), and minimum if not none"
    if len({inner.id for inner in field.field}) < len(field.field):
        return "two questions of its rows have one id"
    if wrong := next((inner for inner in field.field if inner.kind not in IN_ROWS or inner.when), None):
        return f"`{wrong.id}`: rows have plain questions, without `when`: {', '.join(sorted(IN_ROWS))}"
    return ""


def _prove_when(files: Decoded, field: FieldShape, path: tuple[str | int, ...], seen: dict[str, FieldShape]) -> None:
    if field.when is None:
        return
    asked = seen.get(field.when.field)
    if len(field.when.comparisons) != 1:
        hint = f"`{field.id}`: give `when` exactly one of: is, one_of, at_least"
        files.source.fault(FILE, path, "unclear_condition", hint)
    if asked is None:
        files.source.fault(
            FILE, path, "unknown_question", f"`{field.id}` waits for `{field.when.field}`, which is not asked before it"
        )
    elif wrong := _never_given(asked, field.when):
        files.source.fault(FILE, path, "never_asked", f"`{field.id}`: {wrong}")


def _never_given(asked: FieldShape, when: WhenShape) -> str:
    """Why the awaited answer can never come, or empty."""
    if when.at_least is not None and asked.kind not in COUNTED:
        return f"`at_least` compares a number or counts what was chosen, and `{asked.id}` is a {asked.kind}"
    awaited = [value for value in (when.is_, *when.one_of) if value is not None]
    if asked.options:
        strange = [value for value in awaited if value not in asked.options]
        return f"{', '.join(map(repr, strange))} is no option of `{asked.id}`" if strange else ""
    return ""
