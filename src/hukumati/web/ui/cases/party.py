"""The other person whose word a case needs, as a question of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hukumati.processes.applications import api as applications
from hukumati.web.ui.cases.words import relative_in_words
from hukumati.web.ui.fields import Option
from hukumati.web.ui.writing import text

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import Facts, Field


def offered_options(asked: Field, facts: Facts) -> tuple[Option, ...]:
    """The people who may be asked, by the key that stands for them: no identity number stands in a form."""
    return tuple(
        Option(person.key, text(person.name), hint=relative_in_words(person.tie), icon="users")
        for person in applications.offered_parties(asked, facts)
    )


def shown_party(asked: Field, key: Any, facts: Facts) -> str:
    """The name of whom the applicant chose."""
    chosen = (person for person in applications.offered_parties(asked, facts) if person.key == key)
    return next((text(person.name) for person in chosen), _("Not given"))
