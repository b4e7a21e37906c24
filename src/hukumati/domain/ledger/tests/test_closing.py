"""A day ends once: what it held is certified, nobody adds to it, and an auditor finds every change without a database."""

from __future__ import annotations

import json
import ssl
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from hukumati.adapters.signer_file import FileSigner
from hukumati.config.command import hukumati
from hukumati.domain.ledger import api as ledger
from hukumati.domain.ledger import certificates
from hukumati.domain.ledger.models import ClosedDay, DayBalance, DayCertificate
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)
AFTER = datetime(2026, 11, 25, 22, 31, tzinfo=UTC)  # half an hour into the 26th in Hebron
CLOSER = system("test.close_days")
pytestmark = pytest.mark.django_db


def a_line(account, minor, currency="ILS", article="1/2"):
    return ledger.Line(account, Money(minor, currency), "A-1", "demo-tariff", article)


def pay(about, minor, *, at=NOON, into="provider:card", fee="revenue:interior:copy", currency="ILS"):
    lines = [a_line(into, minor, currency), a_line(fee, -minor, currency)]
    return ledger.post(about, lines, kind="charge_confirmed", at=at)


def three_days():
    pay("C-1", 1500)
    pay("C-2", 500, into="drawer:S-1")
    pay("C-3", 700, at=NOON + timedelta(days=1))
    owed = [a_line("revenue:interior:copy", 200), a_line("refunds_payable", -200)]
    ledger.post("F-1", owed, kind="refund_promised", at=NOON + timedelta(days=1))
    pay("C-4", 90, at=NOON + timedelta(days=3))
    return ledger.close_days(by=CLOSER, at=AFTER)


def body_of(day):
    return certificates.body_of(ledger.find_certificate(day))


def test_every_day_that_ended_is_closed_in_order_and_only_once():
    assert three_days() == [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]
    assert ledger.close_days(by=CLOSER, at=AFTER) == []
    assert [day for day, _digest in ledger.list_certified_days()][::-1] == [
        MONDAY + timedelta(days=n) for n in range(3)
    ]
    assert ledger.check() == []


def test_a_certificate_says_what_each_fee_received_through_which_channel_and_what_it_gave_back():
    three_days()
    monday, tuesday = body_of(MONDAY), body_of(MONDAY + timedelta(days=1))
    told = {(row["channel"], row["provider"]): row["received"] for row in monday["fees"]}
    assert told == {("portal", "card"): 1500, ("counter", "drawer"): 500}
    assert {row["institution"] for row in monday["fees"]} == {"interior"}
    assert sum(row["given_back"] for row in tuesday["fees"]) == 200
    assert monday["standing"] == {"ILS": {"provider": 1500, "drawer": 500, "revenue": -2000}}
    assert tuesday["standing"] == {"ILS": {"provider": 2200, "drawer": 500, "revenue": -2500, "refunds_payable": -200}}
    assert body_of(MONDAY + timedelta(days=2))["postings"]["count"] == 0


def test_balances_are_what_was_held_and_the_lines_since():
    three_days()
    assert ledger.balance("provider:card") == Money(2290)
    assert ledger.list_balances("provider:") == {"provider:card": Money(2290)}
    assert ledger.list_balances()["revenue:interior:copy"] == Money(-2590)
    card = (
        DayBalance.objects.filter(account="provider:card").order_by("day").values_list("opening_minor", "closing_minor")
    )
    assert list(card) == [(0, 1500), (1500, 2200)]


def test_nothing_is_posted_into_a_closed_day_or_before_it():
    three_days()
    for at in (NOON, NOON - timedelta(days=9), datetime(2026, 11, 25, 21, 59, tzinfo=UTC)):
        with pytest.raises(ledger.PostingRefusedError) as refusal, transaction.atomic():
            pay("C-late", 100, at=at)
        assert refusal.value.why == "posting_day_is_open"
    pay("C-today", 100, at=datetime(2026, 11, 25, 22, tzinfo=UTC))


def test_a_day_that_has_not_ended_cannot_be_closed_by_anybody():
    today = datetime.now(UTC).date()
    with pytest.raises(DatabaseError, match="has not ended"), transaction.atomic():
        ClosedDay.objects.create(day=today + timedelta(days=1), closed_at=NOON)


@pytest.mark.parametrize("table", ["ledger_closedday", "ledger_daybalance", "ledger_daycertificate"])
@pytest.mark.parametrize("change", ["UPDATE {} SET day = day", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_certified_cannot_be_changed(table, change):
    three_days()
    with pytest.raises(DatabaseError, match="append-only"):
        told("SET CONSTRAINTS ALL IMMEDIATE", change.format(table))


def test_a_line_bears_the_day_of_its_posting():
    of_monday = "INSERT INTO ledger_posting (reference, kind, about, currency, lines_count, posted_at) VALUES ('L', 'k', 'x', 'ILS', 2, '2026-11-23 10:00Z')"
    on_tuesday = """
        INSERT INTO ledger_postingline (posting_id, position, account, amount_minor, currency, case_reference, instrument, article, day)
        SELECT id, n, 'suspense', 3 - 2 * n, 'ILS', 'A', 'i', 'a', '2026-11-24' FROM ledger_posting, generate_series(1, 2) n
    """
    with pytest.raises(DatabaseError, match="line_has_the_day"):
        told(of_monday, on_tuesday)


def told(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# an auditor's folder
@pytest.fixture
def folder(tmp_path):
    three_days()
    call_command("books", "export", str(tmp_path), "--postings")
    return tmp_path


def judged(folder):
    outcome = CliRunner().invoke(hukumati, ["verify-books", str(folder), "--trust", str(folder / "signer.pem")])
    return outcome.exit_code, outcome.output


def test_an_auditor_needs_only_the_folder(folder):
    code, said = judged(folder)
    assert code == 0, said
    assert "3 days (2026-11-23 to 2026-11-25), 3 of them computed again from 4 postings" in said


def resigned(path, change):
    """What whoever holds a key of their own can make of a certificate."""
    signed = certificates.read(path.read_bytes())
    body = json.loads(signed.body)
    change(body)
    path.write_bytes(certificates.Signed(certificates.canonical(body), signed.protected, signed.signature).file())


def raise_a_fee(body):
    body["fees"][0]["received"] += 1


def hide_money(body):
    body["standing"]["ILS"]["provider"] -= 100


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda f: resigned(f / "certificate-2026-11-23.json", raise_a_fee), "the signature does not hold"),
        (lambda f: resigned(f / "certificate-2026-11-23.json", raise_a_fee), "what a fee received or gave back differs"),
        (lambda f: resigned(f / "certificate-2026-11-24.json", hide_money), "all accounts in ILS together hold -100"),
        (lambda f: resigned(f / "certificate-2026-11-23.json", raise_a_fee), "one of the two was replaced"),
        (lambda f: (f / "certificate-2026-11-24.json").unlink(), "2026-11-24 is missing before it"),
        (lambda f: (f / "certificate-2026-11-24.json").write_text("{}"), "this is not a certificate of the books"),
        (lambda f: (f / "certificate-2026-11-24.json").write_text("[" * 100_000), "this is not a certificate"),
        (lambda f: resigned(f / "certificate-2026-11-24.json", lambda b: b.pop("accounts")), "this is not a certificate"),
        (lambda f: resigned(f / "certificate-2026-11-24.json", lambda b: b.update(standing=[1])), "this is not a certificate"),
        (lambda f: resigned(f / "certificate-2026-11-24.json", lambda b: b.update(accounts=["x"])), "this is not a certificate"),
        (lambda f: _replace(f / "postings-2026-11-23.jsonl", b"1500", b"1400"), "the postings' number or digest differs"),
        (lambda f: _replace(f / "postings-2026-11-23.jsonl", b'"amount":1500', b'"amount":1400'), "does not balance"),
        (lambda f: (f / "postings-2026-11-23.jsonl").write_bytes(b"\x00\xff\n"), "line 1: this is not a posting"),
    ],
)  # fmt: skip
def test_every_change_is_found_and_said(folder, spoil, words):
    spoil(folder)
    code, said = judged(folder)
    assert code == 1
    assert words in said
    assert "The books do NOT hold." in said


def _replace(path, old, new):
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))


def test_another_key_is_not_trusted(folder, tmp_path_factory):
    other = FileSigner(directory=str(tmp_path_factory.mktemp("keys")), name="ledger")
    (folder / "signer.pem").write_text(ssl.DER_cert_to_PEM_cert(other.certificates()[0]))
    code, said = judged(folder)
    assert code == 1
    assert said.count("the signature does not hold") == 3


# the race: a posting in flight while its day is closed
def in_flight(started, go):
    """A transaction that has posted and has not ended."""
    try:
        with transaction.atomic():
            pay("C-flight", 300)
            started.set()
            go.wait(10)
    finally:
        connection.close()


def closing_beside_a_posting():
    """Close the day while a posting of it is in flight; what the certificate then says was received."""
    pay("C-1", 1500)
    started, go = threading.Event(), threading.Event()
    flight = threading.Thread(target=in_flight, args=(started, go))
    flight.start()
    started.wait(10)
    threading.Timer(0.3, go.set).start()
    ledger.close_days(by=CLOSER, at=AFTER)
    go.set()
    flight.join()
    return sum(row["received"] for row in body_of(MONDAY)["fees"])


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_posting_in_flight_is_missing_from_its_day():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_closedday DISABLE TRIGGER closed_day_waits_for_postings")
    try:
        assert closing_beside_a_posting() == 1500
        assert {fault.code for fault in ledger.check()} == {"ledger.day_differs_from_lines"}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_closedday ENABLE TRIGGER closed_day_waits_for_postings")


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_the_postings_in_flight():
    assert closing_beside_a_posting() == 1800
    assert ledger.check() == []
    assert DayCertificate.objects.count() == 3
