"""The door: write a line, seal, prove, verify."""

from __future__ import annotations

from hukumati.infra.audit.actions import write
from hukumati.infra.audit.facts import (
    CheckpointFacts,
    EntryFacts,
    EntryNotSealedError,
    InclusionProof,
    RecordFault,
    RecordReport,
)
from hukumati.infra.audit.inspection import verify
from hukumati.infra.audit.proofs import holds, list_entries, prove
from hukumati.infra.audit.sealing import lag_seconds, seal, seal_stragglers

__all__ = [
    "CheckpointFacts",
    "EntryFacts",
    "EntryNotSealedError",
    "InclusionProof",
    "RecordFault",
    "RecordReport",
    "holds",
    "lag_seconds",
    "list_entries",
    "prove",
    "seal",
    "seal_stragglers",
    "verify",
    "write",
]
