"""What a citizen hands in with an application: a photo, a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hukumati.domain.identity import api as identity
from hukumati.domain.uploads import api as uploads
from hukumati.processes.applications import rules
from hukumati.processes.applications.actions.moves import lock_own_draft, saved
from hukumati.processes.applications.facts import CaseChanged
from hukumati.processes.applications.queries import service_of

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.kernel.actor import Actor
    from hukumati.processes.applications.facts import ApplicationFacts

# Decoding costs seconds of a processor, and a good picture is taken at the third try.
HANDED_IN_BY_CITIZEN = identity.Allowance(60, 60 * 60)


def hand_in(application: ApplicationFacts, *, field: str, content: bytes, by: Actor, at: datetime) -> ApplicationFacts:
    """Judge a file and make it the answer to its question, in place of the one before. It is kept even when the page's other answers are not.

    Outside a transaction: decoding is slow. Refuses with an uploads.UploadRefused that says what is wrong (nothing is kept then),
    CaseChanged, TooManyTries.
    """
    service = service_of(application)
    if not rules.may_answer(service, application.state):
        raise CaseChanged
    limits = rules.upload_limits(service, field)
    identity.spend("uploads", by.id, allowance=HANDED_IN_BY_CITIZEN, at=at)
    taken = uploads.take(application.reference, field=field, content=content, limits=limits, at=at)
    return _make_answer(application, taken, by=by, at=at)


@transaction.atomic
def _make_answer(
    application: ApplicationFacts, taken: uploads.UploadFacts, *, by: Actor, at: datetime
) -> ApplicationFacts:
    row = lock_own_draft(application)
    uploads.keep(taken.reference, about=row.reference, by=by, at=at)
    row.answers = {**row.answers, taken.field: taken.reference}
    return saved(row, at=at)
