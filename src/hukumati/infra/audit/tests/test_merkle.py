from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from hukumati.infra.audit.merkle import EMPTY_ROOT, Frontier, inclusion_path, parent, root_from_path


def leaf_of(number):
    return sha256(b"\x00" + str(number).encode()).digest()


def tree_of(count):
    frontier, tiles = Frontier(), {}
    for number in range(count):
        tiles[0, number] = leaf_of(number)
        for level, index, root in frontier.append(leaf_of(number)):
            tiles[level, index] = root
    return frontier, tiles


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 255, 256, 257, 1000])
def test_root_is_the_one_that_another_implementation_computes(count):
    other = InmemoryTree(algorithm="sha256")
    for number in range(count):
        other.append_entry(str(number).encode())
    assert tree_of(count)[0].root() == other.get_root()


def test_an_empty_tree_has_the_root_of_the_standard():
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


@given(st.integers(1, 600), st.integers(0, 600))
def test_a_frontier_put_away_and_taken_up_again_grows_the_same(first, more):
    whole, _ = tree_of(first + more)
    half, _ = tree_of(first)
    taken_up = Frontier(half.size, half.hashes())
    for number in range(first, first + more):
        taken_up.append(leaf_of(number))
    assert taken_up.root() == whole.root()


def test_a_frontier_refuses_hashes_of_another_size():
    with pytest.raises(ValueError, match="not of this size"):
        Frontier(3, b"\x00" * 32)


@given(st.integers(1, 1500), st.data())
def test_a_path_leads_to_the_root_and_only_from_its_own_leaf(size, data):
    position = data.draw(st.integers(0, size - 1))
    frontier, tiles = tree_of(size)
    path = inclusion_path(position, size, tile=lambda level, index: tiles[level, index])
    root = frontier.root()
    assert root_from_path(leaf_of(position), position=position, size=size, path=path) == root
    assert root_from_path(leaf_of("x"), position=position, size=size, path=path) != root
    assert root_from_path(leaf_of(position), position=position, size=size, path=[*path, root]) is None
    if path:
        assert root_from_path(leaf_of(position), position=position, size=size, path=path[:-1]) != root


def test_proofs_of_a_large_tree_read_few_hashes():
    size = 200_000
    frontier, tiles = tree_of(size)
    read = set()

    def tile(level, index):
        read.add((level, index))
        return tiles[level, index]

    path = inclusion_path(123_456, size, tile=tile)
    assert root_from_path(leaf_of(123_456), position=123_456, size=size, path=path) == frontier.root()
    assert len(read) < 1200


def test_inner_nodes_cannot_pass_for_leaves():
    assert parent(leaf_of(0), leaf_of(1)) != sha256(b"\x00" + leaf_of(0) + leaf_of(1)).digest()
