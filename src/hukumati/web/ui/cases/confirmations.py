"""What another person is asked to confirm, and what became of it: for him, and for the clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.ui.cases.answered import plainly
from hukumati.web.ui.cases.facts import shown_fact
from hukumati.web.ui.cases.happenings import proofs_in_words
from hukumati.web.ui.cases.words import relative_in_words
from hukumati.web.ui.writing import date_element, ltr, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import Field, ServiceVersion
    from hukumati.processes.applications.facts import ConfirmationFacts

FINGERPRINT = 16
STATES: Mapping[str, tuple[Callable[[], str], str]] = {
    "asked": (lambda: _("Waits for an answer"), "warn"),
    "confirmed": (lambda: _("Confirmed"), "ok"),
    "declined": (lambda: _("Confirmation declined"), "bad"),
    "lapsed": (lambda: _("Its time ran out"), "neutral"),
}


def shown_rows(service: ServiceVersion, asked: ConfirmationFacts) -> list[tuple[str, Any]]:
    """Exactly what the other person is asked to agree to, in the words of the form."""
    party = service.form.find_kind(catalogue.FieldKind.PARTY)
    # In the order of the service: what is asked first stands first, and JSON keeps none.
    fields = (service.form.find_field(name) for name in (party.shows if party else ()) if name in asked.asked)
    return [(text(field.label), _value(service, field, asked.asked[field.id])) for field in fields if field is not None]


def state_of(asked: ConfirmationFacts) -> tuple[str, str]:
    """(words, tone) for the tag component."""
    words, tone = STATES[asked.state]
    return words(), tone


def rows_for_desk(asked: ConfirmationFacts) -> list[tuple[str, Any]]:
    """Whose word it is, what it was, how that person was signed in, and what it is fixed to."""
    rows: list[tuple[str, Any]] = [
        (_("Name"), text(asked.party)),
        (_("Tie"), relative_in_words(asked.tie)),
        (_("Answer"), state_of(asked)[0]),
    ]
    if asked.decided_at is None:
        return [*rows, (_("Answer by"), date_element(asked.until))]
    if asked.authenticated_by:
        rows.append((_("Signed in with"), proofs_in_words(asked.authenticated_by)))
    if asked.reason:
        rows.append((_("Reason"), asked.reason))
    return [*rows, (_("Answered"), date_element(asked.decided_at)), (_("Fixed as"), ltr(asked.digest[:FINGERPRINT]))]


def _value(service: ServiceVersion, field: Field, value: Any) -> Any:
    if field.kind != catalogue.FieldKind.SHOW:
        return plainly(field, value)
    if field.in_english:
        english = (get_language() or "ar").startswith("en")
        value = (value["en"] if english else None) or value["ar"]
    return shown_fact(service, field.fact, value, field.format)
