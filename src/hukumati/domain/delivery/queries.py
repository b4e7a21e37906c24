"""Reads of waiting copies."""

from __future__ import annotations

from typing import Final

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.delivery import rules
from hukumati.domain.delivery.facts import PickUpFacts, PickUpNotFound, PickUpState
from hukumati.domain.delivery.models import PickUp
from hukumati.kernel.text import Text

LISTED_MAX: Final = 200


def facts_of(row: PickUp) -> PickUpFacts:
    return PickUpFacts(
        reference=row.reference,
        about=row.about,
        holder=row.holder_id,
        document=row.document,
        office=row.office,
        office_name=_name_of(row.office),
        state=PickUpState(row.state),
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        handed_over_at=row.handed_over_at,
        tries_left=rules.TRIES_MAX - row.tries,
    )


def _name_of(office: str) -> Text:
    """An office that has closed since keeps its id for a name."""
    try:
        return catalogue.get_office(office).name
    except catalogue.OfficeNotFound:
        return Text(office, office)


def get_own(reference: str, *, holder: int) -> PickUpFacts:
    """The holder's pick-up. Refuses with PickUpNotFound, whether it is missing or another's."""
    row = PickUp.objects.filter(reference=reference, holder_id=holder).first()
    if row is None:
        raise PickUpNotFound
    return facts_of(row)


def get_at_office(reference: str, *, office: str) -> PickUpFacts:
    """A pick-up of this office, in any state. Refuses with PickUpNotFound."""
    row = PickUp.objects.filter(reference=reference, office=office).first() if office else None
    if row is None:
        raise PickUpNotFound
    return facts_of(row)


def find_about(about: str, *, holder: int) -> PickUpFacts | None:
    """What was offered to the holder for a case."""
    row = PickUp.objects.filter(about=about, holder_id=holder).first()
    return None if row is None else facts_of(row)


def find_for_document(document: str, *, holder: int) -> PickUpFacts | None:
    """The paper copy of a document, when one was asked for."""
    row = PickUp.objects.filter(document=document, holder_id=holder).order_by("-offered_at").first()
    return None if row is None else facts_of(row)


def list_waiting(office: str) -> list[PickUpFacts]:
    """What waits at an office, the longest first."""
    rows = PickUp.objects.filter(office=office, state=PickUpState.WAITING).order_by("offered_at", "id")
    return [facts_of(row) for row in rows[:LISTED_MAX]]
