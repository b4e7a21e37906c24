"""Gives the written lines their order and signs it. One sealer at a time; each seal reads only what is new."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from hukumati.infra.audit.facts import CheckpointFacts, statement
from hukumati.infra.audit.merkle import HASH_BYTES, Frontier
from hukumati.infra.audit.models import Checkpoint
from hukumati.infra.ports import adapter

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.infra.audit.ports import Signer, Witness

SEALER_LOCK: Final = 0x68756B_73656C
BATCH_MAX: Final = 50_000
LATE: Final = timedelta(minutes=5)
"""Transactions end within seconds (statement_timeout); a line that commits later still is found by the daily `seal_stragglers`."""
FIRST: Final = bytes(HASH_BYTES)
WITNESSED_AT_ONCE_MAX: Final = 1_000

WAITING = """
    FROM audit_entry WHERE id > %s AND NOT EXISTS (SELECT 1 FROM audit_position WHERE entry_id = audit_entry.id)
"""


def seal(at: datetime) -> CheckpointFacts | None:
    """Put the waiting lines in order and sign the new root. None when nothing waits or another sealer is at work."""
    sealed = _seal_after(floor(at), at=at)
    _tell_witness()
    return sealed


def seal_stragglers(at: datetime) -> CheckpointFacts | None:
    """Seal whatever waits, however late it was committed. Reads the whole record: once a day."""
    return _seal_after(0, at=at)


def lag_seconds(at: datetime) -> float:
    """How long the oldest waiting line has waited. For the health page: minutes alarm, an hour stops issuing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(written_at) {WAITING}", [floor(at)])
        (oldest,) = cursor.fetchone()
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0


def floor(at: datetime) -> int:
    """Entries up to this id were sealed long enough ago that none below can still be committing."""
    settled = Checkpoint.objects.filter(sealed_at__lte=at - LATE).order_by("-sealed_at", "-size").first()
    return 0 if settled is None else settled.entry_id_max


@dataclass
class _Batch:
    """What one seal adds."""

    frontier: Frontier
    entry_ids: list[int] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    tiles: list[tuple[int, int, bytes]] = field(default_factory=list)

    def add(self, entry_id: int, leaf: bytes) -> None:
        self.tiles += self.frontier.append(leaf)
        self.entry_ids.append(entry_id)
        self.leaves.append(leaf)


def _seal_after(low: int, *, at: datetime) -> CheckpointFacts | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(f"SELECT id, leaf {WAITING} ORDER BY id LIMIT {BATCH_MAX}", [low])
        waiting = cursor.fetchall()
        if not waiting:
            return None
        before = Checkpoint.objects.order_by("-size").first()
        batch = _Batch(Frontier(before.size, bytes(before.frontier)) if before else Frontier())
        start = batch.frontier.size
        for entry_id, leaf in waiting:
            batch.add(entry_id, bytes(leaf))
        _store(batch, start=start)
        return _sign(batch, before, at=max(at, before.sealed_at) if before else at)


def _store(batch: _Batch, *, start: int) -> None:
    positions = list(range(start, start + len(batch.leaves)))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_position (position, entry_id, leaf) SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
            [positions, batch.entry_ids, batch.leaves],
        )
        if batch.tiles:
            levels, indexes, roots = map(list, zip(*batch.tiles, strict=True))
            cursor.execute(
                "INSERT INTO audit_tile (level, index, root) SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bytea[])",
                [levels, indexes, roots],
            )


def _sign(batch: _Batch, before: Checkpoint | None, *, at: datetime) -> CheckpointFacts:
    signer: Signer = adapter("audit.signer")
    size, root = batch.frontier.size, batch.frontier.root()
    previous = sha256(facts_of(before).statement()).digest() if before else FIRST
    row = Checkpoint.objects.create(
        size=size,
        root=root,
        previous=previous,
        sealed_at=at,
        sealed_by=sha256(signer.certificates()[0]).hexdigest(),
        signature=signer.sign_bytes(statement(size=size, root=root, previous=previous, sealed_at=at)),
        frontier=batch.frontier.hashes(),
        entry_id_max=max(batch.entry_ids[-1], before.entry_id_max if before else 0),
    )
    return facts_of(row)


def facts_of(row: Checkpoint) -> CheckpointFacts:
    return CheckpointFacts(
        size=row.size,
        root=bytes(row.root),
        previous=bytes(row.previous),
        sealed_at=row.sealed_at,
        sealed_by=row.sealed_by,
        signature=bytes(row.signature),
    )


def _tell_witness() -> None:
    """After the commit, and catching up: a witness that was away for a while hears everything in order."""
    witness: Witness = adapter("audit.witness")
    unheard = Checkpoint.objects.filter(size__gt=witness.latest_size()).order_by("size")[:WITNESSED_AT_ONCE_MAX]
    for row in unheard:
        witness.keep(facts_of(row).line())
