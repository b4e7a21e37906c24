"""Ways to pay by their names, and why one of them is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late

from hukumati.domain.policies import api as policies
from hukumati.web.ui.writing import plain_money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrPromise

    from hukumati.kernel.money import Money

NAMES: Final[dict[str, StrPromise]] = {
    "card": late("Bank card"),
    "wallet": late("Wallet"),
    "transfer": late("Bank transfer"),
    "cash": late("Cash"),
}


def way_name(way: str) -> str:
    """In the reader's language; one without a name as it is written."""
    return str(NAMES.get(way, way))


def way_names(ways: Iterable[str]) -> str:
    return _(", ").join(way_name(way) for way in ways)


def bar_words(bar: policies.Bar, limit: Money | None) -> str:
    """Why the policy closes a way for a fee."""
    if bar == policies.Bar.TOO_MUCH and limit is not None:
        return _("up to %(limit)s only") % {"limit": plain_money(limit)}
    if bar == policies.Bar.TOO_LITTLE and limit is not None:
        return _("from %(limit)s only") % {"limit": plain_money(limit)}
    return _("not allowed for this service")
