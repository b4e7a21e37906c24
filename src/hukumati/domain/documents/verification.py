"""Anybody may find out whether a document is authentic: by the code that it carries, or by the file itself."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hukumati.domain.documents import rules
from hukumati.domain.documents.facts import FileTooLarge, TooManyChecks, Verification
from hukumati.domain.documents.models import Check
from hukumati.domain.documents.queries import HEBRON, read_pdf, rows
from hukumati.domain.documents.signatures import is_sealed_by
from hukumati.domain.identity import api as identity
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import system
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.documents.models import Document

CHECKS_OF_AN_ADDRESS: Final = identity.Allowance(amount_max=60, window_seconds=600)
FILE_MEGABYTES_MAX: Final = 5
FILE_BYTES_MAX: Final = FILE_MEGABYTES_MAX * 1_000_000
VERIFIER: Final = system("public_verification")


def verify(code: str, *, address: str, at: datetime) -> Verification | None:
    """What the code proves, or None: unknown, mistyped and never issued are one answer.

    Every check is counted for the holder. Refuses with TooManyChecks.
    """
    _spend(address, at=at)
    parsed = rules.parse_code(code)
    document = None if parsed is None else rows().filter(number__verification_code=parsed).first()
    return None if document is None else _checked(document, "code", at=at)


def verify_file(content: bytes, *, address: str, at: datetime) -> Verification | None:
    """Whether this file is, byte for byte, one that was issued, and its seal holds. None for anything else.

    Only a file that is ours to the last byte is opened: a stranger's PDF never reaches a parser. Refuses with FileTooLarge, TooManyChecks.
    """
    if len(content) > FILE_BYTES_MAX:
        raise FileTooLarge(megabytes_max=FILE_MEGABYTES_MAX)
    _spend(address, at=at)
    document = rows().filter(sha256=sha256(content).hexdigest()).first()
    if document is None or not is_sealed_by(_chain(document), content, at=document.issued_at):
        return None
    return _checked(document, "file", at=at)


def is_stored_intact(document: Document) -> bool:
    """Whether what lies in the store is what was issued. Raises when it is gone or damaged."""
    return is_sealed_by(_chain(document), read_pdf(document), at=document.issued_at)


def _chain(document: Document) -> list[bytes]:
    return [bytes(each) for each in document.seal.chain]


def _spend(address: str, *, at: datetime) -> None:
    try:
        identity.spend("documents.verify", address, allowance=CHECKS_OF_AN_ADDRESS, at=at)
    except identity.TooManyTries as limit:
        raise TooManyChecks(retry_seconds=limit.retry_seconds) from None


@transaction.atomic
def _checked(document: Document, way: str, *, at: datetime) -> Verification:
    Check.objects.create(document=document, way=way, checked_at=at)
    audit.write("documents.checked", about=document.number.reference, by=VERIFIER, at=at, way=way)
    revocation = getattr(document, "revocation", None)
    revoked_at = None if revocation is None else revocation.revoked_at
    return Verification(
        state=rules.state_on(at.astimezone(HEBRON).date(), valid_until=document.valid_until, revoked_at=revoked_at),
        kind=document.kind,
        about=document.number.about,
        title=Text(document.title_ar, document.title_en),
        institution=Text(document.institution_ar, document.institution_en),
        reference=document.number.reference,
        issued_at=document.issued_at,
        valid_until=document.valid_until,
        revoked_at=revoked_at,
        masked_name=document.masked_name,
        sha256=document.sha256,
    )
