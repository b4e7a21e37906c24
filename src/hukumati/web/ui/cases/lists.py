"""A registry's records as things to choose, and as what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.ui import writing
from hukumati.web.ui.cases.facts import written
from hukumati.web.ui.fields import Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hukumati.domain.catalogue.facts import Shown


def offered_options(asked: catalogue.Field, facts: catalogue.Facts) -> tuple[Option, ...]:
    """Each record by its name, with what describes it below."""
    return tuple(
        Option(mark, _named(asked, record), hint=_described(asked, record))
        for mark, record in catalogue.offered_records(asked, facts).items()
    )


def shown_records(asked: catalogue.Field, facts: catalogue.Facts) -> Markup:
    """What was chosen, one below the other."""
    return listed((_named(asked, one), _described(asked, one)) for one in catalogue.chosen_records(asked, facts))


def listed(rows: Iterable[tuple[Markup | str, Markup | str]]) -> Markup:
    """A name and what describes it, one below the other."""
    told = [
        Markup("<li>{}{}</li>").format(name, Markup('<span class="hint">{}</span>').format(more) if more else "")
        for name, more in rows
    ]
    return Markup('<ul class="chosen">{}</ul>').format(Markup().join(told)) if told else escape(_("None"))


def _named(asked: catalogue.Field, record: Mapping[str, Any]) -> Markup:
    return _written(record, asked.items.shows[0]) if asked.items else Markup()


def _described(asked: catalogue.Field, record: Mapping[str, Any]) -> Markup:
    shows = asked.items.shows[1:] if asked.items else ()
    return Markup(" · ").join(_written(record, shown) for shown in shows if _value(record, shown) not in (None, ""))


def _written(record: Mapping[str, Any], shown: Shown) -> Markup:
    return written(_value(record, shown), shown.format)


def _value(record: Mapping[str, Any], shown: Shown) -> Any:
    in_english = record.get(shown.in_english) if shown.in_english and writing.language() == "en" else None
    return in_english or record.get(shown.attribute)
