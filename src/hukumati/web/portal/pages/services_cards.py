"""What a service looks like in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.exchange import api as exchange
from hukumati.web.ui.writing import working_days

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from hukumati.domain.catalogue.facts import Stage
    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text


PAGE_DIGITS_MAX: Final = 5


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
    answers: tuple[str, str] | None
    """Whether the registers that it needs answer now; None when none is needed, or nobody knows."""
    summary: Text
    matched: tuple[str, ...] = ()
    keyword: str = ""


def card_of(entry: catalogue.Entry, *, hit: catalogue.ServiceHit | None = None) -> ServiceCard:
    return ServiceCard(
        name=entry.name,
        href=reverse("portal:service", args=[entry.id]),
        institution=catalogue.institution_name(entry.institution),
        icon=entry.icon,
        fee=entry.fee_from,
        time=time_words(days=entry.answer_within_working_days, at_once=entry.at_once),
        badge=badge_of(entry.stage),
        answers=answering_badge(entry, at=timezone.now()),
        summary=entry.summary,
        matched=hit.matched if hit else (),
        keyword=hit.keyword if hit else "",
    )


def page_asked(request: HttpRequest) -> int:
    """The page of a list that an address names; what is no number is the first."""
    typed = request.GET.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= PAGE_DIGITS_MAX else 1


def time_words(*, days: int | None, at_once: bool) -> str:
    """How long it takes, or nothing when nobody has said."""
    if at_once:
        return _("at once")
    return "" if days is None else working_days(days)


def badge_of(stage: Stage) -> tuple[str, str] | None:
    """One word on how far the service has come; none when it is simply open."""
    return {
        catalogue.Stage.LISTED: (_("At the counter"), "neutral"),
        catalogue.Stage.RE_ENGINEERED: (_("At the counter"), "neutral"),
        catalogue.Stage.AUTOMATED: (_("Coming soon"), "neutral"),
        catalogue.Stage.PILOT: (_("Pilot"), "info"),
        catalogue.Stage.SUSPENDED: (_("Suspended"), "bad"),
        catalogue.Stage.RETIRED: (_("No longer offered"), "bad"),
    }.get(stage)


def answering_badge(entry: catalogue.Entry, *, at: datetime) -> tuple[str, str] | None:
    """What questions about nobody, put to its registers each few seconds, have shown of late."""
    if not entry.startable or not entry.asks:
        return None
    seen = exchange.last_seen(at=at)
    states = [seen[ask] for ask in entry.asks if ask in seen]
    if any(not state.up for state in states):
        return _("Register silent now"), "warn"
    return (_("Answers now"), "ok") if len(states) == len(entry.asks) else None


def stage_words(stage: Stage) -> str:
    """The stage in the words of the programme."""
    return {
        catalogue.Stage.LISTED: _("Described, at the counter"),
        catalogue.Stage.RE_ENGINEERED: _("Process redesigned"),
        catalogue.Stage.AUTOMATED: _("Automated, not open yet"),
        catalogue.Stage.PILOT: _("On trial"),
        catalogue.Stage.OPEN: _("Online for everyone"),
        catalogue.Stage.SUSPENDED: _("Suspended"),
        catalogue.Stage.RETIRED: _("No longer offered"),
    }[stage]
