"""What the audit record speaks in. Pure: the bytes that are hashed are made here and nowhere else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

FIELD_END: Final = "\x1f"
LEAF: Final = b"\x00"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One line of the record. `actor` is `kind:reference`; lists are comma-joined; `facts` is canonical JSON text."""

    key: str
    at: datetime
    code: str
    about: str
    actor: str
    roles: str
    institution: str
    office: str
    authenticated_by: str
    facts: str

    def canonical(self) -> bytes:
        """The bytes that are hashed. No field holds FIELD_END (the table refuses it): no two entries share bytes."""
        return FIELD_END.join(
            (
                self.key,
                str(microseconds(self.at)),
                self.code,
                self.about,
                self.actor,
                self.roles,
                self.institution,
                self.office,
                self.authenticated_by,
                self.facts,
            )
        ).encode()

    def leaf(self) -> bytes:
        """RFC 6962 leaf hash."""
        return sha256(LEAF + self.canonical()).digest()


def microseconds(moment: datetime) -> int:
    """Since 1970, exact: no float in between."""
    past = moment - EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def canonical_json(facts: dict[str, Any]) -> str:
    """Keys sorted, no spaces, UTF-8 letters as they are. Floats are refused: readers round them differently."""
    return json.dumps(_plain(facts), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"an audit fact is text, a whole number, a date or a list of those, not {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """The first `size` entries have this Merkle root: said at a moment, after the checkpoint before, under a signature."""

    size: int
    root: bytes
    previous: bytes
    sealed_at: datetime
    sealed_by: str
    signature: bytes

    def statement(self) -> bytes:
        """What is signed."""
        return statement(size=self.size, root=self.root, previous=self.previous, sealed_at=self.sealed_at)

    def line(self) -> bytes:
        """One line of JSON for the witness and for people."""
        said = {
            "size": self.size,
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "sealed_at": self.sealed_at.astimezone(UTC).isoformat(),
            "sealed_by": self.sealed_by,
            "signature": self.signature.hex(),
        }
        return json.dumps(said, separators=(",", ":")).encode()


def statement(*, size: int, root: bytes, previous: bytes, sealed_at: datetime) -> bytes:
    """`previous` is the SHA-256 of the statement before: checkpoints are a chain, too."""
    return f"hukumati-audit-1\n{size}\n{root.hex()}\n{previous.hex()}\n{microseconds(sealed_at)}\n".encode()


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """An entry stands at a position of the record that a checkpoint sealed. Checkable without us."""

    entry: EntryFacts
    position: int
    path: tuple[bytes, ...]
    checkpoint: CheckpointFacts


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong with the record, by a stable code, and where."""

    code: str
    where: str


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What a full check found. `unsealed` counts lines that wait for the sealer."""

    entries: int
    checkpoints: int
    unsealed: int
    witnessed: int
    seconds: float
    faults: tuple[RecordFault, ...]


class EntryNotSealedError(Exception):
    """The sealer has not reached this entry yet."""
