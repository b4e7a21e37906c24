"""Reads of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Max

from hukumati.domain.documents.facts import DocumentFacts, DocumentNotFound, DocumentState
from hukumati.domain.documents.models import Document
from hukumati.infra.ports import adapter
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hukumati.infra.storage import Storage

LISTED_MAX: Final = 200
HEBRON: Final = ZoneInfo("Asia/Hebron")


def rows() -> QuerySet[Document]:
    """Documents with what facts_of reads, in one query; the inputs, which hold what is printed, only when they are asked for."""
    read = Document.objects.select_related("number", "revocation").defer("inputs")
    return read.annotate(times_checked=Count("checks"), last_checked_at=Max("checks__checked_at"))


def find_row(reference: str) -> Document | None:
    return rows().filter(number__reference=reference).first()


def facts_of(document: Document) -> DocumentFacts:
    revocation = getattr(document, "revocation", None)
    revoked_at = None if revocation is None else revocation.revoked_at
    return DocumentFacts(
        reference=document.number.reference,
        verification_code=document.number.verification_code,
        about=document.number.about,
        kind=document.kind,
        holder=document.holder_id,
        title=Text(document.title_ar, document.title_en),
        institution=Text(document.institution_ar, document.institution_en),
        language=document.language,
        issued_at=document.issued_at,
        valid_until=document.valid_until,
        sha256=document.sha256,
        size_bytes=document.size_bytes,
        state=DocumentState.VALID if revocation is None else DocumentState.REVOKED,
        revoked_at=revoked_at,
        revoked_reason="" if revocation is None else revocation.reason,
        times_checked=getattr(document, "times_checked", 0),
        last_checked_at=getattr(document, "last_checked_at", None),
    )


def read_pdf(document: Document) -> bytes:
    """The signed bytes, compared with their hash."""
    storage: Storage = adapter("documents.storage")
    return storage.get(document.storage_key, sha256=document.sha256)


def get_own(reference: str, *, holder: int) -> DocumentFacts:
    """The holder's document. Refuses with DocumentNotFound, whether it is missing or another's."""
    document = find_row(reference)
    if document is None or document.holder_id != holder:
        raise DocumentNotFound
    return facts_of(document)


def get_of_institution(reference: str, *, institution: str) -> DocumentFacts:
    """A document that the institution's services issued. Refuses with DocumentNotFound, whether it is missing or another's."""
    document = (
        rows().filter(number__reference=reference, kind__startswith=f"{institution}.").first() if institution else None
    )
    if document is None:
        raise DocumentNotFound
    return facts_of(document)


def find_about(about: str, *, holder: int) -> DocumentFacts | None:
    """What was issued to the holder for a case."""
    document = rows().filter(number__about=about, holder_id=holder).first()
    return None if document is None else facts_of(document)


def list_own(holder: int, *, but: Collection[str] = ()) -> list[DocumentFacts]:
    """The newest documents of a holder, without those of the kinds in `but`."""
    own = rows().filter(holder_id=holder).exclude(kind__in=list(but))
    return [facts_of(each) for each in own.order_by("-issued_at", "-id")[:LISTED_MAX]]


def get_pdf(reference: str, *, holder: int) -> bytes:
    """The signed PDF of the holder, without a line on record: for the system's own use. People get theirs by `download`."""
    document = find_row(reference)
    if document is None or document.holder_id != holder:
        raise DocumentNotFound
    return read_pdf(document)
