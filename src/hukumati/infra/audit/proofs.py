"""Proof that a line stands in the record: for a receipt, for a court, for whoever does not trust us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.infra.audit.facts import EntryFacts, EntryNotSealedError, InclusionProof
from hukumati.infra.audit.merkle import inclusion_path, root_from_path
from hukumati.infra.audit.models import Checkpoint, Entry, Position, Tile
from hukumati.infra.audit.sealing import facts_of
from hukumati.infra.audit.seals import is_signed

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 256
LISTED_MAX = 1000


def list_entries(about: str) -> list[EntryFacts]:
    """The lines about one thing, oldest first."""
    return [entry_facts(row) for row in Entry.objects.filter(about=about).order_by("id")[:LISTED_MAX]]


def prove(key: str) -> InclusionProof:
    """That the entry of this key stands in the record that the newest checkpoint seals. Raises EntryNotSealedError."""
    row = Entry.objects.get(key=key)
    position = Position.objects.filter(entry_id=row.pk).first()
    checkpoint = Checkpoint.objects.order_by("-size").first()
    if position is None or checkpoint is None:
        raise EntryNotSealedError(key)
    blocks = _Blocks()
    path = inclusion_path(position.position, checkpoint.size, tile=blocks.root_of)
    return InclusionProof(entry_facts(row), position.position, tuple(path), facts_of(checkpoint))


def holds(proof: InclusionProof, *, certificate: bytes) -> bool:
    """Whether the proof convinces somebody who trusts nothing but this certificate. Reads no table."""
    checkpoint = proof.checkpoint
    root = root_from_path(proof.entry.leaf(), position=proof.position, size=checkpoint.size, path=proof.path)
    return root == checkpoint.root and is_signed(checkpoint, certificate=certificate)


def entry_facts(row: Entry) -> EntryFacts:
    return EntryFacts(
        key=str(row.key),
        at=row.at,
        code=row.code,
        about=row.about,
        actor=row.actor,
        roles=row.roles,
        institution=row.institution,
        office=row.office,
        authenticated_by=row.authenticated_by,
        facts=row.facts,
    )


class _Blocks:
    """Leaves and tiles, fetched 256 at a time."""

    def __init__(self) -> None:
        self._fetched: dict[tuple[int, int], Sequence[bytes]] = {}

    def root_of(self, level: int, index: int) -> bytes:
        block = index // BLOCK
        if (level, block) not in self._fetched:
            self._fetched[level, block] = _fetch(level, block * BLOCK)
        return self._fetched[level, block][index % BLOCK]


def _fetch(level: int, start: int) -> list[bytes]:
    if level == 0:
        leaves = Position.objects.filter(position__gte=start, position__lt=start + BLOCK)
        return [bytes(leaf) for leaf in leaves.order_by("position").values_list("leaf", flat=True)]
    tiles = Tile.objects.filter(level=level, index__gte=start, index__lt=start + BLOCK)
    return [bytes(root) for root in tiles.order_by("index").values_list("root", flat=True)]
