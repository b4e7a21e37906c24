"""A form as JSON Schema (2020-12): what clean answers look like. One entry of a table for each kind of question; a kind without one is a fault.

The pages read what people type, the schema judges what a program sends: a test keeps the two from disagreeing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue.questions import FieldKind, letters_pattern
from hukumati.kernel.money import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hukumati.domain.catalogue.facts import Field, ServiceVersion
    from hukumati.domain.catalogue.questions import When

    type Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
INTEGER_MAX: Final = 999_999_999
ROWS_MAX: Final = 20
NOT_SENT: Final = frozenset({FieldKind.SHOW, FieldKind.TIE})
"""What is only shown, and whom it is for, which is chosen by a key of the case."""


def form_schema(service: ServiceVersion, *, offices: Mapping[str, Collection[str]] | None = None) -> Schema:
    """The answers to the whole form. `offices` are the ids that may be chosen, by the question; without them any text is one."""
    asked = [field for field in service.form.fields if field.kind not in NOT_SENT]
    schema: Schema = {
        "$schema": DIALECT,
        "$id": f"urn:hukumati:service:{service.id}:{service.version}:answers",
        "title": service.name.en,
        "title_ar": service.name.ar,
        "type": "object",
        "properties": {name: _property(field, name, offices) for field in asked for name in field.answer_names},
        "required": [field.id for field in asked if field.required and field.when is None],
        "additionalProperties": False,
    }
    conditional = [_conditional(field) for field in asked if field.when is not None]
    return schema | ({"allOf": conditional} if conditional else {})


def field_schema(field: Field, *, offices: Mapping[str, Collection[str]] | None = None) -> Schema:
    """What a clean answer to one question looks like, without its words. Raises KeyError for a kind that has no entry in KINDS."""
    if field.kind == FieldKind.OFFICE and offices and field.id in offices:
        return {"enum": sorted(offices[field.id])}
    return KINDS[field.kind](field)


def _property(field: Field, name: str, offices: Mapping[str, Collection[str]] | None) -> Schema:
    words = {"title": field.label.en, "title_ar": field.label.ar}
    hint = {"description": field.hint.en, "description_ar": field.hint.ar} if field.hint else {}
    judged = field_schema(field, offices=offices)
    if not field.required or field.when is not None or name != field.id:
        judged = {"anyOf": [judged, {"type": "null"}]}
    return {**words, **hint, **judged}


def _conditional(field: Field) -> Schema:
    """Asked only when another answer fits: then it is needed, otherwise it stays empty."""
    assert field.when is not None
    other = {"properties": {field.when.field: _holds(field.when)}, "required": [field.when.field]}
    wanted = {"required": [field.id], "properties": {field.id: {"not": {"type": "null"}}}} if field.required else {}
    empty = {"properties": {name: {"type": "null"} for name in field.answer_names}}
    return {"if": other, "then": wanted, "else": empty}


def _holds(when: When) -> Schema:
    """As When.holds: of several chosen, one that fits is enough; `at_least` counts several."""
    if when.at_least is not None:
        return {
            "anyOf": [
                {"type": "integer", "minimum": when.at_least},
                {"type": "array", "minItems": max(1, when.at_least)},
            ]
        }
    values = [*when.one_of, *([] if when.is_ is None else [when.is_])]
    return {"anyOf": [{"enum": values}, {"type": "array", "contains": {"enum": values}}]}


def _options(field: Field) -> Schema:
    return {"enum": [option.value for option in field.options]}


def _integer(field: Field, *, most: int = INTEGER_MAX) -> Schema:
    upper = most if field.maximum is None else min(field.maximum, most)
    return {"type": "integer", "minimum": max(0, field.minimum or 0), "maximum": upper}


def _money(field: Field) -> Schema:
    """Minor units of the currency."""
    places = 10 ** MINOR_DIGITS[field.currency]
    return {**_integer(field, most=INTEGER_MAX * places + places - 1), "currency": field.currency}


def _text(field: Field) -> Schema:
    """Clean text: no spaces at its ends, no control characters; where the form says so, of one script."""
    pattern = rf"^(?!\s)(?![\s\S]*\s$){letters_pattern(field.letters)}$" if field.letters else CLEAN
    return {"type": "string", "minLength": 1, "maxLength": field.length_max, "pattern": pattern}


def _digits(field: Field) -> Schema:
    count = f"{{{field.length_exact}}}" if field.length_exact else f"{{1,{field.length_max}}}"
    return {"type": "string", "maxLength": field.length_max, "pattern": f"^[0-9]{count}$"}


def _upload(_field: Field) -> Schema:
    """The reference under which the case keeps what was handed in."""
    return {"type": "string", "pattern": "^B-20[0-9]{2}-[2-9A-HJKMNP-TV-Z]{8}$"}


def _multi(field: Field) -> Schema:
    most = {} if field.maximum is None else {"maxItems": field.maximum}
    return {"type": "array", "items": _options(field), "uniqueItems": True, "minItems": int(field.required), **most}


def _people(field: Field) -> Schema:
    """Whom the registries know, by the key under which the case offers them; who they are is filled in."""
    most = {} if field.maximum is None else {"maxItems": field.maximum}
    person = {"type": "object", "required": ["key"], "properties": {"key": {"type": "string", "minLength": 1}}}
    return {"type": "array", "items": person, **most}


def _group(field: Field) -> Schema:
    row = {
        "type": "object",
        "properties": {inner.id: _property(inner, inner.id, None) for inner in field.group},
        "required": [inner.id for inner in field.group if inner.required],
        "additionalProperties": False,
        "not": {"properties": {inner.id: {"enum": [None, []]} for inner in field.group}},  # an empty row is no row
    }
    least = max(field.minimum or 0, int(field.required))
    return {"type": "array", "items": row, "minItems": least, "maxItems": min(field.maximum or ROWS_MAX, ROWS_MAX)}


CONTROLS: Final = r"\u0000-\u0009\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
CLEAN: Final = rf"^(?!\s)(?![\s\S]*\s$)[^{CONTROLS}]+$"
DAY: Final = r"^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}$"
KINDS: Mapping[FieldKind, Callable[[Field], Schema]] = {
    FieldKind.CHOICE: _options,
    FieldKind.PICK_UP: _options,
    FieldKind.INTEGER: _integer,
    FieldKind.MONEY: _money,
    FieldKind.TEXT: _text,
    FieldKind.DIGITS: _digits,
    FieldKind.DATE: lambda _field: {"type": "string", "format": "date", "pattern": DAY},
    FieldKind.YES_NO: lambda _field: {"type": "boolean"},
    FieldKind.PHONE: lambda _field: {"type": "string", "pattern": r"^\+97[02]5[69][0-9]{7}$"},
    # Its two check digits are beyond what a schema can count: the format says that they must hold.
    FieldKind.IBAN: lambda _field: {"type": "string", "format": "iban", "pattern": "^PS[0-9]{2}[A-Z]{4}[A-Z0-9]{21}$"},
    FieldKind.PLACE: lambda _field: {
        "type": "object",
        "properties": {part: {"type": "string", "minLength": 1} for part in ("governorate", "locality")},
        "required": ["governorate", "locality"],
        "additionalProperties": False,
    },
    FieldKind.PARTY: lambda field: {
        "type": "string",
        "minLength": 1,
        "description": f"The key of one of the people whom the register names at `{field.fact}`.",
    },
    FieldKind.OFFICE: lambda _field: {"type": "string", "minLength": 1},
    FieldKind.MULTI: _multi,
    FieldKind.ITEMS: lambda field: {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "uniqueItems": True,
        "description": f"Out of the list that the register gives at `{field.fact}`.",
    },
    FieldKind.PEOPLE: _people,
    # One of the applicant's family, by the key under which the case offers them.
    FieldKind.PARTY: lambda _field: {"type": "string", "minLength": 1},
    FieldKind.GROUP: _group,
    FieldKind.PHOTO: _upload,
    FieldKind.FILE: _upload,
}
