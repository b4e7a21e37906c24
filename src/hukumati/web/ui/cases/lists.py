"""Questions that offer a registry's list: its records in words, and which of them stand chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.ui import writing
from hukumati.web.ui.cases.facts import written
from hukumati.web.ui.fields import Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.catalogue.facts import Shown
    from hukumati.processes.applications.facts import ApplicationFacts


def offered_options(asked: catalogue.Field, facts: catalogue.Facts) -> tuple[Option, ...]:
    """Each record by its name, with what describes it below."""
    return tuple(
        Option(mark, _named(asked, record), hint=_described(asked, record))
        for mark, record in catalogue.offered_records(asked, facts).items()
    )


def chosen_marks(
    asked: catalogue.Field, application: ApplicationFacts, typed: Mapping[str, Any] | None, facts: catalogue.Facts
) -> tuple[str, ...]:
    """What was just sent, else what was answered; at first all of them where none may be left out."""
    if typed is not None:
        return tuple(applications.several(typed, asked.id))
    answered = application.answers.get(asked.id)
    if answered is None and asked.items and asked.items.all_required:
        return tuple(catalogue.offered_records(asked, facts))
    return tuple(answered or ())


def shown_records(asked: catalogue.Field, facts: catalogue.Facts) -> Markup:
    """What was chosen, one below the other."""
    records = catalogue.chosen_records(asked, facts)
    if not records:
        return escape(_("None"))
    rows = [
        Markup('<li>{} <span class="hint">{}</span></li>').format(_named(asked, r), _described(asked, r))
        for r in records
    ]
    return Markup('<ul class="chosen">{}</ul>').format(Markup().join(rows))


def _named(asked: catalogue.Field, record: Mapping[str, Any]) -> Markup:
    return _written(record, asked.items.shows[0]) if asked.items else Markup()


def _described(asked: catalogue.Field, record: Mapping[str, Any]) -> Markup:
    pieces = [
        _written(record, shown) for shown in (asked.items.shows[1:] if asked.items else ()) if _value(record, shown)
    ]
    return Markup(" · ").join(pieces)


def _written(record: Mapping[str, Any], shown: Shown) -> Markup:
    return written(_value(record, shown), shown.format)


def _value(record: Mapping[str, Any], shown: Shown) -> Any:
    in_english = record.get(shown.in_english) if shown.in_english and writing.language() == "en" else None
    return in_english or record.get(shown.attribute)
