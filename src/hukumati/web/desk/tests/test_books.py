"""The auditor's pages: a figure leads to its lines, the case and the provider's bytes; every look is on record; nothing runs in a spreadsheet."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from django.utils.translation import override

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.facts import NoticeOutcome
from hukumati.domain.payments.models import Notice
from hukumati.domain.payments.tests.builders import a_charge, pay_cash
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money
from hukumati.web.desk.payment_words import WORDS, word

pytestmark = pytest.mark.django_db
BOOKS = "/en/desk/books/"


@pytest.fixture
def auditor():
    return sign_in(Client(), a_staff(role=Role.AUDITOR, institution="finance", office=""))


def text(client, path, **data):
    answer = client.get(f"{BOOKS}{path}", data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_figure_leads_to_its_lines_the_charge_and_back(auditor):
    receipt = pay_cash(a_charge())
    assert "revenue:interior:copy" in text(auditor, "")
    lines = text(auditor, "accounts/revenue:interior:copy/")
    (posting,) = ledger.list_postings(receipt.charge_reference)
    assert posting.reference in lines
    whole = text(auditor, f"postings/{posting.reference}/")
    assert receipt.charge_reference in whole
    assert "A fee was paid" in whole
    charge = text(auditor, f"charges/{receipt.charge_reference}/")
    for words in (receipt.number, "demo-tariff · art-copy", "payments.charge_confirmed", posting.reference):
        assert words in charge, words


def test_a_reference_from_a_paper_finds_its_charge(auditor):
    receipt = pay_cash(a_charge(about="A-2026-TESTCASE"))
    (attempt,) = payments.list_attempts(receipt.charge_reference)
    for reference in (
        receipt.reference,
        receipt.charge_reference,
        attempt.reference,
        receipt.about,
        receipt.reference.lower(),
    ):
        assert f"Charge {receipt.charge_reference}" in text(auditor, "search/", reference=reference)
    for nobody in ("R-2026-ABCDEFGH", "x", "", "L-2026-", "'; drop", "A-2026-ABCDEFGH"):
        assert "Nothing has this reference" in text(auditor, "search/", reference=nobody)


def test_the_providers_bytes_are_shown_as_text(auditor):
    charge = a_charge()
    attempt = payments.start_attempt(
        charge.reference, payments.Wish(payments.Way.CASH, return_url="", language="ar"), by=system("t"), at=now()
    )
    said = b'{"a": "<script>alert(1)</script>"}\xff\x00'
    Notice.objects.create(provider="card", notice_id="n-1", kind="payment.paid", about=attempt.attempt_reference, body=said, headers={}, verified=True, received_at=now(), outcome="applied")  # fmt: skip
    page = text(auditor, f"charges/{charge.reference}/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\\xff" in page
    assert "<script>alert" not in page


@pytest.mark.django_db(transaction=True)
def test_every_look_is_on_record(auditor):
    receipt = pay_cash(a_charge())
    text(auditor, f"charges/{receipt.charge_reference}/")
    assert "ledger.looked_at" in {entry.code for entry in audit.list_entries(receipt.charge_reference)}


def test_lines_are_taken_along_and_nothing_in_them_runs(auditor):
    line = lambda account, minor: ledger.Line(account, Money(minor), "=cmd()", "demo-tariff", "1")  # noqa: E731
    ledger.post("+about", [line("provider:card", 500), line("suspense", -500)], kind="test", at=now())
    answer = auditor.get(f"{BOOKS}accounts/suspense/lines.csv")
    head, row = b"".join(answer.streaming_content).decode().split("\r\n")[:2]
    assert head.startswith("posted_at,posting,kind,about,case")
    assert ",'+about,'=cmd(),demo-tariff,1,-500,ILS" in row


def test_a_long_account_is_read_page_by_page(auditor):
    for n in range(60):
        pair = [
            ledger.Line(name, Money(minor), f"A-{n}", "i", "a")
            for name, minor in (("suspense", 1), ("provider:card", -1))
        ]
        ledger.post(f"X-{n}", pair, kind="test", at=now() - timedelta(minutes=n))
    first = text(auditor, "accounts/suspense/")
    assert first.count("/desk/books/postings/") == 50
    before = ledger.list_account_lines("suspense", limit=50)[49].place
    assert text(auditor, "accounts/suspense/", before=str(before)).count("/desk/books/postings/") == 10
    for odd in ("x", "-1", "9" * 40, "٣"):
        assert text(auditor, "accounts/suspense/", before=odd).count("/desk/books/postings/") == 50
    assert "Nothing moved here" in text(auditor, "accounts/no%20such%20account/")


def test_a_certified_day_is_shown_and_taken_along(auditor):
    pair = [
        ledger.Line(name, Money(minor), "A-1", "demo-tariff", "5/1")
        for name, minor in (("provider:card", 1500), ("revenue:interior:copy", -1500))
    ]
    ledger.post("C-1", pair, kind="charge_confirmed", at=now() - timedelta(days=2))
    day = ledger.close_days(by=system("test"), at=now())[0]
    page = text(auditor, f"days/{day}/")
    assert "demo-tariff · 5/1" in page
    assert "15.00" in page
    signed = json.loads(auditor.get(f"{BOOKS}days/{day}/certificate.json").content)
    assert set(signed) == {"payload", "protected", "signature"}
    assert b"BEGIN CERTIFICATE" in auditor.get(f"{BOOKS}days/{day}/signer.pem").content
    exported = b"".join(auditor.get(f"{BOOKS}days/{day}/postings.jsonl").streaming_content)
    assert json.loads(exported)["about"] == "C-1"
    assert auditor.get(f"{BOOKS}days/2020-01-01/").status_code == 404
    assert auditor.get(f"{BOOKS}days/2026-13-45/").status_code == 404


@pytest.mark.parametrize("role", [Role.CASHIER, Role.CLERK, Role.OPERATOR, Role.SERVICE_OWNER])
def test_nobody_else_sees_the_books(role):
    client = sign_in(Client(), a_staff(role=role, institution="finance", office=""))
    assert client.get(BOOKS).status_code == 403


def test_every_way_state_and_cause_of_payments_has_words():
    kinds = (
        payments.Way,
        payments.ChargeState,
        payments.AttemptState,
        payments.RefundState,
        payments.RefundCause,
        NoticeOutcome,
    )
    assert {member.value for kind in kinds for member in kind} <= WORDS.keys()
    with override("ar"):
        assert not [value for value in WORDS if word(value).isascii()]
