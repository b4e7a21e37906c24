"""Who of a family was left out of something hears it, if of age and with an account here: nobody loses cover by silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hukumati.domain.catalogue.facts import Field, ServiceVersion
    from hukumati.processes.applications.models import Application

MESSAGE = "application.left_out"


def tell_left_out(row: Application, service: ServiceVersion, *, at: datetime) -> None:
    """To be called once, when the case has reached what it was for. The case itself stays the applicant's: its number is not told."""
    for asked in service.form.fields:
        if asked.kind != catalogue.FieldKind.PEOPLE:
            continue
        for person in _adults_left_out(row, asked):
            account = identity.find_citizen_by_national_id(NationalId(person["national_id"]))
            if account is not None:
                told = {
                    "service": service.name,
                    "applicant": Text(row.applicant_name_ar, row.applicant_name_en),
                    "reason": _reason(asked, person["reason"]),
                    "institution": catalogue.institution_name(service.institution),
                }
                notifications.tell(account.account_id, code=MESSAGE, facts=told, about=service.id, at=at)


def _adults_left_out(row: Application, asked: Field) -> Iterator[dict[str, Any]]:
    for person in row.answers.get(f"{asked.id}_dropped") or ():
        if not person["minor"] and person["reason"] != "deceased":
            yield person


def _reason(asked: Field, word: str) -> Text:
    reasons = asked.people.dropped_reasons if asked.people else ()
    found = next((option.label for option in reasons if option.value == word), None)
    return found or Text("لم تعد صلة القرابة قائمة في السجل المدني", "the civil registry no longer knows the tie")
