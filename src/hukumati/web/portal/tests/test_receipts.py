"""The receipt's file and what anybody who holds its code is told."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hukumati.domain.documents import api as documents
from hukumati.domain.documents.tests.conftest import places  # noqa: F401
from hukumati.domain.identity.tests.builders import a_citizen, sign_in
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.tests.builders import a_charge, pay_cash
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


@pytest.fixture
def payer(client):
    citizen = a_citizen(at=timezone.now())
    sign_in(client, citizen)
    return citizen


@pytest.fixture
def paid(payer):
    at = timezone.now()
    return pay_cash(a_charge(payer=payer.account_id, at=at), at=at)


def html(answer):
    return answer.content.decode()


def test_the_receipt_gives_its_file_and_explains_every_line(client, paid):
    page = html(client.get(f"/receipts/{paid.reference}/"))
    assert f'href="/receipts/{paid.reference}/file/"' in page
    assert "لماذا هذا المبلغ؟" in page
    english = html(client.get(f"/en/receipts/{paid.reference}/"))
    assert "The price is set by Demonstration fee tariff, article art-copy." in english
    assert "Nothing is added" in english


def test_the_file_is_a_pdf_for_whoever_paid_and_for_nobody_else(client, paid):
    answer = client.get(f"/receipts/{paid.reference}/file/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert paid.reference not in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store, private"
    sign_in(client, a_citizen(at=timezone.now()))
    assert client.get(f"/receipts/{paid.reference}/file/").status_code == 404


def test_it_stands_under_what_was_paid_and_not_among_the_documents(client, payer, paid):
    client.get(f"/receipts/{paid.reference}/file/")
    assert documents.find_about(paid.reference, holder=payer.account_id)
    assert "إيصال دفع" not in html(client.get("/documents/"))


def test_anybody_with_the_code_sees_the_amount_and_what_has_gone_back(client, payer, paid):
    client.get(f"/receipts/{paid.reference}/file/")
    code = documents.find_about(paid.reference, holder=payer.account_id).verification_code
    client.logout()
    page = html(client.get(f"/en/verify/{code}/"))
    for word in ("Authentic and valid", "25.00", paid.number, "Copy of a birth certificate"):
        assert word in page
    assert "gone back" not in page
    assert payer.name.in_("en") not in page
    payments.refund(paid.charge_reference, amount=Money(1000), reason="r", by=system("tests"), at=timezone.now())
    page = html(client.get(f"/en/verify/{code}/"))
    assert "Money has gone back since" in page
    assert "15.00" in page


def test_while_documents_cannot_be_made_the_page_says_so_and_holds(client, paid, monkeypatch):
    monkeypatch.setattr("hukumati.domain.documents.actions.SEALER_BEHIND_SECONDS_MAX", -1)
    answer = client.get(f"/receipts/{paid.reference}/file/", follow=True)
    assert "لا يمكن إصدار الملف الآن" in html(answer)
    assert "دُفع الرسم" in html(answer)


def test_the_payer_learns_that_it_was_checked_and_finds_no_second_page_of_it(client, payer, paid):
    client.get(f"/receipts/{paid.reference}/file/")
    document = documents.find_about(paid.reference, holder=payer.account_id)
    client.get(f"/verify/{document.verification_code}/")
    assert "It was checked 1 time." in html(client.get(f"/en/receipts/{paid.reference}/"))
    assert client.get(f"/documents/{document.reference}/").url == f"/receipts/{paid.reference}/"
