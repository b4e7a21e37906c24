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
