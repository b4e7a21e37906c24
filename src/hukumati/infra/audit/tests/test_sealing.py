"""Sealing, proving, and what a superuser with the guards off cannot hide."""

import dataclasses
import json
import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from hukumati.infra import ports
from hukumati.infra.audit import api as audit
from hukumati.infra.audit.models import Checkpoint, Entry, Position
from hukumati.infra.audit.tests.conftest import EMPTY, as_superuser
from hukumati.kernel.actor import system

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def write(count, *, start=0):
    for number in range(start, start + count):
        audit.write("documents.issued", about=f"D-2026-{number:08}", by=system("tests"), at=NOON, copies=number)


def sealed(count=300):
    """A record of three checkpoints."""
    write(count)
    audit.seal(NOON)
    write(5, start=count)
    audit.seal(NOON + SECOND)
    write(1, start=count + 5)
    audit.seal(NOON + 2 * SECOND)


def faults():
    return {fault.code for fault in audit.verify().faults}


def entry_at(position):
    return Entry.objects.get(pk=Position.objects.get(position=position).entry_id)


def test_a_sealed_record_is_intact(record):
    sealed()
    report = audit.verify()
    assert (report.entries, report.checkpoints, report.witnessed, report.unsealed) == (306, 3, 3, 0)
    assert report.faults == ()


def test_seal_gives_nothing_when_nothing_waits(record):
    sealed(3)
    assert audit.seal(NOON + 3 * SECOND) is None
    assert Checkpoint.objects.count() == 3


def test_seal_finds_lines_that_were_committed_after_their_neighbours(record):
    """Ids are given before the commit: a slow transaction's line appears below those sealed already."""
    write(3)
    hidden = Entry.objects.order_by("id")[1]
    as_superuser("CREATE TEMP TABLE late AS SELECT * FROM audit_entry WHERE id = %s", [hidden.pk])
    as_superuser("DELETE FROM audit_entry WHERE id = %s", [hidden.pk])
    audit.seal(NOON)
    as_superuser("INSERT INTO audit_entry OVERRIDING SYSTEM VALUE SELECT * FROM late")
    assert audit.seal(NOON + SECOND).size == 3
    assert audit.verify().faults == ()


def test_stragglers_are_sealed_by_the_daily_sweep(record):
    write(3)
    hidden = Entry.objects.order_by("id")[1]
    as_superuser("CREATE TEMP TABLE late AS SELECT * FROM audit_entry WHERE id = %s", [hidden.pk])
    as_superuser("DELETE FROM audit_entry WHERE id = %s", [hidden.pk])
    audit.seal(NOON)
    as_superuser("INSERT INTO audit_entry OVERRIDING SYSTEM VALUE SELECT * FROM late")
    an_hour_later = NOON + timedelta(hours=1)
    assert audit.seal(an_hour_later) is None
    assert audit.verify().unsealed == 1
    assert audit.seal_stragglers(an_hour_later).size == 3


def test_lag_is_the_age_of_the_oldest_waiting_line(record):
    assert audit.lag_seconds(NOON) == 0
    write(1)
    written_at = Entry.objects.get().written_at
    assert audit.lag_seconds(written_at + timedelta(seconds=90)) == 90
    audit.seal(NOON)
    assert audit.lag_seconds(written_at + timedelta(seconds=90)) == 0


def test_change_is_found(record):
    sealed()
    as_superuser("UPDATE audit_entry SET about = 'D-2026-FORGED22' WHERE id = %s", [entry_at(7).pk])
    assert faults() == {"entry_changed"}


@pytest.mark.parametrize(
    "change",
    ["at = at + interval '1 microsecond'", "actor = 'staff:S-1'", "roles = 'clerk'", "institution = 'x'", "office = 'x'",
     "authenticated_by = 'x'", "facts = '{}'", "code = 'documents.revoked'", "key = gen_random_uuid()"],
)  # fmt: skip
def test_change_of_any_column_is_found(record, change):
    sealed(3)
    as_superuser(f"UPDATE audit_entry SET {change} WHERE id = %s", [entry_at(1).pk])
    assert faults() == {"entry_changed"}


def test_change_with_its_hashes_made_to_fit_is_found(record):
    sealed()
    row = entry_at(7)
    forged = dataclasses.replace(audit.list_entries(row.about)[0], about="D-2026-FORGED22")
    as_superuser("UPDATE audit_entry SET about = %s, leaf = %s WHERE id = %s", [forged.about, forged.leaf(), row.pk])
    as_superuser("UPDATE audit_position SET leaf = %s WHERE position = 7", [forged.leaf()])
    assert faults() == {"root_differs"}


def test_removal_is_found(record):
    sealed()
    as_superuser("DELETE FROM audit_entry WHERE id = %s", [entry_at(7).pk])
    assert faults() == {"entry_missing"}


def test_removal_with_its_position_is_found(record):
    sealed()
    as_superuser("DELETE FROM audit_entry WHERE id = %s", [entry_at(7).pk])
    as_superuser("DELETE FROM audit_position WHERE position = 7")
    assert faults() == {"position_missing", "root_differs"}


def test_removal_with_the_gap_closed_is_found(record):
    sealed()
    as_superuser("DELETE FROM audit_entry WHERE id = %s", [entry_at(7).pk])
    as_superuser("DELETE FROM audit_position WHERE position = 7")
    as_superuser("UPDATE audit_position SET position = position + 100000 WHERE position > 7")
    as_superuser("UPDATE audit_position SET position = position - 100001 WHERE position > 50000")
    assert faults() == {"root_differs", "record_cut_off"}


def test_insertion_between_is_found(record):
    sealed()
    write(1, start=999)
    forged = Entry.objects.order_by("-id")[0]
    as_superuser("UPDATE audit_position SET position = position + 100000 WHERE position >= 7")
    as_superuser("UPDATE audit_position SET position = position - 99999 WHERE position > 50000")
    as_superuser("INSERT INTO audit_position VALUES (7, %s, %s)", [forged.pk, forged.leaf])
    assert faults() == {"root_differs", "position_beyond_the_last_checkpoint"}


def test_swapping_two_lines_is_found(record):
    sealed()
    for position, moved in ((7, 100_000), (8, 7), (100_000, 8)):
        as_superuser("UPDATE audit_position SET position = %s WHERE position = %s", [moved, position])
    assert faults() == {"root_differs"}


def test_cutting_off_the_end_is_found(record):
    sealed()
    as_superuser("DELETE FROM audit_position WHERE position >= 300")
    assert "record_cut_off" in faults()


def test_cutting_off_the_end_with_its_checkpoints_is_found_by_the_witness(record):
    sealed()
    for sql in ("audit_entry WHERE id IN (SELECT entry_id FROM audit_position WHERE position >= 300)",
                "audit_position WHERE position >= 300", "audit_checkpoint WHERE size > 300"):  # fmt: skip
        as_superuser(f"DELETE FROM {sql}")
    assert faults() == {"witnessed_checkpoint_missing"}


def test_emptying_everything_is_found_by_the_witness(record):
    sealed()
    as_superuser(EMPTY)
    assert faults() == {"witnessed_checkpoint_missing"}


def test_a_whole_record_rewritten_with_the_seal_itself_is_found_by_the_witness(record):
    """Even the ruler of the database and of the key together cannot make the witness forget."""
    sealed()
    as_superuser(EMPTY)
    write(300, start=5000)
    audit.seal(NOON)
    assert faults() == {"witness_disagrees", "witnessed_checkpoint_missing"}


def test_a_record_sealed_by_another_key_is_found(record, settings):
    sealed(3)
    rewired = {**settings.PORTS["audit.signer"]["options"], "name": "stranger"}
    settings.PORTS = {**settings.PORTS, "audit.signer": {**settings.PORTS["audit.signer"], "options": rewired}}
    ports.adapter.cache_clear()
    assert faults() == {"seal_unknown"}


def test_a_former_seal_is_trusted_when_the_operator_names_it(record, settings):
    sealed(3)
    settings.AUDIT_FORMER_SEALS = [str(record / "keys" / "audit.pem")]
    rewired = {**settings.PORTS["audit.signer"]["options"], "name": "successor"}
    settings.PORTS = {**settings.PORTS, "audit.signer": {**settings.PORTS["audit.signer"], "options": rewired}}
    ports.adapter.cache_clear()
    write(1, start=50)
    audit.seal(NOON + 5 * SECOND)
    assert faults() == set()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("root = decode(repeat('00', 32), 'hex')", {"root_differs", "signature_broken", "checkpoint_chain_broken"}),
        ("signature = decode('30', 'hex')", {"signature_broken"}),
        (
            "sealed_at = sealed_at - interval '1 hour'",
            {"signature_broken", "checkpoint_chain_broken", "checkpoint_back_in_time"},
        ),
    ],
)
def test_a_touched_checkpoint_is_found(record, change, found):
    sealed(3)
    as_superuser(f"UPDATE audit_checkpoint SET {change} WHERE size = 8")
    assert faults() - {"witness_disagrees"} == found


def test_a_guard_that_is_off_is_a_fault(record):
    sealed(3)
    as_superuser("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
    assert faults() == {"guard_off"}


def test_a_proof_convinces_whoever_trusts_only_the_certificate(record):
    sealed(700)
    certificate = ports.adapter("audit.signer").certificates()[0]
    for position in (0, 255, 256, 511, 699, 705):
        proof = audit.prove(entry_at(position).key)
        assert audit.holds(proof, certificate=certificate)
        assert proof.position == position
        forged = dataclasses.replace(proof, entry=dataclasses.replace(proof.entry, about="D-2026-FORGED22"))
        assert not audit.holds(forged, certificate=certificate)


def test_a_line_that_is_not_sealed_has_no_proof(record):
    sealed(3)
    write(1, start=99)
    with pytest.raises(audit.EntryNotSealedError):
        audit.prove(Entry.objects.order_by("-id")[0].key)


def test_the_command_verifies_and_proves(record, capsys):
    sealed(3)
    call_command("audit", "verify")
    assert "The record is intact." in capsys.readouterr().out
    call_command("audit", "proof", "D-2026-00000001")
    proof = json.loads(capsys.readouterr().out)
    assert (proof["position"], proof["checkpoint"]["size"]) == (1, 9)
    as_superuser("UPDATE audit_entry SET facts = '{}' WHERE id = %s", [entry_at(1).pk])
    with pytest.raises(CommandError, match="NOT intact"):
        call_command("audit", "verify")
    assert "entry_changed: position 1" in capsys.readouterr().out


class UndoneError(Exception):
    """Takes a tampering back."""


TAMPERINGS = {
    "change": """
        UPDATE audit_entry SET facts = '{}' WHERE id = (SELECT entry_id FROM audit_position WHERE position = %(one)s)""",
    "remove": """
        DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_position WHERE position = %(one)s)""",
    "remove with position": "DELETE FROM audit_position WHERE position = %(one)s",
    "exchange": """
        UPDATE audit_position p SET leaf = q.leaf, entry_id = -q.entry_id FROM audit_position q
        WHERE (p.position, q.position) IN ((%(one)s, %(other)s), (%(other)s, %(one)s));
        UPDATE audit_position SET entry_id = -entry_id WHERE entry_id < 0""",
    "change two": """
        UPDATE audit_entry SET about = about || 'x' WHERE id IN
        (SELECT entry_id FROM audit_position WHERE position IN (%(one)s, %(other)s))""",
    "cut off": "DELETE FROM audit_position WHERE position >= %(one)s",
    "cut off with checkpoints": """
        DELETE FROM audit_checkpoint WHERE size > %(one)s;
        DELETE FROM audit_position WHERE position >= (SELECT coalesce(max(size), 0) FROM audit_checkpoint)""",
    "touch a checkpoint": """
        UPDATE audit_checkpoint SET sealed_at = sealed_at + interval '1 second'
        WHERE size = (SELECT min(size) FROM audit_checkpoint WHERE size > %(one)s)""",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_every_tampering_at_every_place_is_found(record, tampering):
    for number in range(12):
        write(40, start=number * 40)
        audit.seal(NOON + number * SECOND)
    places = random.Random(tampering)
    for _ in range(12):
        one, other = places.sample(range(480), 2)
        with pytest.raises(UndoneError), transaction.atomic():  # noqa: PT012
            as_superuser(TAMPERINGS[tampering], {"one": one, "other": other})
            assert audit.verify().faults, f"{tampering} at {one} and {other} was not found"
            raise UndoneError
    assert audit.verify().faults == ()


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_never_give_a_position_twice(keys):
    as_superuser(EMPTY)
    stop = threading.Event()

    def seal_again_and_again():
        try:
            while not stop.is_set():
                audit.seal(datetime.now(UTC))
        finally:
            connections.close_all()

    sealers = [threading.Thread(target=seal_again_and_again) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    try:
        for number in range(60):
            with transaction.atomic():
                write(3, start=number * 3)
    finally:
        stop.set()
        for sealer in sealers:
            sealer.join()
    audit.seal(datetime.now(UTC))
    report = audit.verify()
    as_superuser(EMPTY)
    connection.close()
    assert (report.entries, report.unsealed) == (180, 0)
    assert report.faults == ()
