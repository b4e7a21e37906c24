"""Those whom an application may be for, as choices on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hukumati.web.ui import writing
from hukumati.web.ui.fields import Option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hukumati.processes.applications.facts import SubjectFacts

YOURS = {
    "self": lambda: _("You"),
    "child": lambda: _("Your child"),
    "ward": lambda: _("Your ward"),
    "parent": lambda: _("Your parent"),
    "spouse": lambda: _("Your spouse"),
}
ICONS = {"self": "user", "child": "baby"}


def your_tie(tie: str) -> str:
    """How the person is tied to the citizen who reads the page."""
    return YOURS[tie]() if tie in YOURS else ""


def person_options(people: Iterable[SubjectFacts], *, tie_words: Callable[[str], str]) -> Iterator[Option]:
    """Each with the tie, the birth date, and whether the person still lives."""
    for person in people:
        name = person.name.in_(get_language() or "ar")
        born = _("born %(date)s") % {"date": writing.written_date(person.birth_date)} if person.birth_date else ""
        known = (tie_words(person.tie), born, "" if person.alive else _("deceased"))
        icon = ICONS.get(person.tie, "users")
        yield Option(person.key, name, hint=_(", ").join(part for part in known if part), icon=icon)
