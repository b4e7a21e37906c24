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
    SealerBehindError,
    TemplateFaultError,
    TooManyChecks,
    Verification,
)
from hukumati.domain.documents.queries import find_about, get_of_institution, get_own, get_pdf, list_own
from hukumati.domain.documents.rules import parse_code
from hukumati.domain.documents.verification import FILE_BYTES_MAX, verify, verify_file

__all__ = [
    "FILE_BYTES_MAX",
    "AlreadyRevoked",
    "DocumentFacts",
    "DocumentFile",
    "DocumentNotFound",
    "DocumentState",
    "FileTooLarge",
    "RenderDiffersError",
    "RevocationReasonMissing",
    "SealerBehindError",
    "TemplateFaultError",
    "TooManyChecks",
    "Verification",
    "download",
    "find_about",
    "get_of_institution",
    "get_own",
    "get_pdf",
    "issue",
    "list_own",
    "parse_code",
    "print_copy",
    "render_again",
    "revoke",
    "verify",
    "verify_file",
]
