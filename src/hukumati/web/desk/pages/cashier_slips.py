"""The card terminal at the cash desk: what its slip says is entered beside the drawer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from hukumati.domain.payments import api as payments
from hukumati.kernel.money import total
from hukumati.web.ui.fields import Field, Option
from hukumati.web.ui.refusal_texts import words_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

CHARACTERS_MAX: Final = 40
NAMES: Final = ("terminal", "number", "authorisation", "last_four")
SLIP_REFUSALS: Final = (payments.SlipMalformed, payments.SlipUsed, payments.TerminalUnknown)


def typed(request: HttpRequest) -> tuple[str, str, str, str]:
    """What stands in the slip's fields."""
    terminal, number, authorisation, last_four = (request.POST.get(name, "")[:CHARACTERS_MAX] for name in NAMES)
    return terminal, number, authorisation, last_four


def slip_fields(office: str, data: Mapping[str, str], *, refusal: Any = None) -> list[Field]:
    """The questions about a slip; none where no terminal stands."""
    terminals = payments.terminals_of(office)
    if not terminals:
        return []
    wrong = getattr(refusal, "field", "number") if refusal is not None else ""
    if isinstance(refusal, payments.TerminalUnknown):
        wrong = "terminal"
    fields = (
        Field(
            "terminal",
            _("Terminal"),
            kind="select",
            options=tuple(Option(one, one) for one in terminals),
            value=data.get("terminal", "") or terminals[0],
        ),
        Field(
            "number",
            _("Retrieval reference (RRN)"),
            kind="digits",
            hint=_("12 digits on the slip"),
            width=14,
            value=data.get("number", ""),
        ),
        Field(
            "authorisation",
            _("Authorisation code"),
            hint=_("6 letters or digits"),
            width=8,
            value=data.get("authorisation", ""),
            attributes={"dir": "ltr", "autocapitalize": "characters"},
        ),
        Field("last_four", _("Last four digits of the card"), kind="digits", width=4, value=data.get("last_four", "")),
    )
    return [_with_error(one, words_for(refusal) if one.name == wrong else "") for one in fields]


def _with_error(field: Field, error: str) -> Field:
    return replace(field, error=error)


def slips_of(drawer: str) -> dict[str, Any]:
    """The slips beside a drawer, and what they come to."""
    slips = payments.list_slips_of(drawer)
    return {"slips": slips, "slips_sum": total([-sum_ if back else sum_ for _name, sum_, back in slips])}
