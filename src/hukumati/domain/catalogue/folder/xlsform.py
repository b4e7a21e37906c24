"""A form written as a spreadsheet (XLSForm: sheets survey, choices, settings) becomes form.toml and texts.

What has no counterpart is told with its sheet and row, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hukumati.domain.catalogue.folder.workbook import Row, Workbook

ARABIC, ENGLISH = ("::arabic (ar)", "::arabic", "::العربية (ar)", "::ar"), ("::english (en)", "::english", "::en", "")
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,47}")
EQUALS: Final = re.compile(r"\$\{(\w+)\}\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|(-?\d+))")
SELECTED: Final = re.compile(r"selected\(\s*\$\{(\w+)\}\s*,\s*['\"]([^'\"]*)['\"]\s*\)")
AT_LEAST: Final = re.compile(r"\$\{(\w+)\}\s*(>=|>)\s*(\d+)")
LEAST, MOST = re.compile(r"\.\s*(>=|>)\s*(\d+)"), re.compile(r"\.\s*(<=|<)\s*(\d+)")
DIGITS: Final = re.compile(r"regex\(\s*\.\s*,\s*['\"]\^\[0-9\]\{(\d+)\}\$['\"]\s*\)")
INTEGER_MAX: Final = 999_999
PLAIN: Final = {
    "text": "text",
    "date": "date",
    "integer": "integer",
    "image": "photo",
    "photo": "photo",
    "file": "file",
}
NOT_NEEDED: Final = frozenset(
    {"start", "end", "today", "deviceid", "username", "phonenumber", "audit", "subscriberid", "simserial", "email"}
)
INSTEAD: Final = {
    "decimal": "an amount is `money`, a count is `integer`: choose one and write it by hand",
    "note": "what only explains is a page's hint: texts page.<id>.hint",
    "calculate": "what is counted is a fee, a decision table or rules.py, never a hidden field",
    "geopoint": "where people live is `place`: governorate and locality",
    "barcode": "nothing is scanned here; `digits` takes a number",
}
YES, NO = {"yes", "true", "1", "نعم"}, {"no", "false", "0", "لا"}


@dataclass
class ImportedForm:
    """Pages as form.toml has them, texts by key, and what was not taken over."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    ar: dict[str, str] = field(default_factory=dict)
    en: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_form(workbook: Workbook) -> ImportedForm:
    """Pure: what the sheets say, in our words."""
    return _Import(workbook).done()


class _Import:
    def __init__(self, workbook: Workbook) -> None:
        self.form = ImportedForm(notes=list(workbook.notes))
        self.survey = workbook.sheets.get("survey", [])
        self.choices: dict[str, list[Row]] = {}
        for row in workbook.sheets.get("choices", []):
            self.choices.setdefault(row.get("list_name", "list name"), []).append(row)
        self.kinds: dict[str, str] = {}
        self.repeat: dict[str, Any] | None = None
        if not self.survey:
            self._note("survey", 1, "there is no sheet `survey`, or nothing stands in it")

    def done(self) -> ImportedForm:
        for row in self.survey:
            self._read(row)
        self.form.pages = [page for page in self.form.pages if page["field"]]
        return self.form

    def _read(self, row: Row) -> None:
        kind, _space, rest = " ".join(row.get("type").lower().split()).partition(" ")
        words = f"{kind} {rest}"
        if words in ("begin group", "begin_group "):
            self._page(self._name(row), row)
        elif words in ("begin repeat", "begin_repeat "):
            self._begin_repeat(row)
        elif words in ("end repeat", "end_repeat "):
            self.repeat = None
        elif kind in NOT_NEEDED or words.startswith(("end group", "end_group")) or not kind:
            return
        else:
            self._field(row, kind, rest.split(" ")[0])

    def _page(self, name: str, row: Row | None) -> None:
        self.form.pages.append({"id": name, "field": []})
        self._words(f"page.{name}.title", row, "label", otherwise=name)

    def _begin_repeat(self, row: Row) -> None:
        name = self._name(row)
        self.repeat = self._placed({"id": name, "kind": "group", "minimum": 0, "maximum": 10, "field": []})
        self._words(f"field.{name}.label", row, "label", otherwise=name)

    def _placed(self, field_: dict[str, Any]) -> dict[str, Any]:
        if self.repeat is not None:
            self.repeat["field"].append(field_)
            return field_
        if not self.form.pages:
            self._page("questions", None)
        self.form.pages[-1]["field"].append(field_)
        return field_

    def _field(self, row: Row, kind: str, list_name: str) -> None:
        asked = self._kind(row, kind, list_name)
        if asked is None:
            return
        name = self._name(row)
        self.kinds[name] = asked["kind"]
        if row.get("required").lower() not in YES:
            asked["required"] = False
        if when := self._when(row):
            asked["when"] = when
        self._placed({"id": name, **asked})
        inside = f"field.{self.repeat['id']}.field.{name}" if self.repeat is not None else f"field.{name}"
        self._words(f"{inside}.label", row, "label", otherwise=name)
        if any(row.get(*(f"hint{end}" for end in ends)) for ends in (ARABIC, ENGLISH)):
            self._words(f"{inside}.hint", row, "hint", otherwise="")
        for option in self.choices.get(list_name, []) if "options" in asked else []:
            self._words(
                f"{inside}.option.{_plain(option.get('name', 'value'))}",
                option,
                "label",
                otherwise=option.get("name", "value"),
            )

    def _kind(self, row: Row, kind: str, list_name: str) -> dict[str, Any] | None:
        if kind in ("select_one", "select_multiple"):
            return self._choice(row, kind, list_name)
        if kind not in PLAIN:
            self._note(
                "survey",
                row.number,
                f"`{kind}` is not taken over: {INSTEAD.get(kind, 'there is no such question here')}",
            )
            return None
        if exact := DIGITS.fullmatch(row.get("constraint")):
            return {"kind": "digits", "length_exact": int(exact[1])}
        if kind == "integer":
            return {"kind": "integer", **self._limits(row)}
        if row.get("constraint"):
            self._note(
                "survey", row.number, f"the constraint `{row.get('constraint')}` is not taken over: give limits by hand"
            )
        return {"kind": PLAIN[kind]}

    def _choice(self, row: Row, kind: str, list_name: str) -> dict[str, Any] | None:
        offered = [option.get("name", "value") for option in self.choices.get(list_name, [])]
        if len(set(offered)) < 2:  # noqa: PLR2004 (one option is no choice)
            self._note("survey", row.number, f"the list `{list_name}` of the sheet choices has no two options")
            return None
        if kind == "select_one" and {one.lower() for one in offered} <= YES | NO:
            return {"kind": "yes_no"}
        return {"kind": "choice" if kind == "select_one" else "multi", "options": [_plain(one) for one in offered]}

    def _limits(self, row: Row) -> dict[str, int]:
        constraint = row.get("constraint")
        least, most = LEAST.search(constraint), MOST.search(constraint)
        rest = MOST.sub("", LEAST.sub("", constraint)).replace("and", "").strip(" ()")
        if rest:
            self._note("survey", row.number, f"of the constraint `{constraint}` only the limits are taken over")
        if not least or not most:
            self._note("survey", row.number, "an integer has minimum and maximum: look at the ones that were put in")
        return {
            "minimum": int(least[2]) + (least[1] == ">") if least else 0,
            "maximum": int(most[2]) - (most[1] == "<") if most else INTEGER_MAX,
        }

    def _when(self, row: Row) -> dict[str, Any] | None:
        """Equality, one of several of one question, so many: more is not a form's business."""
        said = row.get("relevant")
        if not said:
            return None
        parts = [
            part.strip(" ()") + (")" if part.strip().startswith("selected") else "")
            for part in re.split(r"\s+or\s+", said)
        ]
        found = [EQUALS.fullmatch(part) or SELECTED.fullmatch(part) for part in parts]
        if len(parts) == 1 and (least := AT_LEAST.fullmatch(parts[0])):
            return {"field": _plain(least[1]), "at_least": int(least[3]) + (least[2] == ">")}
        names = {one[1] for one in found if one}
        if None in found or len(names) != 1:
            self._note("survey", row.number, f"the condition `{said}` is not taken over: the question is always asked")
            return None
        other = _plain(names.pop())
        values = [next(value for value in one.groups()[1:] if value is not None) for one in found if one]
        if self.kinds.get(other) == "yes_no":
            return {"field": other, "is": values[0].lower() in YES}
        if self.kinds.get(other) == "integer":
            return {"field": other, "is": int(values[0])} if values[0].isdecimal() else None
        plain = [_plain(value) for value in values]
        return {"field": other, "is": plain[0]} if len(plain) == 1 else {"field": other, "one_of": plain}

    def _name(self, row: Row) -> str:
        name = row.get("name")
        if NAME.fullmatch(name):
            return name
        self._note("survey", row.number, f"`{name}` is called `{_plain(name)}` here")
        return _plain(name)

    def _words(self, key: str, row: Row | None, column: str, *, otherwise: str) -> None:
        arabic = row.get(*(column + end for end in ARABIC)) if row else ""
        english = row.get(*(column + end for end in ENGLISH)) if row else ""
        if row and re.search("[\u0600-\u06ff]", english) and not arabic:
            arabic, english = english, ""  # one column without a language: the words say which it is
        if row and otherwise and not (arabic and english):
            self._note(
                "survey",
                row.number,
                f"`{key}` lacks its {'Arabic' if not arabic else 'English'} words: the other's stand in for now",
            )
        self.form.ar[key] = arabic or english or otherwise
        self.form.en[key] = english or arabic or otherwise

    def _note(self, sheet: str, row: int, words: str) -> None:
        self.form.notes.append(f"{sheet}, row {row}: {words}")


def _plain(name: str) -> str:
    """A name as our folders have it."""
    plain = re.sub(r"[^a-z0-9_]+", "_", name.strip().lower()).strip("_")[:47]
    return plain if NAME.fullmatch(plain) else f"x_{plain or 'unnamed'}"[:48]


def as_toml(form: ImportedForm) -> str:
    """form.toml."""
    lines: list[str] = []
    for page in form.pages:
        lines += ["[[page]]", f'id = "{page["id"]}"', ""]
        for asked in page["field"]:
            lines += _field_toml(asked, "page.field")
    return "\n".join(lines).rstrip() + "\n"


def _field_toml(asked: dict[str, Any], table: str) -> list[str]:
    own = [f"{key} = {value_toml(value)}" for key, value in asked.items() if key != "field"]
    inner = [line for one in asked.get("field", []) for line in _field_toml(one, f"{table}.field")]
    return [f"[[{table}]]", *own, "", *inner]


def value_toml(value: Any) -> str:
    """Strings, numbers, yes and no, lists and small tables of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = (
            value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "").replace("\t", " ")
        )
        return '"' + re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", escaped) + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(value_toml, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {value_toml(one)}" for key, one in value.items()) + " }"
    return str(value)


def texts_toml(old: dict[str, Any], words: dict[str, str]) -> str:
    """A texts file with the form's words replaced: what spoke of the former form's pages and fields leaves."""
    flat = {key: said for key, said in _flat(old, "") if not key.startswith(("page.", "field."))} | words
    return "".join(f"{key} = {value_toml(said)}\n" for key, said in flat.items())


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        found += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return found
