"""The door of documents."""

from __future__ import annotations

from hukumati.domain.documents.actions import download, issue, print_copy, render_again, revoke
from hukumati.domain.documents.facts import (
    AlreadyRevoked,
    DocumentFacts,
    DocumentFile,
    DocumentNotFound,
    DocumentState,
    FileTooLarge,
    RenderDiffersError,
    RevocationReasonMissing,
    TemplateFaultError,
    TooManyChecks,
    Verification,
)
from hukumati.domain.documents.queries import find_about, get_own, get_pdf, list_own
from hukumati.domain.documents.verification import verify, verify_file

__all__ = [
    "AlreadyRevoked",
    "DocumentFacts",
    "DocumentFile",
    "DocumentNotFound",
    "DocumentState",
    "FileTooLarge",
    "RenderDiffersError",
    "RevocationReasonMissing",
    "TemplateFaultError",
    "TooManyChecks",
    "Verification",
    "download",
    "find_about",
    "get_own",
    "get_pdf",
    "issue",
    "list_own",
    "print_copy",
    "render_again",
    "revoke",
    "verify",
    "verify_file",
]
