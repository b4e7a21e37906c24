"""What a form is made of: pages, questions, and what a question may be. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hukumati.domain.uploads.facts import UploadLimits
    from hukumati.kernel.text import Text


PEOPLE_CHANGES = ("added", "dropped", "unlisted")


class FieldKind(StrEnum):
    CHOICE = "choice"
    INTEGER = "integer"
    TEXT = "text"
    DIGITS = "digits"
    DATE = "date"
    YES_NO = "yes_no"
    MULTI = "multi"
    """Several of the declared options."""
    MONEY = "money"
    """An amount, kept in minor units of the declared currency."""
    PHONE = "phone"
    """A mobile of the country, kept as E.164. The citizen's own is known and never asked."""
    IBAN = "iban"
    """An account in the country, kept without spaces."""
    PLACE = "place"
    """A governorate and one of its localities."""
    TIE = "tie"
    """Whom it is for: chosen among the applicant and the ties the civil registry knows, never typed."""
    PICK_UP = "pick_up"
    OFFICE = "office"
    PARTY = "party"
    """Who else must agree: one of the people whom a registry ties to the applicant. He confirms on his own device."""
    ITEMS = "items"
    """Several of a list that a registry gave: the fines to pay, the vehicles to license. The list is shown, never typed."""
    PEOPLE = "people"
    """Several of the family as the civil registry knows it, beside whom another registry has in its list now: who comes, who goes, and why."""
    GROUP = "group"
    """A small form several times over; its answer is a list of records."""
    PHOTO = "photo"
    """A person's picture, upright, as a document prints it. Judged by measures and proportions only."""
    FILE = "file"
    """A paper, photographed or scanned."""
    SHOW = "show"
    """Not asked: a fact the State already holds, shown for checking."""


class Format(StrEnum):
    """How a fact is shown."""

    TEXT = "text"
    NAME = "name"
    """A person's name by its parts: first, father, grandfather, family."""
    DATE = "date"
    NUMBER = "number"
    LIST = "list"
    STATE = "state"
    """A word of the registry, told by the text key `<row>.state.<word>`."""
    LTR = "ltr"
    YES_NO = "yes_no"
    HUNDREDTHS = "hundredths"
    """A number that the register tells in hundredths, because it tells whole numbers only: 8745 is 87.45."""
    TABLE = "table"
    """A list of records, with the columns that are declared."""
    MONEY = "money"
    """An amount in minor units of the shekel, or a table of `amount_minor` and `currency`."""


HANDED_IN = (FieldKind.PHOTO, FieldKind.FILE)
"""What is answered by a file. The answer is the reference of the upload."""


@dataclass(frozen=True, slots=True)
class When:
    """A field is asked only when another answer is this, one of these, or at least so much (of several: so many). One is given."""

    field: str
    is_: str | int | bool | None = None
    one_of: tuple[str, ...] = ()
    at_least: int | None = None

    def holds(self, answer: Any) -> bool:
        """Of several chosen, one that fits is enough."""
        given = answer if isinstance(answer, list) else [] if answer is None else [answer]
        if self.at_least is not None:
            number = answer if type(answer) is int else len(given)
            return bool(given) and number >= self.at_least
        return any(one == self.is_ or one in self.one_of for one in given)


@dataclass(frozen=True, slots=True)
class Shown:
    """One attribute of a record as it is shown; `in_english` names the attribute that holds its Latin writing."""

    attribute: str
    format: Format = Format.TEXT
    in_english: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """How a list of records is offered: what tells one from another, what of it is shown, and which of them may be chosen.

    The first of `shows` names the record, the others describe it.
    """

    id: str
    shows: tuple[Shown, ...]
    all_required: bool = False
    """Nothing may be left out: who will not have all of them does not go on."""
    only: str = ""
    """The attribute by which records are chosen beforehand; empty: all of the list."""
    one_of: tuple[str | int | bool, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """How a family is offered beside another registry's list of them: its path, which attribute says that somebody stands in it, which bars him."""

    list_: str = ""
    included: str = ""
    """An attribute that is true for whom the list includes now; empty: everybody in it."""
    barred: str = ""
    """An attribute that is true for whom the list cannot include, for the reason that the text `field.<id>.barred` gives."""
    barred_text: Text | None = None
    added_reasons: tuple[Option, ...] = ()
    dropped_reasons: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedPerson:
    """One of the family, or of the other registry's list, as the question offers them. `key` names them on a page."""

    key: str
    national_id: str
    tie: str
    name_ar: str
    name_latin: str
    birth_date: str = ""
    minor: bool = False
    included: bool = False
    listed: bool = False
    barred: str = ""
    """Why they cannot be chosen: `barred` (by the list's attribute), `deceased`, `no_longer_tied`."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text
    hint: Text | None = None


LETTERS = {
    "arabic": "\\u0621-\\u063a\\u0641-\\u064a\\u0671-\\u06d3",
    "latin": "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f",
}
BETWEEN_LETTERS = " '’-"


def letters_pattern(script: str) -> str:
    """What a text of one script matches: its letters, with what may stand between them in a name."""
    return f"(?=.*[{LETTERS[script]}])[{LETTERS[script]}{BETWEEN_LETTERS}]+"


@dataclass(frozen=True, slots=True)
class Field:
    id: str
    kind: FieldKind
    label: Text
    hint: Text | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    length_max: int = 200
    length_exact: int | None = None
    ties: tuple[str, ...] = ()
    office_kinds: tuple[str, ...] = ()
    fact: str = ""
    """For `show`, `items` and `people`: the path of the fact."""
    format: Format = Format.TEXT
    default: str | int | bool | None = None
    when: When | None = None
    items: Items | None = None
    limits: UploadLimits | None = None
    """For `photo` and `file`: what may be handed in."""
    people: People | None = None
    group: tuple[Field, ...] = ()
    """The questions of each row of a `group`."""
    currency: str = "ILS"
    """Of `money`."""
    concept: str = ""
    """What it asks for, in the words of an institution's registries.toml, where its name does not say it."""
    in_english: str = ""
    """For `show`: the path of the same fact in Latin letters, for readers of English."""
    letters: str = ""
    """For `text`: the script its letters belong to, `arabic` or `latin`; empty: any."""
    among: tuple[str, ...] = ()
    """For `party`: paths of ID numbers; only who stands at one of them may be chosen. Empty: whoever has the tie."""
    shows: tuple[str, ...] = ()
    """For `party`: the fields of the form that the other person is shown, and agrees to. Nothing else of the case reaches him."""

    @property
    def answer_names(self) -> tuple[str, ...]:
        """The names under which its answer is kept. Of people, who came, who went, and who is new to the other registry stand beside it."""
        if self.kind == FieldKind.PEOPLE:
            return (self.id, *(f"{self.id}_{change}" for change in PEOPLE_CHANGES))
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    title: Text
    fields: tuple[Field, ...]
    hint: Text | None = None
    after_answer: bool = False
    """Of an inquiry that goes on into an application: not asked before the answer."""


@dataclass(frozen=True, slots=True)
class FormDefinition:
    pages: tuple[Page, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field_ for page in self.pages for field_ in page.fields)

    def find_page(self, page_id: str) -> Page | None:
        return next((page for page in self.pages if page.id == page_id), None)

    def find_field(self, field_id: str) -> Field | None:
        return next((field_ for field_ in self.fields if field_.id == field_id), None)

    def find_answer(self, name: str) -> Field | None:
        """The field that an answer's name belongs to."""
        return next((field_ for field_ in self.fields if name in field_.answer_names), None)

    def find_kind(self, kind: FieldKind) -> Field | None:
        """The first field of a kind: `tie` and `pick_up` stand at most once in a form."""
        return next(iter(self.list_kind(kind)), None)

    def list_kind(self, *kinds: FieldKind) -> tuple[Field, ...]:
        return tuple(field_ for field_ in self.fields if field_.kind in kinds)
