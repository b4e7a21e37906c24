"""Taking, keeping, letting go, ending."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from hukumati.domain.uploads.facts import UploadNotFound
from hukumati.domain.uploads.models import Upload
from hukumati.domain.uploads.pictures import rebuild
from hukumati.domain.uploads.queries import facts_of
from hukumati.infra.audit import api as audit
from hukumati.infra.ports import adapter
from hukumati.kernel.actor import system
from hukumati.kernel.reference import new_reference

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hukumati.domain.uploads.facts import UploadFacts, UploadLimits
    from hukumati.infra.storage import EndingStorage
    from hukumati.kernel.actor import Actor

NEVER_KEPT_AFTER: Final = timedelta(hours=1)  # far longer than any request lives
ENDED_AT_ONCE_MAX: Final = 500
CLOCK: Final = system("clock")


def take(about: str, *, field: str, content: bytes, limits: UploadLimits, at: datetime) -> UploadFacts:
    """Judge what was handed in, rebuild it and store what is left of it. It counts only when `keep` follows.

    Runs outside a transaction: decoding is slow, and the row must be there before the bytes are, so that no bytes lie anywhere unknown.
    Refuses with an UploadRefused that says why; nothing is stored then.
    """
    made = rebuild(content, limits)
    reference, digest = new_reference("B", year=at.year), sha256(made.content).hexdigest()
    row = Upload.objects.create(
        reference=reference,
        about=about,
        field=field,
        type=made.type,
        sha256=digest,
        size_bytes=len(made.content),
        width=made.width,
        height=made.height,
        pages=made.pages,
        storage_key=f"uploads/{at.year}/{reference}/{digest}.{made.type}",
        taken_at=at,
    )
    storage: EndingStorage = adapter("uploads.storage")
    storage.put_once(row.storage_key, made.content)
    return facts_of(row)


@transaction.atomic
def keep(reference: str, *, about: str, by: Actor, at: datetime) -> UploadFacts:
    """It belongs to the case from now on, in the transaction that says so there. Refuses with UploadNotFound."""
    row = Upload.objects.select_for_update().filter(reference=reference, about=about, ended_at__isnull=True).first()
    if row is None:
        raise UploadNotFound
    row.kept_at = row.kept_at or at
    row.save(update_fields=["kept_at"])
    audit.write("uploads.kept", about=reference, by=by, at=at, case=about, sha256=row.sha256)
    return facts_of(row)


@transaction.atomic
def release(about: str, *, but: Collection[str], at: datetime) -> int:
    """The case needs none of its uploads any more but these. Their bytes end within the hour. Idempotent."""
    given_up = Upload.objects.filter(about=about, kept_at__isnull=False, released_at__isnull=True)
    return given_up.exclude(reference__in=but).update(released_at=at)


def end_given_up(*, at: datetime) -> int:
    """Take away the bytes that nobody keeps: let go, or never kept because the request ended before. Idempotent."""
    given_up = Q(released_at__lte=at) | Q(kept_at__isnull=True, taken_at__lte=at - NEVER_KEPT_AFTER)
    rows = list(Upload.objects.filter(given_up, ended_at__isnull=True).order_by("pk")[:ENDED_AT_ONCE_MAX])
    storage: EndingStorage = adapter("uploads.storage")
    for row in rows:
        storage.end(row.storage_key)
        _note_ended(row, at=at)
    return len(rows)


@transaction.atomic
def _note_ended(row: Upload, *, at: datetime) -> None:
    if Upload.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at):
        audit.write("uploads.ended", about=row.reference, by=CLOCK, at=at, case=row.about)
