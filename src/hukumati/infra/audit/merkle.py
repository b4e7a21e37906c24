"""An RFC 6962 Merkle tree that grows without being rebuilt. Pure.

A frontier holds the roots of the full subtrees, at most one a height: enough to append and to know the root. Tiles (roots of full subtrees
of 256, 65,536 … leaves) are given out while appending, so that a proof reads a few hundred hashes and not the whole record.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NODE: Final = b"\x01"
HASH_BYTES: Final = 32
TILE_HEIGHT: Final = 8
EMPTY_ROOT: Final = sha256(b"").digest()


def parent(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


class Frontier:
    """The right edge of a tree of `size` leaves."""

    def __init__(self, size: int = 0, hashes: bytes = b"") -> None:
        if len(hashes) != HASH_BYTES * size.bit_count():
            raise ValueError("this frontier is not of this size")
        self.size = size
        self._roots = [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf. Answers with the tiles that it completes: (level, index, root)."""
        node, index, height, tiles = leaf, self.size, 0, []
        roots = self._roots
        while index & 1:
            node = sha256(NODE + roots.pop() + node).digest()
            index >>= 1
            height += 1
            if height % TILE_HEIGHT == 0:
                tiles.append((height // TILE_HEIGHT, index, node))
        roots.append(node)
        self.size += 1
        return tiles

    def root(self) -> bytes:
        """The tree's root: the subtrees joined from the smallest."""
        if not self._roots:
            return EMPTY_ROOT
        joined = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            joined = parent(left, joined)
        return joined

    def hashes(self) -> bytes:
        """What a frontier is made of again."""
        return b"".join(self._roots)


def inclusion_path(position: int, size: int, *, tile: Callable[[int, int], bytes]) -> list[bytes]:
    """The audit path of RFC 6962 2.1.1. `tile(level, index)` gives the root of a full subtree of 256**level leaves."""
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    return _path(position, 0, size, tile)


def _path(position: int, start: int, end: int, tile: Callable[[int, int], bytes]) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _largest_power_below(end - start)
    if position < middle:
        return [*_path(position, start, middle, tile), _range_root(middle, end, tile)]
    return [*_path(position, middle, end, tile), _range_root(start, middle, tile)]


def _range_root(start: int, end: int, tile: Callable[[int, int], bytes]) -> bytes:
    count = end - start
    height = count.bit_length() - 1
    if count == 1 << height and start % count == 0 and height % TILE_HEIGHT == 0:
        return tile(height // TILE_HEIGHT, start >> height)
    middle = start + _largest_power_below(count)
    return parent(_range_root(start, middle, tile), _range_root(middle, end, tile))


def _largest_power_below(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def root_from_path(leaf: bytes, *, position: int, size: int, path: Iterable[bytes]) -> bytes | None:
    """The root that leaf and path lead to (RFC 9162 2.1.3.2); None when the path has the wrong length."""
    if not 0 <= position < size:
        return None
    node, last, joined = position, size - 1, leaf
    for hash_ in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            joined = parent(hash_, joined)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            joined = parent(joined, hash_)
        node, last = node >> 1, last >> 1
    return joined if last == 0 else None
