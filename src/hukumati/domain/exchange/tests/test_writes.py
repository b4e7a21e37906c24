"""Writes are bound to a purpose like reads, are told once however often they are tried, and are never changed afterwards."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from hukumati.domain.exchange import api as exchange
from hukumati.domain.exchange import writes
from hukumati.domain.exchange.models import Write, WriteGrant, WriteOutcome
from hukumati.domain.exchange.tests.fakes import AS_OF, FakeRegistry
from hukumati.kernel.actor import system
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.text import Text

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SALMA, TAREQ = NationalId("900000019"), NationalId("900000027")
REGISTRAR = system("registrar")
CASE = "A-2026-AAAAAAAA"
FACTS = {"first_name_ar": "سلمى", "sex": "female"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    fake = FakeRegistry()
    monkeypatch.setattr(writes, "adapter", lambda _port: fake)
    return fake


def a_write_grant(**changes):
    given = {
        "name": "registration", "subject": SALMA, "applicant": SALMA, "registry": "interior/civil", "service": "registrations",
        "facts": ("first_name_ar", "sex"), "purpose": Text("تسجيل مولود", "To register a newborn"), "until": AT + timedelta(hours=1),
        "by": REGISTRAR, "at": AT,
    }  # fmt: skip
    exchange.open_write_grant(CASE, **(given | changes))


def a_statement(**changes):
    given = {
        "case_reference": CASE, "name": "registration", "subject": SALMA, "registry": "interior/civil", "service": "registrations",
        "facts": FACTS, "returns": ("registration_number",),
    }  # fmt: skip
    return exchange.Statement(**(given | changes))


def test_a_covered_write_is_told_and_recorded_before_it_is_spoken(registry):
    a_write_grant()
    answer = exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    assert (answer.facts, answer.as_of) == ({"registration_number": "registration_number 1"}, AS_OF)
    assert registry.reads_seen == [True]
    [told] = registry.heard
    assert (told.facts, told.key, told.asker) == (FACTS, f"{CASE}:registration:1", "system:registrar")
    write = Write.objects.get(reference=answer.read_reference)
    assert [outcome.outcome for outcome in write.outcomes.all()] == ["recorded"]


@pytest.mark.parametrize(
    "statement",
    [
        {"case_reference": "A-2026-BBBBBBBB"},
        {"name": "another"},
        {"subject": TAREQ},
        {"registry": "transport/licensing"},
        {"service": "other"},
        {"facts": {**FACTS, "mobile": "+970590000001"}},
        {"facts": {}},
    ],
)
def test_nothing_is_told_beyond_the_grant(registry, statement):
    a_write_grant()
    with pytest.raises(exchange.WriteNotCovered):
        exchange.tell(a_statement(**statement), by=REGISTRAR, at=AT)
    assert (registry.heard, Write.objects.count()) == ([], 0)


@pytest.mark.parametrize("moment", [AT - timedelta(seconds=1), AT + timedelta(hours=1)])
def test_nothing_is_told_before_or_after_the_grant(registry, moment):
    a_write_grant()
    with pytest.raises(exchange.WriteNotCovered):
        exchange.tell(a_statement(), by=REGISTRAR, at=moment)
    assert registry.heard == []


def test_a_right_to_ask_is_no_right_to_tell(registry):
    exchange.open_grant(
        CASE, subject=SALMA, applicant=SALMA, registry="interior/civil", service="registrations", attributes=tuple(FACTS),
        purpose=Text("سؤال", "Asking"), until=AT + timedelta(hours=1), by=REGISTRAR, at=AT,
    )  # fmt: skip
    with pytest.raises(exchange.WriteNotCovered):
        exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    assert registry.heard == []


@pytest.mark.parametrize("over", [exchange.close_write_grants, exchange.close_grants])
def test_a_closed_case_tells_nothing_more(registry, over):
    a_write_grant()
    over(CASE, at=AT)
    with pytest.raises(exchange.WriteNotCovered):
        exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    assert registry.heard == []


@pytest.mark.parametrize(
    "write",
    [
        {"subject": TAREQ.digits},
        {"facts": {"mobile": "+970590000001"}},
        {"facts": {}},
        {"told_at": AT + timedelta(hours=2)},
        {"name": "another"},
    ],
)
def test_the_database_refuses_a_write_without_a_grant(write):
    a_write_grant()
    row = {
        "reference": "Z-2026-AAAAAAAA", "key": "k", "grant": WriteGrant.objects.get(), "case_reference": CASE, "name": "registration",
        "subject": SALMA.digits, "registry": "interior/civil", "service": "registrations", "facts": FACTS, "told_by_kind": "system",
        "told_by": "x", "told_at": AT,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="no live grant covers this write"), transaction.atomic():
        Write.objects.create(**(row | write))
    Write.objects.create(**row)


@pytest.mark.parametrize(("mood", "outcome"), [("lost", "unreachable"), ("wrong", "wrong")])
def test_what_is_not_known_to_be_entered_is_told_again_by_the_same_key(registry, mood, outcome):
    a_write_grant()
    registry.mood = mood
    with pytest.raises(exchange.RegistryUnreachableError):
        exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    registry.mood = ""
    exchange.tell(a_statement(), by=REGISTRAR, at=AT + timedelta(minutes=1))
    assert {told.key for told in registry.heard} == {f"{CASE}:registration:1"}
    assert len(registry.entered) == 1
    assert list(WriteOutcome.objects.order_by("id").values_list("outcome", flat=True)) == [outcome, "recorded"]
    assert Write.objects.count() == 1


def test_other_facts_are_not_told_while_it_is_not_known_what_became_of_the_first(registry):
    a_write_grant()
    registry.mood = "lost"
    with pytest.raises(exchange.RegistryUnreachableError):
        exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    with pytest.raises(exchange.WriteDiffersError):
        exchange.tell(a_statement(facts={**FACTS, "sex": "male"}), by=REGISTRAR, at=AT)
    assert len(registry.heard) == 1


@pytest.mark.parametrize(("mood", "reason"), [("refused", "civil.already_registered"), ("unknown", "unknown_person")])
def test_a_refusal_is_kept_with_its_reason_and_the_next_try_is_another_write(registry, mood, reason):
    a_write_grant()
    registry.mood = mood
    with pytest.raises(exchange.WriteRefused) as refusal:
        exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    assert (refusal.value.name, refusal.value.reason) == ("registration", reason)
    assert WriteOutcome.objects.get().reason == reason
    registry.mood = ""
    exchange.tell(a_statement(facts={**FACTS, "sex": "male"}), by=REGISTRAR, at=AT)
    assert [told.key for told in registry.heard] == [f"{CASE}:registration:1", f"{CASE}:registration:2"]


def test_what_was_told_is_never_changed():
    a_write_grant()
    exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    for change in (
        lambda: Write.objects.update(facts={}),
        lambda: WriteOutcome.objects.all().delete(),
        lambda: WriteGrant.objects.update(facts=["mobile"]),
    ):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            change()


def test_the_person_sees_what_was_written_and_what_came_of_it(registry):
    a_write_grant()
    registry.mood = "lost"
    with pytest.raises(exchange.RegistryUnreachableError):
        exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    [seen] = exchange.list_writes_about(SALMA)
    assert (seen.facts, seen.outcome, seen.who, seen.case_reference) == (FACTS, "unreachable", "system", CASE)
    registry.mood = ""
    exchange.tell(a_statement(), by=REGISTRAR, at=AT)
    assert [write.outcome for write in exchange.list_writes_for(CASE)] == ["recorded"]
    assert exchange.list_writes_about(TAREQ) == exchange.list_writes_about(SALMA, before=AT) == []


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_tell_one_write(registry):
    a_write_grant()
    both = threading.Barrier(2)

    def a_job():
        try:
            both.wait()
            exchange.tell(a_statement(), by=REGISTRAR, at=AT)
        finally:
            connection.close()

    jobs = [threading.Thread(target=a_job) for _ in range(2)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert (Write.objects.count(), len(registry.entered)) == (1, 1)
