"""How a fact that the State knows is written on a page, by the format its service declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.kernel.money import Money
from hukumati.web.ui import writing

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import ServiceVersion

Format = catalogue.Format


def written(value: Any, how: Format) -> Markup:
    """The fact in words; an unknown one is said to be unknown, never shown as empty."""
    if value in (None, "", [], {}):
        return escape(_("Not in the register"))
    if how == Format.MONEY:
        return writing.money(_amount(value))
    if isinstance(value, Mapping):
        return escape(catalogue.full_name(value))
    return WRITERS.get(how, escape)(value)


def shown_fact(service: ServiceVersion, path: str, value: Any, how: Format) -> Markup:
    """A register's fact on a page: its own words are told in ours, where the register's description has them."""
    read, _dot, attribute = path.partition(".")
    registry = service.registry_of(read)
    values = exchange.get_registry(registry).values.get(attribute, {}) if registry else {}
    words = values.get(str(value))
    return escape(words.in_(get_language() or "ar")) if words else written(value, how)


def fact_in_words(service: ServiceVersion, asked: catalogue.Field, facts: catalogue.Facts) -> Markup:
    """What a form shows of what is known: in the page's script where the registry has both, and in the registry's words for its codes."""
    english = (get_language() or "ar").startswith("en")
    value = (catalogue.fact_at(facts, asked.in_english) if english and asked.in_english else None) or catalogue.fact_at(
        facts, asked.fact
    )
    return shown_fact(service, asked.fact, value, asked.format)


def day_of(value: Any) -> date:
    """A registry's date, as it comes in JSON."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _amount(value: Any) -> Money:
    return Money(value["amount_minor"], value["currency"]) if isinstance(value, Mapping) else Money(value)


def _listed(value: Any) -> Markup:
    pieces = value if isinstance(value, list | tuple) else [value]
    return escape(_(", ")).join(Markup("<bdi>{}</bdi>").format(piece) for piece in pieces)


def _date(value: Any) -> Markup:
    return writing.date_element(value if isinstance(value, datetime) else day_of(value))


WRITERS: Mapping[Format, Callable[[Any], Markup]] = {
    Format.DATE: _date,
    Format.NUMBER: writing.num,
    Format.LIST: _listed,
    Format.LTR: writing.ltr,
    Format.HUNDREDTHS: lambda value: writing.num(f"{value / 100:,.2f}"),
}
