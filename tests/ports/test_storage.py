"""What every storage keeps to. An adapter joins by a line in `storages`."""

from __future__ import annotations

import stat
import threading
from hashlib import sha256

import pytest

from hukumati.adapters.storage_local import LocalStorage
from hukumati.infra.storage import StorageConflictError, StorageDamagedError, StorageMissingError

KEY = "documents/2026/D-2026-AAAA2222/abc.pdf"


def digest(content):
    return sha256(content).hexdigest()


def local(directory):
    return LocalStorage(directory=str(directory / "blobs"))


@pytest.fixture(params=[local], ids=["local"])
def storage(request, tmp_path):
    return request.param(tmp_path)


def test_what_was_put_is_given_back(storage):
    storage.put_once(KEY, b"a document")
    assert storage.get(KEY, sha256=digest(b"a document")) == b"a document"


def test_the_same_bytes_again_are_no_fault(storage):
    storage.put_once(KEY, b"a document")
    storage.put_once(KEY, b"a document")
    assert storage.get(KEY, sha256=digest(b"a document")) == b"a document"


def test_other_bytes_are_refused_and_change_nothing(storage):
    storage.put_once(KEY, b"a document")
    with pytest.raises(StorageConflictError):
        storage.put_once(KEY, b"another")
    assert storage.get(KEY, sha256=digest(b"a document")) == b"a document"


def test_what_was_never_put_is_missing(storage):
    with pytest.raises(StorageMissingError):
        storage.get(KEY, sha256=digest(b""))


def test_other_bytes_than_expected_are_damage(storage):
    storage.put_once(KEY, b"a document")
    with pytest.raises(StorageDamagedError):
        storage.get(KEY, sha256=digest(b"what was issued"))


def test_what_was_ended_is_gone_and_nothing_else(storage):
    storage.put_once(KEY, b"a photo")
    storage.put_once(KEY.replace("abc", "def"), b"another")
    storage.end(KEY)
    storage.end(KEY)
    with pytest.raises(StorageMissingError):
        storage.get(KEY, sha256=digest(b"a photo"))
    assert storage.get(KEY.replace("abc", "def"), sha256=digest(b"another")) == b"another"


@pytest.mark.parametrize(
    "key",
    ["../outside", "/etc/passwd", "documents/../../outside", "documents//x", "", ".", "a/.hidden", "a\x00b", "a\\..\\b",
     "documents/2026/", "x" * 300, "documents/مستند.pdf"],
)  # fmt: skip
def test_a_key_that_could_lead_astray_is_refused(storage, key):
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put_once(key, b"x")
    with pytest.raises(ValueError, match="not a storage key"):
        storage.get(key, sha256=digest(b"x"))
    with pytest.raises(ValueError, match="not a storage key"):
        storage.end(key)


def test_of_many_at_once_one_wins_and_stays(storage):
    won, start = [], threading.Barrier(8)

    def put(number):
        start.wait()
        try:
            storage.put_once(KEY, str(number).encode() * 50_000)
        except StorageConflictError:
            return
        won.append(number)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    content = str(won[0]).encode() * 50_000
    assert storage.get(KEY, sha256=digest(content)) == content


# The local adapter alone.


def test_files_are_the_owners_and_no_pieces_are_left(tmp_path):
    storage = local(tmp_path)
    storage.put_once(KEY, b"a document")
    with pytest.raises(StorageConflictError):
        storage.put_once(KEY, b"another")
    files = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["abc.pdf"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o400


def test_a_touched_file_is_found_when_it_is_read(tmp_path):
    storage = local(tmp_path)
    storage.put_once(KEY, b"a document")
    path = tmp_path / "blobs" / KEY
    path.chmod(0o600)
    path.write_bytes(b"A document")
    with pytest.raises(StorageDamagedError):
        storage.get(KEY, sha256=digest(b"a document"))
