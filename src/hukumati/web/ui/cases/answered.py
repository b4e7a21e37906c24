"""What was answered, as people read it: on the page of checking, and on the clerk's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup
from stdnum import iban

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.money import Money
from hukumati.processes.applications import api as applications
from hukumati.web.ui import writing
from hukumati.web.ui.cases import lists, party, relatives
from hukumati.web.ui.cases.facts import written
from hukumati.web.ui.cases.handed_in import shown_upload
from hukumati.web.ui.cases.words import in_page_language, office_label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import Page, ServiceVersion
    from hukumati.processes.applications.facts import ApplicationFacts

Kinds = catalogue.FieldKind
WRITTEN_AS = {Kinds.DATE: catalogue.Format.DATE, Kinds.DIGITS: catalogue.Format.LTR}


def answer_rows(
    service: ServiceVersion, application: ApplicationFacts, *, face: str = "portal"
) -> list[tuple[Page, str, Any]]:
    """What was answered, as (page, label, shown), in the order of the form; unasked questions are left out.

    `face` is where uploads are opened; empty: here they are not.
    """
    facts = applications.known_facts(application)
    return [
        (
            page,
            in_page_language(asked.label),
            _handed_in(asked, application, face=face)
            if asked.limits
            else _shown(service, asked, application.answers, facts),
        )
        for page in applications.pages_of(service)
        for asked in page.fields
        if applications.is_asked(asked, application.answers)
    ]


def _handed_in(asked: catalogue.Field, application: ApplicationFacts, *, face: str) -> Any:
    reference = application.answers.get(asked.id)
    if not reference:
        return _("Not given")
    label = in_page_language(asked.label)
    return shown_upload(application, reference, label=label, face=face) if face else _("Handed in")


def _shown(service: ServiceVersion, asked: catalogue.Field, answers: Mapping[str, Any], facts: catalogue.Facts) -> Any:
    value = answers.get(asked.id)
    if value is None:
        return _("Not given")
    if asked.kind == Kinds.ITEMS:
        return lists.shown_records(asked, facts)
    if asked.kind == Kinds.PEOPLE:
        return relatives.shown_people(asked, answers)
    if asked.kind == Kinds.PARTY:
        return party.shown_party(asked, value, facts)
    if asked.kind == Kinds.OFFICE:
        return next((office_label(one) for one in applications.list_offices(service, asked) if one.id == value), value)
    return plainly(asked, value)


def plainly(asked: catalogue.Field, value: Any) -> Any:
    """An answer that needs nothing but its question to be written."""
    if value is None:
        return _("Not given")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if asked.kind in PLAINLY:
        return PLAINLY[asked.kind](asked, value)
    if asked.options:
        return _option_label(asked, value)
    return written(value, WRITTEN_AS.get(asked.kind, asked.format))


def _option_label(asked: catalogue.Field, value: Any) -> str:
    return next((in_page_language(option.label) for option in asked.options if option.value == str(value)), str(value))


def _several(asked: catalogue.Field, value: Any) -> Markup:
    return lists.listed((_option_label(asked, one), "") for one in value)


def _rows(asked: catalogue.Field, value: Any) -> Markup:
    """Each row by its first answer, and the others with the names of their questions."""
    first, *others = asked.group
    return lists.listed((plainly(first, row.get(first.id)), _described(others, row)) for row in value)


def _described(others: list[catalogue.Field], row: Mapping[str, Any]) -> Markup:
    told = [
        Markup("{}: {}").format(in_page_language(inner.label), plainly(inner, row[inner.id]))
        for inner in others
        if row.get(inner.id) is not None
    ]
    return Markup(" · ").join(told)


def _place(_asked: catalogue.Field, value: Mapping[str, str]) -> str:
    locality = catalogue.list_localities().get(value["locality"])
    home = next((one for one in catalogue.list_governorates() if one.id == value["governorate"]), None)
    if locality is None or home is None:
        return value["locality"]
    return _("%(locality)s, governorate of %(governorate)s") % {
        "locality": in_page_language(locality.name),
        "governorate": in_page_language(home.name),
    }


PLAINLY: Mapping[catalogue.FieldKind, Callable[[catalogue.Field, Any], Any]] = {
    Kinds.MULTI: _several,
    Kinds.GROUP: _rows,
    Kinds.PLACE: _place,
    Kinds.MONEY: lambda asked, value: writing.money(Money(value, asked.currency)),
    Kinds.PHONE: lambda _asked, value: writing.phone(str(value)),
    Kinds.IBAN: lambda _asked, value: writing.ltr(iban.format(value)),
}
