"""Reads of uploads. Whoever asks has shown a right to the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.uploads.facts import FileType, UploadFacts, UploadFile, UploadNotFound
from hukumati.domain.uploads.models import Upload
from hukumati.infra.ports import adapter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hukumati.infra.storage import Storage


def facts_of(row: Upload) -> UploadFacts:
    return UploadFacts(
        reference=row.reference,
        about=row.about,
        field=row.field,
        type=FileType(row.type),
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        pages=row.pages,
        taken_at=row.taken_at,
    )


def find_kept(reference: str, *, about: str) -> UploadFacts | None:
    """An upload that this case keeps."""
    row = _kept(about).filter(reference=reference).first()
    return None if row is None else facts_of(row)


def read(reference: str, *, about: str) -> UploadFile:
    """The bytes of an upload that this case keeps. Refuses with UploadNotFound for any other."""
    row = _kept(about).filter(reference=reference).first()
    if row is None:
        raise UploadNotFound
    storage: Storage = adapter("uploads.storage")
    return UploadFile(facts_of(row), storage.get(row.storage_key, sha256=row.sha256))


def _kept(about: str) -> QuerySet[Upload]:
    return Upload.objects.filter(about=about, kept_at__isnull=False, released_at__isnull=True)
