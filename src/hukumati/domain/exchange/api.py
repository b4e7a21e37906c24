"""The door of the exchange."""

from __future__ import annotations

from hukumati.domain.exchange.actions import (
    ask,
    check_identity,
    close_grant,
    close_grants,
    open_grant,
    read_mobile,
    read_public_employee,
)
from hukumati.domain.exchange.facts import (
    Answer,
    IdentityMatch,
    Question,
    ReadFacts,
    ReadNotCovered,
    RegistryAnswerError,
    RegistryState,
    RegistryUnreachableError,
    Statement,
    SubjectUnknown,
    WriteDiffersError,
    WriteFacts,
    WriteNotCovered,
    WriteRefused,
)
from hukumati.domain.exchange.queries import list_reads_about, list_reads_for, list_writes_about, list_writes_for
from hukumati.domain.exchange.registries import RegistryFacts, get_registry, list_registries
from hukumati.domain.exchange.watch import last_seen, preflight, silent
from hukumati.domain.exchange.writes import close_write_grants, open_write_grant, tell

__all__ = [
    "Answer",
    "IdentityMatch",
    "Question",
    "ReadFacts",
    "ReadNotCovered",
    "RegistryAnswerError",
    "RegistryFacts",
    "RegistryState",
    "RegistryUnreachableError",
    "Statement",
    "SubjectUnknown",
    "WriteDiffersError",
    "WriteFacts",
    "WriteNotCovered",
    "WriteRefused",
    "ask",
    "check_identity",
    "close_grant",
    "close_grants",
    "close_write_grants",
    "get_registry",
    "last_seen",
    "list_reads_about",
    "list_reads_for",
    "list_registries",
    "list_writes_about",
    "list_writes_for",
    "open_grant",
    "open_write_grant",
    "preflight",
    "read_mobile",
    "read_public_employee",
    "silent",
    "tell",
]
