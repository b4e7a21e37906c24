"""Reading what a citizen typed on a page of the form. Pure: raw text in, clean values or coded errors out.

Sloppy writing is accepted (spaces, dashes, Arabic digits); only what is truly ambiguous or impossible is an error. Every error has a code
that the faces translate, and facts for its sentence. A new kind of question is one reader here, and its place in `reading`.
"""

from __future__ import annotations

from hukumati.processes.applications.answers.people import reason_name
from hukumati.processes.applications.answers.programs import read_sent, typed_as
from hukumati.processes.applications.answers.reading import NOT_TYPED, PageAnswers, fits, is_asked, read_page
from hukumati.processes.applications.answers.rows import changes_rows, in_row, inner_name, rows_after, rows_sent
from hukumati.processes.applications.answers.sent import Around, one, several

__all__ = [
    "NOT_TYPED",
    "Around",
    "PageAnswers",
    "changes_rows",
    "fits",
    "in_row",
    "inner_name",
    "is_asked",
    "one",
    "read_page",
    "read_sent",
    "reason_name",
    "rows_after",
    "rows_sent",
    "several",
    "typed_as",
]
