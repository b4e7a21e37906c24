"""Tables of issued documents. Everything is append-only: a document is never changed; its end is a row of its own."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class DocumentNumber(models.Model):
    """What a document is called, fixed before it is made: a second attempt makes the same document, not a second number."""

    about = models.TextField(unique=True)
    reference = models.TextField(unique=True)
    verification_code = models.TextField(unique=True)
    given_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="document_number_append_only", operation=APPEND_ONLY)]


class Template(models.Model):
    """The source that documents were rendered from, once for all of them."""

    sha256 = models.TextField(primary_key=True)
    source = models.TextField()

    class Meta:
        triggers = [pgtrigger.Protect(name="template_append_only", operation=APPEND_ONLY)]


class Seal(models.Model):
    """A certificate that sealed documents, with its issuers: documents stay verifiable when the key is changed."""

    fingerprint = models.TextField(primary_key=True)
    chain = ArrayField(models.BinaryField())

    class Meta:
        triggers = [pgtrigger.Protect(name="seal_append_only", operation=APPEND_ONLY)]


class Document(models.Model):
    """An issued document. `inputs` is all that the template was given, so that it can be rendered again to the byte."""

    number = models.OneToOneField(DocumentNumber, on_delete=models.PROTECT, related_name="document")
    kind = models.TextField()
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title_ar = models.TextField()
    title_en = models.TextField()
    institution_ar = models.TextField()
    institution_en = models.TextField()
    language = models.TextField()
    masked_name = models.TextField()
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="+")
    inputs = models.TextField()
    renderer = models.TextField()
    rendered_sha256 = models.TextField()
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="+")
    storage_key = models.TextField(unique=True)
    sha256 = models.TextField(unique=True)
    size_bytes = models.IntegerField()

    class Meta:
        triggers = [pgtrigger.Protect(name="document_append_only", operation=APPEND_ONLY)]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256_is_a_hash"),
            models.CheckConstraint(condition=Q(language__in=["ar", "en", "both"]), name="document_language_is_known"),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="document_has_bytes"),
        ]
        indexes = [models.Index(fields=["holder", "-issued_at"], name="document_of_holder")]


class Revocation(models.Model):
    """The end of a document."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="revocation")
    reason = models.TextField()
    by = models.TextField()
    revoked_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="revocation_append_only", operation=APPEND_ONLY)]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="revocation_has_a_reason")]


class Check(models.Model):
    """Somebody verified this document. Not who: the holder is told how often and when, verifiers stay unobserved."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="checks")
    way = models.TextField()
    checked_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="check_append_only", operation=APPEND_ONLY)]
        constraints = [models.CheckConstraint(condition=Q(way__in=["code", "file"]), name="check_way_is_known")]
        indexes = [models.Index(fields=["document", "-checked_at"], name="check_of_document")]
