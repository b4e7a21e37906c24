"""The treasurer's pages: a bank's file is taken or refused in words, a difference is seen with its evidence and answered; an auditor only looks."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import NOON, a_charge, start
from hukumati.domain.payments.tests.conftest import provider  # noqa: F401
from hukumati.domain.payouts.api import BankMail
from hukumati.domain.payouts.tests.conftest import bank  # noqa: F401
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.tests.banks import entry, statement

pytestmark = pytest.mark.django_db
BODY = statement(entry("E-1", "31.00", remittance="for my <b>licence</b>", booked="2026-11-01"), day="2026-11-01")


def employee(role=Role.TREASURER):
    return sign_in(Client(), a_staff(role=role, institution="finance", office=""))


def bring(client, body=BODY, language="en"):
    file = SimpleUploadedFile("statement.xml", body, content_type="application/xml")
    return client.post(f"/{language}/desk/treasury/files/", {"file": file}, follow=True)


def test_a_file_is_taken_compared_and_shown():
    client = employee()
    page = bring(client).content.decode()
    assert "Taken: 1 new entry." in page
    assert "Booked by the bank, and fits nothing" in page
    assert "31.00" in page
    assert "This file was taken before" in bring(client).content.decode()
    assert len(treasury.list_differences()) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Opening balance and entries do not give the closing balance."), ("ar", "الرصيد الافتتاحي مع القيود لا يعطي الرصيد الختامي.")],
)  # fmt: skip
def test_a_refused_file_says_why_and_where(language, words):
    client = employee()
    path = {"en": "/en", "ar": ""}[language]
    file = SimpleUploadedFile("s.xml", BODY.replace(b">31.00<", b">32.00<", 1))
    answer = client.post(f"{path}/desk/treasury/files/", {"file": file})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "statement 1" in answer.content.decode()
    assert treasury.list_files() == []


def test_money_leaves_suspense_by_two_people_and_the_banks_text_stays_text():
    first, second = employee(), employee()
    bring(first)
    (found,) = treasury.list_differences()
    where = f"/en/desk/treasury/differences/{found.reference}/"
    page = first.get(where).content.decode()
    assert "for my &lt;b&gt;licence&lt;/b&gt;" in page
    assert "Answer for it" not in page
    typed = {"kind": "settlement", "target": "card:2026-10-31", "words": "the acquirer confirmed it"}
    for lacks, words in (("kind", "Choose what it is"), ("target", "There is no such day"), ("words", "Say in words")):
        answer = first.post(f"{where}clear/", {**typed, lacks: ""})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert "until another treasurer agrees" in first.post(f"{where}clear/", typed, follow=True).content.decode()
    assert (
        "Nobody decides what they proposed"
        in first.post(f"{where}decide/", {"decision": "approve"}, follow=True).content.decode()
    )
    assert "Agree: it moves" in second.get(where).content.decode()
    assert (
        "Moved out of suspense" in second.post(f"{where}decide/", {"decision": "approve"}, follow=True).content.decode()
    )
    assert treasury.suspense().amount_minor == 0
    assert "Answered lately" in first.get("/en/desk/treasury/differences/").content.decode()


def test_a_payment_that_was_not_asked_for_goes_back_by_two_people(provider):  # noqa: F811
    charge = a_charge()
    attempt = start(charge).attempt_reference
    provider.says(attempt, Told.PAID, amount_minor=2400)
    payments.look_up(attempt, at=NOON)
    treasury.match(at=NOON)
    (found,) = treasury.list_differences()
    where, (first, second) = f"/en/desk/treasury/differences/{found.reference}/", (employee(), employee())
    page = first.get(where).content.decode()
    assert f'value="{attempt}"' in page
    assert "It goes back to the payer, through the provider" in page
    assert "The cash of a drawer" not in page
    typed = {"kind": "given_back", "target": attempt, "words": "the provider confirms 24.00"}
    first.post(f"{where}clear/", typed)
    first.post(f"{where}decide/", {"decision": "approve"})
    assert payments.list_refunds(charge.reference) == []
    second.post(f"{where}decide/", {"decision": "approve"})
    assert [str(one.amount) for one in payments.list_refunds(charge.reference)] == ["24.00"]


def test_a_gap_between_statements_is_answered_in_words():
    client = employee()
    bring(client, statement(opening="1.00", day="2026-11-01"))
    bring(client, statement(opening="2.00", number="ST-2", day="2026-11-02"))
    (found,) = treasury.list_differences()
    where = f"/en/desk/treasury/differences/{found.reference}/"
    assert client.post(f"{where}answer/", {"reason": " "}).status_code == 422
    assert (
        "The bank renumbered"
        in client.post(f"{where}answer/", {"reason": "The bank renumbered"}, follow=True).content.decode()
    )
    assert "already" in client.post(f"{where}answer/", {"reason": "again"}, follow=True).content.decode()


def test_an_auditor_sees_everything_and_writes_nothing():
    bring(employee())
    auditor = employee(Role.AUDITOR)
    page = auditor.get("/en/desk/treasury/").content.decode()
    assert "Booked by the bank" in page
    assert "Take this file" not in page
    (found,) = treasury.list_differences()
    where = f"/en/desk/treasury/differences/{found.reference}/"
    assert "Propose it" not in auditor.get(where).content.decode()
    assert auditor.post(f"{where}clear/", {}).status_code == 403
    assert auditor.post(f"{where}answer/", {"reason": "x"}).status_code == 403
    assert auditor.post("/en/desk/treasury/files/", {}).status_code == 403


def test_a_file_that_the_bank_sent_and_nobody_can_believe_is_shown(bank):  # noqa: F811
    bank.mail = [BankMail(1, "broken.xml", b"<Document>"), BankMail(2, "status.xml", b"<a>pain.002.001.10</a>")]
    treasury.fetch_mail(at=timezone.now())
    page = employee().get("/en/desk/treasury/").content.decode()
    assert "Files set apart" in page
    assert "broken.xml" in page
    assert "It is no status report that we understand." in page
    assert "mail was read last" in page
