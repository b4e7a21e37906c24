"""What must hold of an inquiry: whom it may be about, what it asks first, and that its rows and tables can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.facts import Format, Kind
from hukumati.domain.catalogue.questions import FieldKind

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.proofs import Decoded
    from hukumati.domain.catalogue.folder.shapes import ColumnShape, RowShape

FILE = "answer.toml"
ASKED_ABOUT = frozenset({"self", "child", "ward"})
AFTER_ANSWER = frozenset({FieldKind.SHOW, FieldKind.ITEMS, FieldKind.PEOPLE, FieldKind.PICK_UP, FieldKind.OFFICE})


def prove(version: ServiceVersion, files: Decoded) -> None:
    _prove_whom(version, files)
    _prove_questions(version, files)
    for index, row in enumerate(files.answer.row if files.answer else ()):
        _prove_row(files, row, ("row", index))
    if files.answer and files.answer.continue_ and version.process is None:
        hint = "an answer goes on into an application: that needs a process.toml"
        files.source.fault(FILE, ("continue",), "goes_on_to_nothing", hint)


def _prove_whom(version: ServiceVersion, files: Decoded) -> None:
    """Nobody is asked about by number: an inquiry is about oneself, one's minor child or ward, as the civil registry knows them."""
    if version.kind != Kind.INQUIRY:
        return
    for index, read in enumerate(version.reads):
        if read.subject != "applicant" and not version.asks_for_whom:
            hint = "an inquiry reads about the applicant, unless its form has a field of kind `tie`"
            files.source.fault("exchange.toml", ("read", index), "reads_about_others", hint)
    for number, page in enumerate(files.form.page if files.form else ()):
        for index, field in enumerate(page.field):
            if strangers := sorted(set(field.ties) - ASKED_ABOUT):
                hint = f"who is of age asks for himself: take out {', '.join(strangers)}"
                path = ("page", number, "field", index)
                files.source.fault("form.toml", path, "asks_about_adults", hint)


def _prove_questions(version: ServiceVersion, files: Decoded) -> None:
    """Before the answer only that is asked which needs nothing read; the rest waits until somebody goes on into the application."""
    inquiry = version.kind == Kind.INQUIRY
    for number, page in enumerate(version.form.pages):
        path = ("page", number)
        if page.after_answer and (not inquiry or version.process is None):
            hint = f"`{page.id}` waits for an answer that goes on into an application: only such an inquiry has one"
            files.source.fault("form.toml", path, "no_answer_before", hint)
        wrong = [field.id for field in page.fields if field.kind in AFTER_ANSWER and not page.after_answer]
        if inquiry and wrong:
            hint = f"{', '.join(wrong)}: nothing is known before the answer; give the page after_answer = true"
            files.source.fault("form.toml", path, "asked_too_early", hint)


def _prove_row(files: Decoded, row: RowShape, path: Path) -> None:
    wrong = ""
    if (row.format == Format.TABLE) is not bool(row.column):
        wrong = 'a table (format = "table") has [[row.column]], and only a table has'
    elif bool(row.only) is not bool(row.one_of):
        wrong = "`only` names an attribute and `one_of` its values: they go together"
    elif (row.format == Format.MONEY) is not bool(row.currency):
        wrong = "money names the path of its currency, and nothing else does"
    if wrong:
        files.source.fault(FILE, path, "row_incomplete", f"`{row.id}`: {wrong}")
    for index, column in enumerate(row.column):
        _prove_column(files, column, (*path, "column", index))


def _prove_column(files: Decoded, column: ColumnShape, path: Path) -> None:
    wrong = ""
    if column.format == Format.TABLE:
        wrong = "a table stands in no cell"
    elif (column.format == Format.MONEY) is not bool(column.currency):
        wrong = "money names the attribute of its currency, and nothing else does"
    elif column.total and column.format != Format.MONEY:
        wrong = "only money is added up"
    if wrong:
        files.source.fault(FILE, path, "row_incomplete", f"`{column.id}`: {wrong}")
