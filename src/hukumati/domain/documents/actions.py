"""Everything that makes or ends a document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.documents import rules
from hukumati.domain.documents.facts import (
    AlreadyRevoked,
    DocumentFile,
    DocumentNotFound,
    DocumentState,
    RenderDiffersError,
    RevocationReasonMissing,
    SealerBehindError,
)
from hukumati.domain.documents.models import Document, DocumentNumber, Revocation, Seal, Template
from hukumati.domain.documents.queries import facts_of, find_row, read_pdf
from hukumati.domain.documents.rendering import NO_IMAGES, RENDERER, render
from hukumati.domain.identity import api as identity
from hukumati.infra.audit import api as audit
from hukumati.infra.outbox import api as outbox
from hukumati.infra.ports import adapter
from hukumati.kernel.actor import Actor, system
from hukumati.kernel.reference import new_reference

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hukumati.domain.documents.facts import DocumentFacts
    from hukumati.domain.documents.ports import Signer
    from hukumati.infra.storage import Storage
    from hukumati.kernel.text import Text

ISSUER: Final = system("documents")
SEALER_BEHIND_SECONDS_MAX: Final = 3600
HEBRON: Final = ZoneInfo("Asia/Hebron")


@dataclass(frozen=True, slots=True)
class _Made:
    """What the slow part brought."""

    inputs: str
    template_sha256: str
    rendered_sha256: str
    signed: bytes
    sha256: str
    storage_key: str
    chain: tuple[bytes, ...]

    @property
    def seal(self) -> str:
        return sha256(self.chain[0]).hexdigest()


def issue(  # noqa: PLR0913  (everything that is printed on it is said here)
    about: str,
    *,
    kind: str,
    holder: int,
    template: str,
    data: dict[str, Any],
    title: Text,
    institution: str,
    language: str = "ar",
    subject_name: str = "",
    valid_until: date | None = None,
    images: Mapping[str, bytes] = NO_IMAGES,
    at: datetime,
) -> DocumentFacts:
    """Render, sign, store; then write the document, its audit line and `documents.issued` in one transaction.

    Called again for the same `about` it returns what was issued. Of two calls at once one writes; both return the same document. Runs
    outside a transaction, because rendering and signing are slow. `subject_name` is whom the document is about (empty: the holder); only
    its masked form is kept for verifiers. The title and the institution's name are kept as they were worded on the day. `valid_until` is the first
    day on which it is no longer valid. `images` are JPEGs that the template shows by name: they are kept with the documents, and their hashes
    among what is printed, so that the document can be made again.

    Raises TemplateFaultError, and SealerBehindError when the audit record has not been sealed for an hour.
    """
    if (issued := _find_issued(about)) is not None:
        return issued
    if (behind := audit.lag_seconds(at)) > SEALER_BEHIND_SECONDS_MAX:
        raise SealerBehindError(f"{behind:.0f} s")
    number = _number(about, at=at)
    office = catalogue.get_institution(institution).name
    doc = _doc(number, title=title, institution=office, language=language, valid_until=valid_until)
    if images:
        doc["images"] = {name: _keep_image(content) for name, content in images.items()}
    inputs = rules.canonical_json({"data": data, "doc": doc})
    made = _make(number, template=template, inputs=inputs, images=images, title=title)
    name = subject_name or identity.get_citizen(holder).name.ar
    try:
        with transaction.atomic(durable=True):
            Template.objects.get_or_create(sha256=made.template_sha256, defaults={"source": template})
            Seal.objects.get_or_create(fingerprint=made.seal, defaults={"chain": list(made.chain)})
            document = Document.objects.create(
                number=number,
                kind=kind,
                holder_id=holder,
                title_ar=title.ar,
                title_en=title.en,
                institution_ar=office.ar,
                institution_en=office.en,
                language=language,
                masked_name=rules.masked_name(name),
                issued_at=number.given_at,
                valid_until=valid_until,
                template_id=made.template_sha256,
                inputs=made.inputs,
                renderer=RENDERER,
                rendered_sha256=made.rendered_sha256,
                seal_id=made.seal,
                storage_key=made.storage_key,
                sha256=made.sha256,
                size_bytes=len(made.signed),
            )
            audit.write(
                "documents.issued", about=number.reference, by=ISSUER, at=at, case=about, kind=kind, sha256=made.sha256
            )
            outbox.publish("documents.issued", about=about, at=at, document=number.reference)
    except IntegrityError:
        # The other of two calls was first. Its signature differs from ours (each is random), so its document is the one that counts.
        if (issued := _find_issued(about)) is None:
            raise
        return issued
    return facts_of(document)


def render_again(reference: str) -> bytes:
    """The PDF before signing, made anew from the kept inputs. Raises RenderDiffersError when it is not the same to the byte."""
    document = find_row(reference)
    if document is None:
        raise DocumentNotFound
    made = render(
        document.template.source, inputs=document.inputs, at=document.issued_at, images=_kept_images(document.inputs)
    )
    if sha256(made).hexdigest() != document.rendered_sha256:
        raise RenderDiffersError(f"{reference}: made by {document.renderer}, now {RENDERER}")
    return made


@transaction.atomic
def revoke(reference: str, *, reason: str, by: Actor, at: datetime) -> DocumentFacts:
    """End a document for good: every later check says so. The reason is for the holder, not for verifiers.

    Refuses with DocumentNotFound, AlreadyRevoked, RevocationReasonMissing.
    """
    document = find_row(reference)
    if document is None:
        raise DocumentNotFound
    if not reason.strip():
        raise RevocationReasonMissing
    try:
        with transaction.atomic():
            Revocation.objects.create(document=document, reason=reason.strip(), by=by.label, revoked_at=at)
    except IntegrityError:
        raise AlreadyRevoked(reference=reference) from None
    audit.write("documents.revoked", about=reference, by=by, at=at)
    outbox.publish("documents.revoked", about=document.number.about, at=at, document=reference)
    return facts_of(document)


def download(reference: str, *, holder: int, by: Actor, at: datetime) -> DocumentFile:
    """The signed PDF for its holder, with the download on record. Refuses anybody else with DocumentNotFound."""
    document = find_row(reference)
    if document is None or document.holder_id != holder:
        raise DocumentNotFound
    with transaction.atomic():
        file = _hand_out(document, "documents.downloaded", by=by, at=at)
        outbox.publish("documents.downloaded", about=document.number.about, at=at, document=reference, holder=by.id)
    return file


def print_copy(reference: str, *, by: Actor, at: datetime) -> DocumentFile:
    """The signed PDF for the counter that prints it. Whoever calls this has checked that the counter is the right one.

    Refuses with DocumentNotFound, and with AlreadyRevoked: on paper nobody sees that it was revoked.
    """
    document = find_row(reference)
    if document is None:
        raise DocumentNotFound
    if facts_of(document).state == DocumentState.REVOKED:
        raise AlreadyRevoked(reference=reference)
    return _hand_out(document, "documents.printed", by=by, at=at)


def _hand_out(document: Document, code: str, *, by: Actor, at: datetime) -> DocumentFile:
    content = read_pdf(document)
    with transaction.atomic():
        audit.write(code, about=document.number.reference, by=by, at=at)
    title = document.title_en if document.language == "en" else document.title_ar
    return DocumentFile(name=rules.file_name(title, document.number.reference), content=content)


def _find_issued(about: str) -> DocumentFacts | None:
    document = Document.objects.select_related("number", "revocation").filter(number__about=about).first()
    return None if document is None else facts_of(document)


def _number(about: str, *, at: datetime) -> DocumentNumber:
    """Durable: from here on the document has this number, whatever happens to this process."""
    with transaction.atomic(durable=True):
        return DocumentNumber.objects.get_or_create(
            about=about,
            defaults={
                "reference": new_reference("D", year=at.year),
                "verification_code": rules.new_verification_code(),
                "given_at": at.replace(microsecond=0),
            },
        )[0]


def _doc(
    number: DocumentNumber, *, title: Text, institution: Text, language: str, valid_until: date | None
) -> dict[str, Any]:
    """What the template is told of the document itself. `title` and `institution` are in the document's first language."""
    return {
        "reference": number.reference,
        "issued_on": number.given_at.astimezone(HEBRON).date().isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "verification_code": number.verification_code,
        "verification_url": f"{settings.PUBLIC_URL.rstrip('/')}/verify/{number.verification_code}/",
        "language": language,
        "title": title.in_(language),
        "title_ar": title.ar,
        "title_en": title.en,
        "institution": institution.in_(language),
        "institution_ar": institution.ar,
        "institution_en": institution.en,
        "demonstration": bool(settings.DEMO),
    }


def _keep_image(content: bytes) -> str:
    digest = sha256(content).hexdigest()
    storage: Storage = adapter("documents.storage")
    storage.put_once(_image_key(digest), content)
    return digest


def _kept_images(inputs: str) -> dict[str, bytes]:
    storage: Storage = adapter("documents.storage")
    digests = json.loads(inputs)["doc"].get("images", {})
    return {name: storage.get(_image_key(digest), sha256=digest) for name, digest in digests.items()}


def _image_key(digest: str) -> str:
    return f"images/{digest[:2]}/{digest}.jpg"


def _make(number: DocumentNumber, *, template: str, inputs: str, images: Mapping[str, bytes], title: Text) -> _Made:
    signer: Signer = adapter("documents.signer")
    storage: Storage = adapter("documents.storage")
    rendered = render(template, inputs=inputs, at=number.given_at, images=images)
    signed = signer.sign_pdf(rendered, reason=f"{title.en} {number.reference}", at=number.given_at)
    digest = sha256(signed).hexdigest()
    key = f"documents/{number.given_at.year}/{number.reference}/{digest}.pdf"
    storage.put_once(key, signed)
    return _Made(
        inputs=inputs,
        template_sha256=sha256(template.encode()).hexdigest(),
        rendered_sha256=sha256(rendered).hexdigest(),
        signed=signed,
        sha256=digest,
        storage_key=key,
        chain=signer.certificates(),
    )
