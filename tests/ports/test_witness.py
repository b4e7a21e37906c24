"""What every witness of the audit record keeps to. An adapter joins by a line in `witnesses`."""

from __future__ import annotations

import json

import pytest

from hukumati.adapters.witness_file import FileWitness


def line(size, day="2026-04-01"):
    return json.dumps({"size": size, "root": "00", "sealed_at": f"{day}T09:00:00+00:00"}).encode()


@pytest.fixture(params=["file"])
def open_witness(request, tmp_path):
    """Opens the same witness each time it is called, as another process would."""
    return lambda: FileWitness(directory=str(tmp_path / "witness"))


def test_a_new_witness_has_heard_nothing(open_witness):
    assert open_witness().latest_size() == 0
    assert open_witness().kept() == []


def test_what_was_kept_is_there_for_whoever_asks_later(open_witness):
    witness = open_witness()
    for checkpoint in (line(3), line(10), line(12, "2026-04-02")):
        witness.keep(checkpoint)
    assert witness.latest_size() == open_witness().latest_size() == 12
    assert open_witness().kept() == [line(3), line(10), line(12, "2026-04-02")]


def test_checkpoints_come_back_by_size(open_witness):
    for size in (100, 20, 3):
        open_witness().keep(line(size))
    assert open_witness().kept() == [line(3), line(20), line(100)]
