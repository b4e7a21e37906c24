"""Reads are bound to a purpose: by the code, and by the database when the code is walked past."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from hukumati.domain.exchange import actions, jobs, watch
from hukumati.domain.exchange import api as exchange
from hukumati.domain.exchange.models import Read, ReadGrant, ReadOutcome
from hukumati.domain.exchange.tests.fakes import AS_OF, FakeRegistry
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.text import Text

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SALMA, TAREQ = NationalId("900000019"), NationalId("900000027")
A_CITIZEN = Actor(ActorKind.CITIZEN, "N-2026-AAAAAAAA")
CASE = "A-2026-AAAAAAAA"
LICENSING = "transport/licensing"
LICENCES = (LICENSING, "driving-licences")
PURPOSE = Text("إظهار رخصتك", "To show your licence")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    fake = FakeRegistry()
    monkeypatch.setattr(actions, "adapter", lambda _port: fake)
    monkeypatch.setattr(watch, "adapter", lambda _port: fake)
    watch.forget()
    yield fake
    watch.forget()


def a_grant(**changes):
    given = {
        "subject": SALMA, "applicant": SALMA, "registry": LICENSING, "service": "driving-licences",
        "attributes": ("state", "points"), "purpose": PURPOSE, "until": AT + timedelta(hours=1), "by": A_CITIZEN, "at": AT,
    }  # fmt: skip
    exchange.open_grant(CASE, **(given | changes))


def a_question(**changes):
    given = {
        "case_reference": CASE,
        "subject": SALMA,
        "registry": LICENSING,
        "service": "driving-licences",
        "attributes": ("state",),
    }
    return exchange.Question(**(given | changes))


def test_a_covered_read_is_answered_and_recorded_before_it_is_spoken(registry):
    a_grant()
    answer = exchange.ask(a_question(), by=A_CITIZEN, at=AT)
    assert (answer.facts, answer.as_of, answer.asked_at) == ({"state": "valid"}, AS_OF, AT)
    assert answer.source.en.startswith("Driving licence register")
    assert registry.reads_seen == [True]
    asked = registry.heard[0]
    assert (asked.case_reference, asked.reference, asked.asker) == (
        CASE,
        answer.read_reference,
        "citizen:N-2026-AAAAAAAA",
    )
    outcome = ReadOutcome.objects.get(read__reference=answer.read_reference)
    assert (outcome.outcome, outcome.as_of, outcome.request_id) == ("answered", AS_OF, "request-1")


@pytest.mark.parametrize(
    "question",
    [
        {"case_reference": "A-2026-BBBBBBBB"},
        {"subject": TAREQ},
        {"registry": "interior/civil"},
        {"service": "other"},
        {"attributes": ("state", "number")},
        {"attributes": ()},
        {"parameters": {"seat": "30412"}},
    ],
)
def test_a_read_that_no_grant_covers_is_refused_and_nothing_is_said(registry, question):
    a_grant()
    with pytest.raises(exchange.ReadNotCovered):
        exchange.ask(a_question(**question), by=A_CITIZEN, at=AT)
    assert registry.heard == []
    assert Read.objects.count() == 0


@pytest.mark.parametrize("moment", [AT - timedelta(seconds=1), AT + timedelta(hours=1), AT + timedelta(days=9)])
def test_a_grant_covers_only_its_time(registry, moment):
    a_grant()
    with pytest.raises(exchange.ReadNotCovered):
        exchange.ask(a_question(), by=A_CITIZEN, at=moment)
    assert registry.heard == []


def test_a_closed_case_reads_nothing_more(registry):
    a_grant()
    exchange.close_grants(CASE, at=AT)
    with pytest.raises(exchange.ReadNotCovered):
        exchange.ask(a_question(), by=A_CITIZEN, at=AT)


RAW = """
INSERT INTO exchange_read
(reference, grant_id, case_reference, subject, registry, service, attributes, parameters, asked_by_kind, asked_by, asked_at)
VALUES (
    'X-1', %(grant)s, %(case)s, %(subject)s, %(registry)s, %(service)s, %(attributes)s, %(parameters)s, 'system', 'someone', %(at)s
)
"""


@pytest.mark.parametrize(
    "changed",
    [
        {"case": "A-2026-BBBBBBBB"},
        {"subject": "900000027"},
        {"registry": "interior/civil"},
        {"service": "other"},
        {"attributes": ["state", "number"]},
        {"attributes": []},
        {"parameters": ["seat"]},
        {"at": AT + timedelta(days=1)},
        {"at": AT - timedelta(days=1)},
        {"grant": 0},
    ],
)
def test_the_database_refuses_an_uncovered_read_by_raw_sql(changed):
    a_grant()
    grant = ReadGrant.objects.get()
    row = {
        "grant": grant.pk,
        "case": CASE,
        "subject": SALMA.digits,
        "registry": LICENSING,
        "service": "driving-licences",
        "attributes": ["state"],
        "parameters": [],
        "at": AT,
    }
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="no live grant covers this read"), transaction.atomic():
            cursor.execute(RAW, row | changed)
        cursor.execute(RAW, row)
    assert Read.objects.count() == 1


def test_the_database_refuses_a_read_under_a_closed_grant():
    a_grant()
    grant = ReadGrant.objects.get()
    exchange.close_grants(CASE, at=AT)
    row = {
        "grant": grant.pk,
        "case": CASE,
        "subject": SALMA.digits,
        "registry": LICENSING,
        "service": "driving-licences",
        "attributes": ["state"],
        "at": AT,
    }
    row["parameters"] = []
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="no live grant"):
        cursor.execute(RAW, row)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exchange_read SET subject = '900000027'",
        "DELETE FROM exchange_read",
        "UPDATE exchange_readoutcome SET outcome = 'unknown'",
        "DELETE FROM exchange_readoutcome",
        "DELETE FROM exchange_readgrant",
        "UPDATE exchange_readgrant SET attributes = '{state,number}'",
        "UPDATE exchange_readgrant SET until = until + interval '9 days'",
    ],
)
def test_grants_and_reads_cannot_be_rewritten(statement):
    a_grant()
    exchange.ask(a_question(), by=A_CITIZEN, at=AT)
    with connection.cursor() as cursor, pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        cursor.execute(statement)


def test_a_closed_grant_is_not_opened_again():
    a_grant()
    exchange.close_grants(CASE, at=AT)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="closed once"):
        cursor.execute("UPDATE exchange_readgrant SET closed_at = NULL")


def test_what_the_registry_is_told_is_granted_by_name_and_its_value_is_never_kept(registry):
    a_grant(parameters=("year", "seat"))
    exchange.ask(a_question(parameters={"year": "2026", "seat": "30412"}), by=A_CITIZEN, at=AT)
    assert registry.heard[0].parameters == {"year": "2026", "seat": "30412"}
    assert (ReadGrant.objects.get().parameters, Read.objects.get().parameters) == (["seat", "year"], ["seat", "year"])
    exchange.ask(a_question(), by=A_CITIZEN, at=AT)  # saying less than one may is no fault


def test_two_reads_of_one_service_for_two_purposes_stand_beside_each_other(registry):
    a_grant()
    a_grant(attributes=("points",), purpose=Text("غاية أخرى", "Another purpose"))
    for attribute in ("state", "points"):
        exchange.ask(a_question(attributes=(attribute,)), by=A_CITIZEN, at=AT)
    exchange.close_grant(CASE, subject=SALMA, registry=LICENSING, service="driving-licences", at=AT)
    assert not ReadGrant.objects.live().exists()


def test_asking_for_the_same_grant_again_changes_nothing_and_for_more_replaces_it(registry):
    a_grant()
    a_grant()
    assert ReadGrant.objects.count() == 1
    a_grant(attributes=("state", "points", "number"))
    registry.facts["number"] = "2000001"
    assert exchange.ask(a_question(attributes=("number",)), by=A_CITIZEN, at=AT).facts == {"number": "2000001"}
    assert ReadGrant.objects.live().count() == 1


@pytest.mark.parametrize(
    ("mood", "raised", "outcome"),
    [
        ("unknown", exchange.SubjectUnknown, "unknown"),
        ("unreachable", exchange.RegistryUnreachableError, "unreachable"),
        ("wrong", exchange.RegistryUnreachableError, "wrong"),
    ],
)
def test_what_came_of_a_read_is_recorded_whatever_it_is(registry, mood, raised, outcome):
    a_grant()
    registry.mood = mood
    with pytest.raises(raised):
        exchange.ask(a_question(), by=A_CITIZEN, at=AT)
    (read,) = exchange.list_reads_about(SALMA)
    assert (read.outcome, read.case_reference, read.purpose, read.attributes, read.who) == (
        outcome,
        CASE,
        PURPOSE,
        ("state",),
        "citizen",
    )


def test_asking_inside_a_transaction_is_a_programmers_fault(registry):
    a_grant()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        exchange.ask(a_question(), by=A_CITIZEN, at=AT)
    assert registry.heard == []


def test_a_person_sees_reads_about_herself_only_newest_first():
    a_grant()
    for minute in range(3):
        exchange.ask(a_question(), by=A_CITIZEN, at=AT + timedelta(minutes=minute))
    assert [read.at.minute for read in exchange.list_reads_about(SALMA)] == [2, 1, 0]
    assert [read.at.minute for read in exchange.list_reads_about(SALMA, limit=1, before=AT + timedelta(minutes=2))] == [
        1
    ]
    assert exchange.list_reads_about(TAREQ) == []
    assert len(exchange.list_reads_for(CASE)) == 3


def test_no_value_that_was_read_is_stored():
    a_grant()
    exchange.ask(a_question(attributes=("state", "points")), by=A_CITIZEN, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(r)::text || to_jsonb(o)::text FROM exchange_read r JOIN exchange_readoutcome o ON o.read_id = r.id"
        )
        (stored,) = cursor.fetchone()
        cursor.execute("SELECT string_agg(facts::text, '') FROM audit_entry")
        (audited,) = cursor.fetchone()
    assert "valid" not in stored + audited
    assert SALMA.digits not in audited


def test_identity_is_checked_under_a_grant_of_its_own_that_closes(registry):
    match = exchange.check_identity(
        "E-2026-AAAAAAAA",
        national_id=SALMA,
        birth_date=date(1989, 4, 18),
        card_issued_on=date(2019, 6, 2),
        by=system("enrolment"),
        at=AT,
    )
    assert (match.first_ar, match.family_latin, match.mobile) == ("سلمى", "Al-Attar", "+970590000001")
    assert ReadGrant.objects.live().count() == 0
    assert [read.who for read in exchange.list_reads_about(SALMA)] == ["system"]


def test_identity_that_does_not_match_tells_nothing(registry):
    registry.mood = "unknown"
    assert (
        exchange.check_identity(
            "E-2026-AAAAAAAA",
            national_id=SALMA,
            birth_date=date(1989, 4, 18),
            card_issued_on=date(2019, 6, 2),
            by=system("enrolment"),
            at=AT,
        )
        is None
    )


def test_identity_can_be_tried_again_after_an_outage(registry):
    registry.mood = "unreachable"
    check = {
        "national_id": SALMA,
        "birth_date": date(1989, 4, 18),
        "card_issued_on": date(2019, 6, 2),
        "by": system("enrolment"),
        "at": AT,
    }
    with pytest.raises(exchange.RegistryUnreachableError):
        exchange.check_identity("E-2026-AAAAAAAA", **check)
    registry.mood = ""
    assert exchange.check_identity("E-2026-AAAAAAAA", **check) is not None


def test_a_public_employee_is_known_by_the_personnel_council(registry):
    assert exchange.read_public_employee("N-2026-AAAAAAAA", national_id=SALMA, by=A_CITIZEN, at=AT) is True
    registry.mood = "unknown"
    assert exchange.read_public_employee("N-2026-AAAAAAAA", national_id=SALMA, by=A_CITIZEN, at=AT) is False
    assert ReadGrant.objects.live().count() == 0


def every_ask():
    return [(one.registry, service) for one in exchange.list_registries() for service in one.services]


def test_the_state_of_a_registry_is_asked_once_and_kept(registry):
    first = exchange.preflight([LICENCES], at=AT)[LICENCES]
    assert (first.up, registry.checks) == (True, 1)
    registry.up = False
    assert exchange.preflight([LICENCES], at=AT + timedelta(seconds=3))[LICENCES].up
    watch.forget()  # another process
    assert exchange.preflight([LICENCES], at=AT + timedelta(seconds=20))[LICENCES].up
    watch.forget()
    assert not exchange.preflight([LICENCES], at=AT + timedelta(seconds=40))[LICENCES].up
    assert registry.checks == 2


def test_an_older_check_does_not_overwrite_a_newer_one(registry):
    watch.check_now(*LICENCES, at=AT)
    registry.up = False
    watch.check_now(*LICENCES, at=AT - timedelta(seconds=5))
    watch.forget()
    assert exchange.preflight([LICENCES], at=AT + timedelta(seconds=1))[LICENCES].up


def test_the_clock_looks_after_every_registry(registry):
    jobs.check_registries(timestamp=int(AT.timestamp()))
    assert registry.checks == len(every_ask())
    watch.forget()
    assert exchange.preflight([LICENCES], at=AT + timedelta(seconds=5))[LICENCES].checked_at == AT
    assert registry.checks == len(every_ask())


def test_registries_are_tried_side_by_side_so_that_a_hanging_one_delays_no_other(registry, monkeypatch):
    together = threading.Barrier(len(every_ask()), timeout=60)

    def check(_registry, *, service):
        together.wait()  # passes when all of them are being tried at once
        return True

    monkeypatch.setattr(registry, "check", check)
    jobs.check_registries(timestamp=int(AT.timestamp()))
    assert all(state.up for state in exchange.preflight(every_ask(), at=AT).values())


def test_one_silent_service_of_a_registry_is_told_apart_from_its_neighbours(registry, monkeypatch):
    monkeypatch.setattr(registry, "check", lambda _registry, *, service: service != LICENCES[1])
    jobs.check_registries(timestamp=int(AT.timestamp()))
    watch.forget()
    seen = exchange.last_seen(at=AT + timedelta(seconds=3))
    assert {ask for ask, state in seen.items() if not state.up} == {LICENCES}
    assert [one.registry for one in exchange.silent(seen)] == [LICENSING]


def test_what_nobody_has_tried_of_late_is_not_known_and_no_list_asks(registry):
    jobs.check_registries(timestamp=int(AT.timestamp()))
    watch.forget()
    assert exchange.last_seen(at=AT + timedelta(seconds=40)) == {}
    assert registry.checks == len(every_ask())


@pytest.mark.django_db(transaction=True)
def test_a_grant_is_not_closed_under_a_read_that_is_being_written():
    """Without the row lock in the trigger, the closing would pass the read by, and a read would be committed after its grant's end."""
    a_grant()
    grant = ReadGrant.objects.get()
    row = {
        "grant": grant.pk,
        "case": CASE,
        "subject": SALMA.digits,
        "registry": LICENSING,
        "service": "driving-licences",
        "attributes": ["state"],
        "parameters": [],
        "at": AT,
    }
    order = []

    def close():
        exchange.close_grants(CASE, at=AT)
        order.append("closed")
        connection.close()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(RAW, row)
        closing = threading.Thread(target=close)
        closing.start()
        closing.join(0.5)
        assert closing.is_alive()
        order.append("read written")
    closing.join(5)
    assert order == ["read written", "closed"]
    with pytest.raises(exchange.ReadNotCovered):
        exchange.ask(a_question(), by=A_CITIZEN, at=AT)
