"""What a question offers to choose from: its declared options, offices, governorates, a registry's records, a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.ui.cases import lists, party, relatives
from hukumati.web.ui.cases.words import in_page_language, office_label
from hukumati.web.ui.fields import Option, OptionGroup

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.web.ui.cases.values import Given

Kinds = catalogue.FieldKind
PICK_UP_ICONS = {"download": "download", "counter": "building-2", "post_office": "mail"}


def options_of(service: ServiceVersion, asked: catalogue.Field, given: Given) -> tuple[Option, ...]:
    """In the order in which they are shown."""
    if asked.kind == Kinds.ITEMS:
        return lists.offered_options(asked, given.facts)
    if asked.kind == Kinds.PEOPLE:
        return relatives.offered_options(asked, given)
    if asked.kind == Kinds.PARTY:
        return party.offered_options(asked, given.facts)
    if asked.kind == Kinds.YES_NO:
        return (Option("yes", _("Yes")), Option("no", _("No")))
    if asked.kind == Kinds.OFFICE:
        return tuple(Option(office.id, office_label(office)) for office in applications.list_offices(service, asked))
    return declared_options(asked)


def declared_options(asked: catalogue.Field) -> tuple[Option, ...]:
    """As the form declares them."""
    icons = PICK_UP_ICONS if asked.kind == Kinds.PICK_UP else {}
    return tuple(
        Option(option.value, in_page_language(option.label), in_page_language(option.hint), icons.get(option.value, ""))
        for option in asked.options
    )


def governorates() -> tuple[OptionGroup, ...]:
    """The governorates, each with its localities."""
    return tuple(
        OptionGroup(
            governorate.id,
            in_page_language(governorate.name),
            tuple(Option(one.id, in_page_language(one.name)) for one in governorate.localities),
        )
        for governorate in catalogue.list_governorates()
    )


def offers_nothing(asked: catalogue.Field, facts: catalogue.Facts) -> bool:
    """A list of a registry that is empty: there is nothing to ask."""
    if asked.kind == Kinds.ITEMS:
        return not catalogue.offered_records(asked, facts)
    if asked.kind == Kinds.PARTY:
        return not applications.offered_parties(asked, facts)
    return asked.kind == Kinds.PEOPLE and not catalogue.offered_people(asked, facts)


def nothing_offered(asked: catalogue.Field) -> str:
    """What stands where there is nothing to choose."""
    if asked.kind == Kinds.PARTY:
        return _("The registry knows nobody whom you could name here. Visit an office of the institution.")
    return _("Nothing stands in the register")
