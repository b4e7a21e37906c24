"""One question on a page, whoever asks it: a Django form or a service's declarations. The macro `field` draws it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from django import forms

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

KINDS: Final = frozenset(
    {
        "text",
        "textarea",
        "digits",
        "national_id",
        "phone",
        "email",
        "password",
        "otp",
        "money",
        "mobile",
        "iban",
        "date",
        "choice",
        "cards",
        "checkboxes",
        "check_cards",
        "confirm",
        "select",
        "place",
        "rows",
        "file",
        "search",
        "show",
        "hidden",
    }
)


@dataclass(frozen=True)
class Option:
    """One answer to choose. `icon` and `hint` are shown by the kinds choice and cards, `tag` (words, tone) and a question of its own by check_cards."""

    value: str
    label: str
    hint: str = ""
    icon: str = ""
    disabled: bool = False
    tag: tuple[str, str] | None = None
    more: Field | None = None
    more_when: str = "chosen"
    """When its own question is asked: while it stands `chosen`, or `left` out."""


@dataclass(frozen=True)
class OptionGroup:
    """Options that belong together under a name: the localities of a governorate."""

    value: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Row:
    """One row of a group: its questions, and the value of the button that takes it away."""

    number: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Field:
    """`kind` is one of KINDS. A date's value is (day, month, year) as typed, under the names `<name>_day`, `_month`, `_year`.

    `width` counts characters and tells how long an answer is expected to be; 0 fills the line.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    hint: str = ""
    error: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False
    width: int = 0
    rows: int = 4
    autocomplete: str = ""
    length_max: int = 0
    prefix: str = ""
    suffix: str = ""
    accept: str = ""
    shown: str = ""  # of a file: what stands there already
    bytes_max: int = 0
    heading: bool = False
    apart: str = ""  # tells this field from another of the same name on the same page
    attributes: dict[str, str] = field(default_factory=dict)
    groups: tuple[OptionGroup, ...] = ()
    """Of `place`: the governorates with their localities. Its value is (governorate, locality)."""
    table: tuple[Row, ...] = ()
    """Of `rows`."""
    may_add: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"field {self.name!r} has no known kind: {self.kind!r}")

    @property
    def id(self) -> str:
        return f"f-{self.name}-{self.apart}" if self.apart else f"f-{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of hint and error, for aria-describedby; empty when there is neither."""
        return " ".join(
            part for part in (f"{self.id}-hint" if self.hint else "", f"{self.id}-error" if self.error else "") if part
        )

    @property
    def focus_id(self) -> str:
        """Where a link from the error summary lands: the first thing that takes input."""
        if self.kind == "date":
            return f"{self.id}-day"
        if self.kind == "place":
            return f"{self.id}-governorate"
        if self.kind in {"choice", "cards", "checkboxes", "check_cards"}:
            return f"{self.id}-1"
        return self.id

    @property
    def chosen(self) -> frozenset[str]:
        """The values that stand chosen, one or many."""
        if self.value is None or self.value == "":
            return frozenset()
        if isinstance(self.value, str) or not isinstance(self.value, Iterable):
            return frozenset({str(self.value)})
        return frozenset(str(value) for value in self.value)

    @property
    def date_parts(self) -> tuple[str, str, str]:
        """Day, month and year as text, from whatever the value is."""
        if not self.value:
            return ("", "", "")
        if hasattr(self.value, "year"):
            return (str(self.value.day), str(self.value.month), str(self.value.year))
        day, month, year = (str(part or "") for part in self.value)
        return (day, month, year)


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: what is wrong, and the id of the field it links to (empty: no field)."""

    message: str
    target: str = ""


def fields_of(form: forms.BaseForm) -> tuple[Field, ...]:
    """The questions of a Django form, in order, with what was typed and what is wrong with it."""
    return tuple(field_of(bound) for bound in form)


def problems_of(source: forms.BaseForm | Sequence[Field]) -> tuple[Problem, ...]:
    """Everything wrong, in the order of the page; what concerns no single field comes first."""
    if isinstance(source, forms.BaseForm):
        own = tuple(Problem(str(message)) for message in source.non_field_errors())
        return own + problems_of(fields_of(source))
    return tuple(Problem(one.error, one.focus_id) for asked in source for one in _with_inner(asked) if one.error)


def _with_inner(asked: Field) -> Iterable[Field]:
    """A question, then those of its rows and of its options."""
    yield asked
    for row in asked.table:
        yield from row.fields
    for option in asked.options:
        if option.more is not None:
            yield option.more


def field_of(bound: BoundField) -> Field:
    """A Django bound field as our Field. The form field may say more about its looks through an attribute `looks` (a dict of Field's own)."""
    asked = bound.field
    errors = bound.errors
    made = Field(
        name=bound.html_name,
        label=str(bound.label),
        kind=_kind(bound),
        value=_value(bound),
        hint=str(asked.help_text or ""),
        error=str(errors[0]) if errors else "",
        options=_options(asked),
        optional=not asked.required,
        autocomplete=str(asked.widget.attrs.get("autocomplete", "")),
        length_max=int(getattr(asked, "max_length", 0) or 0),
    )
    return replace(made, **getattr(asked, "looks", {}))


def _kind(bound: BoundField) -> str:
    declared = getattr(bound.field, "looks", {}).get("kind")
    if declared:
        return str(declared)
    by_widget: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.HiddenInput, "hidden"),
        (forms.PasswordInput, "password"),
        (forms.Textarea, "textarea"),
        (forms.EmailInput, "email"),
        (forms.ClearableFileInput, "file"),
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "choice"),
        (forms.Select, "select"),
        (forms.CheckboxInput, "confirm"),
        (forms.NumberInput, "digits"),
    )
    return next((kind for widget, kind in by_widget if isinstance(bound.field.widget, widget)), "text")


def _value(bound: BoundField) -> Any:
    """As typed when the form was sent. Passwords and files are never given back."""
    if isinstance(bound.field.widget, forms.PasswordInput | forms.FileInput):
        return ""
    value = bound.value()
    return "" if value is None else value


def _options(asked: forms.Field) -> tuple[Option, ...]:
    choices = getattr(asked, "choices", None)
    if choices is None:
        return ()
    extras: dict[str, dict[str, Any]] = getattr(asked, "option_looks", {})
    return tuple(
        Option(str(value), str(label), **extras.get(str(value), {})) for value, label in choices if value != ""
    )
