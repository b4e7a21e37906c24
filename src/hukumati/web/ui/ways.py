"""Ways to pay by their names, and why one of them is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.policies import api as policies
from hukumati.kernel.money import Money
from hukumati.web.ui.writing import plain_money, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrPromise

NAMES: Final[dict[str, StrPromise]] = {
    "card": late("Bank card"),
    "wallet": late("Wallet"),
    "transfer": late("Bank transfer"),
    "cash": late("Cash"),
    "terminal": late("Card at the counter"),
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


def limits_words(terms: policies.WayTerms) -> str:
    """Between which sums a way is open; nothing when there is no limit."""
    parts = []
    for currency in sorted({*terms.at_least, *terms.at_most}):
        least, most = terms.at_least.get(currency), terms.at_most.get(currency)
        told = {
            "least": plain_money(Money(least or 0, currency)),
            "most": plain_money(Money(most or 0, currency)),
        }
        if least is None:
            parts.append(_("up to %(most)s") % told)
        elif most is None:
            parts.append(_("from %(least)s") % told)
        else:
            parts.append(_("from %(least)s to %(most)s") % told)
    return _("; ").join(parts)


def scope_name(scope: str) -> str:
    """Everything, an institution or a service, as people call it; one that is gone by its id."""
    if scope == policies.EVERYTHING:
        return _("All services")
    try:
        if "." in scope:
            return text(catalogue.get_published(scope).name)
        return text(catalogue.institution_name(scope))
    except (catalogue.ServiceNotFound, catalogue.InstitutionNotFound):
        return scope


def change_words(change: policies.Change) -> str:
    """One difference between two versions, as a sentence."""
    told = {
        "scope": scope_name(change.scope),
        "way": way_name(change.way),
        "new": (limits_words(change.new) if change.new else "") or _("without limit"),
        "old": (limits_words(change.old) if change.old else "") or _("without limit"),
    }
    return {
        policies.Turn.ADDED: _("%(scope)s: %(way)s is allowed, %(new)s"),
        policies.Turn.REMOVED: _("%(scope)s: %(way)s is no longer allowed"),
        policies.Turn.MOVED: _("%(scope)s: the order of the ways is another"),
        policies.Turn.LIMITED: _("%(scope)s: %(way)s, %(new)s (before: %(old)s)"),
        policies.Turn.RULE_ADDED: _("%(scope)s: has a rule of its own"),
        policies.Turn.RULE_REMOVED: _("%(scope)s: no rule of its own any more; the wider one holds"),
    }[change.turn] % told
