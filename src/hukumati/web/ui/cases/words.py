"""Words that several parts of a case's pages say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import OfficeFacts
    from hukumati.kernel.text import Text

RELATIVES: Mapping[str, Callable[[], str]] = {
    "child": lambda: _("Son or daughter"),
    "parent": lambda: _("Father or mother"),
    "spouse": lambda: _("Husband or wife"),
}


def in_page_language(text: Text | None) -> str:
    """A service's own words; empty where it has none."""
    return text.in_(get_language() or "ar") if text else ""


def relative_in_words(tie: str) -> str:
    """How somebody is related to the applicant, without saying whose page it is."""
    return RELATIVES[tie]() if tie in RELATIVES else tie


def office_label(office: OfficeFacts) -> str:
    name, governorate = in_page_language(office.name), in_page_language(office.governorate)
    return name if governorate in name else f"{name} ({governorate})"
