"""The receipt as a file: what stands on it, whose it is, and what a check says of it on another day."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from hukumati.domain.documents import api as documents
from hukumati.domain.documents.tests.conftest import places  # noqa: F401
from hukumati.domain.identity.tests.builders import a_citizen, actor_of
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import NOON, a_charge, a_line, later, pay_cash, start
from hukumati.domain.payments.tests.conftest import provider  # noqa: F401
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text
from hukumati.processes.applications import jobs
from hukumati.processes.receipts import api as receipts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
CLERK = system("tests")


@pytest.fixture
def payer():
    return a_citizen(at=NOON)


@pytest.fixture
def paid(payer):
    """25.00 in cash at a counter, and their receipt."""
    return pay_cash(a_charge(payer=payer.account_id))


def download(receipt, payer, *, at=NOON):
    return receipts.download(receipt.reference, payer=payer, by=actor_of(payer), at=at)


def facts_in(file):
    (attached,) = PdfReader(BytesIO(file.content)).attachments.values()
    return json.loads(attached[0])["data"]


def printed_on(file):
    return " ".join(PdfReader(BytesIO(file.content)).pages[0].extract_text().split())


def checked(receipt, payer, *, at=NOON):
    code = documents.find_about(receipt.reference, holder=payer.account_id).verification_code
    return documents.verify(code, address="192.0.2.7", at=at)


def give_back(receipt, minor, *, at):
    return payments.refund(receipt.charge_reference, amount=Money(minor), reason="r", by=CLERK, at=at)


def test_payer_beneficiary_every_line_and_its_law_stand_on_it(payer, paid):
    file = download(paid, payer)
    facts = facts_in(file)
    assert facts["payer"] == {"ar": payer.name.in_("ar"), "en": payer.name.in_("en")}
    assert facts["beneficiary"] == {"ar": "ليلى خالد محمود النجار", "en": "Laila Khaled Mahmoud Al-Najjar"}
    assert [(line["quantity"], line["unit"], line["amount"]) for line in facts["lines"]] == [
        (2, "10.00", "20.00"),
        (1, "5.00", "5.00"),
    ]
    assert [line["basis"]["en"] for line in facts["lines"]] == [
        "Demonstration fee tariff, article art-copy",
        "Demonstration fee tariff, article art-stamp",
    ]
    assert (facts["total"], facts["given_back"]) == ("25.00", None)
    text = printed_on(file)
    for word in (paid.number, paid.reference, paid.about, "25.00", "2 × 10.00", "Demonstration fee tariff", "Cash"):
        assert word in text
    assert payer.national_id.digits not in text


def test_it_is_one_file_however_often_it_is_asked_for_and_is_sealed(payer, paid):
    first = download(paid, payer)
    assert download(paid, payer, at=later(days=3)).content == first.content
    verified = documents.verify_file(first.content, address="192.0.2.7", at=NOON)
    assert (verified.kind, verified.about, verified.state) == (receipts.KIND, paid.reference, "valid")
    codes = [entry.code for entry in audit.list_entries(verified.reference)]
    assert codes.count("documents.downloaded") == 2


def test_anothers_receipt_is_not_found(payer, paid):
    with pytest.raises(payments.ReceiptNotFound):
        download(paid, a_citizen(at=NOON))
    assert documents.find_about(paid.reference, holder=payer.account_id) is None


def test_a_check_tells_what_has_gone_back_since(payer, paid):
    download(paid, payer)
    before = receipts.get_standing(checked(paid, payer).about)
    assert (before.paid, before.given_back, before.left) == (Money(2500), Money(0), Money(2500))
    give_back(paid, 1000, at=later(days=1))
    since = receipts.get_standing(checked(paid, payer, at=later(days=2)).about)
    assert (since.given_back, since.left) == (Money(1000), Money(1500))


def test_what_went_back_before_the_file_was_made_stands_on_it(payer, paid):
    give_back(paid, 2500, at=later(hours=1))
    file = download(paid, payer, at=later(hours=2))
    assert facts_in(file)["given_back"] == "25.00"
    assert "given back" in printed_on(file)


def test_a_payment_made_besides_takes_nothing_from_the_receipt(payer, provider):  # noqa: F811
    """Paid by card and in cash: what goes back is the second payment, not the one that the receipt is for."""
    charge = a_charge(payer=payer.account_id)
    handoff = start(charge)
    receipt = pay_cash(charge)
    provider.says(handoff.attempt_reference, Told.PAID)
    payments.look_up(handoff.attempt_reference, at=later(minutes=1))
    assert len(payments.list_refunds(charge.reference)) == 1
    assert receipts.get_standing(receipt.reference).given_back == Money(0)


@pytest.mark.parametrize("currency", ["ILS", "JOD", "USD"])
def test_fifty_lines_and_long_names_in_every_currency_are_printed(payer, currency):
    long = Text("رسم خدمة طويل الاسم جداً " * 6, "A fee of a service with a very long name " * 5)
    lines = tuple(a_line(f"l{number}", 1_234_567, 3, currency, long) for number in range(50))
    receipt = pay_by_transfer(a_charge(payer=payer.account_id, lines=lines))
    file = download(receipt, payer)
    assert facts_in(file)["total"] == str(receipt.total)
    assert len(PdfReader(BytesIO(file.content)).pages) > 1


def pay_by_transfer(charge):
    code = start(charge, payments.Way.TRANSFER).pay_code
    payments.take_transfer(code, entry="E-1", into="bank:collection", by=CLERK, at=NOON)
    return payments.get_receipt(payments.get_charge(charge.reference).receipt_reference)


def test_what_happens_to_a_receipts_file_is_no_news_for_a_case(payer, paid):
    """The events of documents go to cases: a receipt is none, and must not keep the queue trying."""
    download(paid, payer)
    document = documents.find_about(paid.reference, holder=payer.account_id).reference
    jobs.on_document_issued.func(about=paid.reference, document=document)
    jobs.on_downloaded.func(about=paid.reference, holder="x", document=document)
    jobs.on_document_revoked.func(about=paid.reference, document=document)


def test_an_unsealed_record_makes_no_paper(payer, paid):
    with pytest.raises(documents.SealerBehindError):
        download(paid, payer, at=NOON + timedelta(days=400))


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Иван Петров", "???? ??????"),
        ("שלום כהן", "???? ???"),
        ("王小明 😀", "??? ?"),
        ("Şığ Müller‑Örs", "Şığ Müller?Örs"),
        ("a\x01b\u202ec\ue000\ufffe", "abc"),
        ("لَيْلَى\n خالد", "لَيْلَى خالد"),
        ("", ""),
    ],
)
def test_a_name_in_another_script_does_not_keep_anybody_from_the_file(payer, name, printed):
    receipt = pay_cash(a_charge(payer=payer.account_id, beneficiary=Text(name, name)))
    assert facts_in(download(receipt, payer))["beneficiary"] == {"ar": printed, "en": printed}
