"""What a service looks like in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.ui.writing import working_days

if TYPE_CHECKING:
    from datetime import date

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """What the component `service_card` is given."""

    name: Text
    href: str
    institution: Text
    icon: str
    fee: Money | None
    time: str
    badge: tuple[str, str] | None
    summary: Text
    matched: tuple[str, ...] = ()
    keyword: str = ""


def card_of(service: ServiceVersion, *, on: date, hit: catalogue.ServiceHit | None = None) -> ServiceCard:
    return ServiceCard(
        name=service.name,
        href=reverse("portal:service", args=[service.id]),
        institution=catalogue.institution_name(service.institution),
        icon=service.icon,
        fee=catalogue.fee(service, {}, on=on).total,
        time=time_words(service),
        badge=badge_of(service),
        summary=service.summary,
        matched=hit.matched if hit else (),
        keyword=hit.keyword if hit else "",
    )


def time_words(service: ServiceVersion) -> str:
    return (
        _("at once") if catalogue.passes_without_review(service) else working_days(service.answer_within_working_days)
    )


def badge_of(service: ServiceVersion) -> tuple[str, str] | None:
    """One word on how far the service has come; none when it is simply open."""
    return {
        catalogue.Stage.LISTED: (_("At the counter"), "neutral"),
        catalogue.Stage.AUTOMATED: (_("Coming soon"), "neutral"),
        catalogue.Stage.PILOT: (_("Pilot"), "info"),
        catalogue.Stage.SUSPENDED: (_("Suspended"), "bad"),
        catalogue.Stage.RETIRED: (_("No longer offered"), "bad"),
    }.get(service.stage)
