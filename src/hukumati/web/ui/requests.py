"""What a request carries once the access rule of its view has let it pass. For annotations only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from hukumati.domain.identity.facts import CitizenFacts, StaffFacts
    from hukumati.kernel.actor import Actor


class CitizenRequest(HttpRequest):
    """Behind `@citizens_only`."""

    citizen: CitizenFacts
    actor: Actor


class StaffRequest(HttpRequest):
    """Behind `@staff_only(...)`."""

    staff: StaffFacts
    actor: Actor
