"""Recomputes the whole record and compares it with what was signed, here and at the witness."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import connection, transaction

from hukumati.infra.audit.facts import FIELD_END, LEAF, RecordFault, RecordReport
from hukumati.infra.audit.merkle import Frontier
from hukumati.infra.audit.models import Checkpoint
from hukumati.infra.audit.sealing import FIRST, WAITING, facts_of
from hukumati.infra.audit.seals import is_signed
from hukumati.infra.ports import adapter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hukumati.infra.audit.facts import CheckpointFacts
    from hukumati.infra.audit.ports import Signer, Witness

FETCHED_AT_ONCE: Final = 10_000
FAULTS_MAX: Final = 100
FIELDS: Final = 10
TABLES: Final = ("audit_entry", "audit_position", "audit_checkpoint", "audit_tile")

# The same bytes as EntryFacts.canonical(), joined by the database only because it is quicker at it; they are hashed here.
CANONICAL: Final = r"""
    convert_to(e.key::text || E'\x1f' || ((extract(epoch FROM e.at) * 1000000)::bigint)::text || E'\x1f' || e.code || E'\x1f' || e.about
    || E'\x1f' || e.actor || E'\x1f' || e.roles || E'\x1f' || e.institution || E'\x1f' || e.office || E'\x1f' || e.authenticated_by
    || E'\x1f' || e.facts, 'UTF8')
"""
RECORD: Final = f"""
    SELECT p.position, p.leaf, {CANONICAL} FROM audit_position p LEFT JOIN audit_entry e ON e.id = p.entry_id ORDER BY p.position
"""  # noqa: S608  (no value of anybody's in it)


def verify() -> RecordReport:
    """Read everything, hash it anew, rebuild every root, check every signature, every guard, and the witness's copies.

    Finds lines changed, removed, slipped in, swapped or cut off, even by a superuser who switched the guards off. What was written in the
    last second before sealing is beyond it; what was sealed and then cut off together with its checkpoints, only the witness gives away.
    """
    started = time.perf_counter()
    with transaction.atomic(), _one_snapshot():
        checkpoints = [facts_of(row) for row in Checkpoint.objects.order_by("size")]
        walk = _Walk(checkpoints)
        walk.over(_record())
        faults = [*walk.faults, *_chain_faults(checkpoints), *_guard_faults()]
        unsealed = _count_unsealed()
    witness: Witness = adapter("audit.witness")
    kept = witness.kept()
    faults += _witness_faults(kept, checkpoints)
    return RecordReport(
        entries=walk.frontier.size,
        checkpoints=len(checkpoints),
        unsealed=unsealed,
        witnessed=len(kept),
        seconds=time.perf_counter() - started,
        faults=tuple(faults[:FAULTS_MAX]),
    )


class _Walk:
    """One pass over the record, in order."""

    def __init__(self, checkpoints: list[CheckpointFacts]) -> None:
        self.frontier = Frontier()
        self.faults: list[RecordFault] = []
        self._roots = {checkpoint.size: checkpoint.root for checkpoint in checkpoints}
        self._size_sealed = checkpoints[-1].size if checkpoints else 0
        self._root_lost = False

    def over(self, record: Iterable[tuple[int, bytes, bytes | None]]) -> None:
        append, roots = self.frontier.append, self._roots
        separator, fields_max = FIELD_END.encode(), FIELDS - 1
        expected = 0
        for position, leaf, canonical in record:
            if position != expected:
                self._fault("position_missing", expected)
                expected = position
            if canonical is None:
                self._fault("entry_missing", position)
            elif sha256(LEAF + canonical).digest() != leaf or canonical.count(separator) != fields_max:
                self._fault("entry_changed", position)
            append(leaf)
            expected += 1
            if expected in roots:
                self._compare_root(expected)
        self._compare_end(expected)

    def _compare_root(self, size: int) -> None:
        """After the first difference every later root differs, too: said once."""
        if not self._root_lost and self.frontier.root() != self._roots[size]:
            self._root_lost = True
            self._fault("root_differs", size)

    def _compare_end(self, size: int) -> None:
        if size < self._size_sealed:
            self._fault("record_cut_off", size)
        elif size > self._size_sealed:
            self._fault("position_beyond_the_last_checkpoint", self._size_sealed)

    def _fault(self, code: str, position: int) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(RecordFault(code, f"position {position}"))


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """The record as of one moment, however long the reading takes."""
    with connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
    yield


def _record() -> Iterator[tuple[int, bytes, bytes | None]]:
    connection.ensure_connection()
    raw: Any = connection.connection
    with raw.cursor(name="audit_record", binary=True) as cursor:
        cursor.itersize = FETCHED_AT_ONCE
        cursor.execute(RECORD)
        yield from cursor


def _chain_faults(checkpoints: list[CheckpointFacts]) -> list[RecordFault]:
    trusted = {sha256(each).hexdigest(): each for each in _trusted()}
    faults, previous, sealed_at = [], FIRST, None
    for checkpoint in checkpoints:
        where = f"checkpoint {checkpoint.size}"
        certificate = trusted.get(checkpoint.sealed_by)
        if certificate is None:
            faults.append(RecordFault("seal_unknown", where))
        elif not is_signed(checkpoint, certificate=certificate):
            faults.append(RecordFault("signature_broken", where))
        if checkpoint.previous != previous:
            faults.append(RecordFault("checkpoint_chain_broken", where))
        if sealed_at is not None and checkpoint.sealed_at < sealed_at:
            faults.append(RecordFault("checkpoint_back_in_time", where))
        previous, sealed_at = sha256(checkpoint.statement()).digest(), checkpoint.sealed_at
    return faults


def _trusted() -> list[bytes]:
    """The present seal and, by files that the operator names, the former ones. Never what the database says of itself."""
    signer: Signer = adapter("audit.signer")
    former = [Path(path).read_bytes() for path in getattr(settings, "AUDIT_FORMER_SEALS", ())]
    loaded = [each for pem in former for each in x509.load_pem_x509_certificates(pem)]
    return [signer.certificates()[0], *(each.public_bytes(Encoding.DER) for each in loaded)]


def _guard_faults() -> list[RecordFault]:
    """Each table refuses UPDATE, DELETE and TRUNCATE. A guard that is off is a fault, even when nothing was touched yet."""
    wanted = {(table, f"{table}_{guard}") for table in TABLES for guard in ("append_only", "not_truncated")}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgrelid = ANY(%s::regclass[]) AND tgenabled IN ('O', 'A')",
            [list(TABLES)],
        )
        present = set(cursor.fetchall())
    return [RecordFault("guard_off", name) for _table, name in sorted(wanted - present)]


def _count_unsealed() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {WAITING}", [0])
        count: int = cursor.fetchone()[0]
    return count


def _witness_faults(kept: list[bytes], checkpoints: list[CheckpointFacts]) -> list[RecordFault]:
    ours = {checkpoint.size: checkpoint.line() for checkpoint in checkpoints}
    faults = []
    for line in kept:
        size = json.loads(line)["size"]
        if size not in ours:
            faults.append(RecordFault("witnessed_checkpoint_missing", f"checkpoint {size}"))
        elif ours[size] != line:
            faults.append(RecordFault("witness_disagrees", f"checkpoint {size}"))
    return faults
