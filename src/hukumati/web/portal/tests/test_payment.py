"""The pages of paying: what they show, to whom, and what they say when nothing is known."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from stdnum import iso11649

from hukumati.domain.identity.tests.builders import a_citizen, a_staff, sign_in
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import CITIZEN, a_cashier, a_charge, a_drawer
from hukumati.domain.payments.tests.conftest import provider  # noqa: F401
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money
from hukumati.web.portal.pages import payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(client):
    citizen = a_citizen(at=timezone.now())
    sign_in(client, citizen)
    return citizen


@pytest.fixture
def charge(payer):
    return a_charge(payer=payer.account_id, at=timezone.now())


def page_of(charge, rest="", prefix=""):
    return f"{prefix}/pay/{charge.reference}/{rest}"


def choose(client, charge, way="card", prefix=""):
    return client.post(page_of(charge, prefix=prefix), {"way": way})


def html(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", ["ادفع الرسم", "لماذا هذا المبلغ؟", "بطاقة مصرفية"]),
        ("/en", ["Pay the fee", "Why this amount?", "Bank card"]),
    ],
)
def test_the_page_tells_what_is_owed_line_by_line_and_why(client, charge, prefix, words):
    response = client.get(page_of(charge, prefix=prefix))
    assert response.status_code == 200
    for word in [*words, "25.00", "10.00", "5.00"]:
        assert word in html(response)
    assert response.headers["Cache-Control"] == "no-store, private"


def test_choosing_the_card_leads_to_the_banks_page(client, charge, provider):  # noqa: F811
    response = choose(client, charge)
    assert response.status_code == 303
    assert response.url.startswith("http://bank/")


def test_the_page_lets_its_form_lead_to_the_provider_and_nowhere_else(client, charge, settings):
    settings.PORTS = {
        **settings.PORTS,
        "payments.card": {"adapter": "x", "options": {"base_url": "https://bank.example:8443/api"}},
    }
    policy = client.get(page_of(charge)).headers["Content-Security-Policy"]
    assert "form-action 'self' https://bank.example:8443;" in policy + ";"
    assert "script-src 'self'" in policy


@pytest.mark.parametrize("way", ["", "gold", "CARD", "card\x00"])
def test_without_a_way_the_page_asks_again_and_nothing_is_started(client, charge, way):
    response = choose(client, charge, way)
    assert response.status_code == 422
    assert "اختر طريقة الدفع" in html(response)
    assert not Attempt.objects.exists()


def test_a_bank_that_is_down_is_said_plainly(client, charge, provider):  # noqa: F811
    provider.down = True
    response = choose(client, charge)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "لا تستجيب الآن" in html(response)
    provider.down = False
    assert choose(client, charge).status_code == 303
    assert Attempt.objects.count() == 1


def test_choosing_cash_shows_one_code_and_the_offices(client, charge):
    assert choose(client, charge, "cash").url == page_of(charge, "cash/")
    code = payments.grouped(Attempt.objects.get().pay_code)
    shown = html(client.get(page_of(charge, "cash/")))
    assert code in shown
    assert "25.00" in shown
    choose(client, charge, "cash")
    assert code in html(client.get(page_of(charge, "cash/")))


def test_back_from_the_bank_paid_leads_to_the_receipt(client, charge, provider, payer):  # noqa: F811
    choose(client, charge)
    provider.says(Attempt.objects.get().reference, Told.PAID)
    response = client.get(page_of(charge, "return/?payment_id=whatever"))
    receipt = payments.get_charge(charge.reference).receipt_reference
    assert response.url == f"/receipts/{receipt}/"
    shown = html(client.get(response.url))
    for words in (payer.name.ar, charge.beneficiary.ar, "25.00", "0015", payments.get_receipt(receipt).number):
        assert words in shown
    for address in ("", "return/", "cash/"):
        assert client.get(page_of(charge, address)).url == response.url
    assert choose(client, charge).url == response.url


def test_the_address_alone_pays_nothing(client, charge, provider):  # noqa: F811
    choose(client, charge)
    response = client.get(page_of(charge, "return/?payment_id=x&state=paid&status=success"))
    assert response.status_code == 200
    assert payments.get_charge(charge.reference).state == "open"


@pytest.mark.parametrize("down", [True, False])
def test_while_nothing_is_known_the_page_says_do_not_pay_again_and_asks_by_itself(client, charge, provider, down):  # noqa: F811
    choose(client, charge)
    provider.down = down
    shown = html(client.get(page_of(charge, "return/")))
    assert "لا تدفع مرة أخرى" in shown
    assert '<meta http-equiv="refresh" content="5">' in shown


@pytest.mark.parametrize(
    ("told", "words"),
    [("declined", "رُفضت عملية الدفع"), ("cancelled", "عدت دون أن تدفع"), ("expired", "انتهى وقت صفحة الدفع")],
)
def test_a_payment_that_ended_can_be_tried_again(client, charge, provider, told, words):  # noqa: F811
    choose(client, charge)
    provider.says(Attempt.objects.get().reference, Told(told))
    shown = html(client.get(page_of(charge, "return/")))
    assert words in shown
    assert "http-equiv" not in shown
    assert f'href="{page_of(charge)}"' in shown
    assert choose(client, charge).status_code == 303


def test_money_that_does_not_fit_is_looked_into_by_a_person(client, charge, provider):  # noqa: F811
    choose(client, charge)
    provider.says(Attempt.objects.get().reference, Told.PAID, amount_minor=1)
    shown = html(client.get(page_of(charge, "return/")))
    assert "نتحقق من عملية الدفع هذه" in shown
    assert "لا تدفع مرة أخرى" in shown


def test_a_charge_that_ended_says_so(client, charge, payer):
    payments.void_charge(charge.reference, reason="withdrawn", by=CITIZEN, at=timezone.now())
    assert "لم يعد هناك مبلغ مستحق" in html(client.get(page_of(charge)))
    over = a_charge(payer=payer.account_id, expires_at=timezone.now())
    response = choose(client, over)
    assert "انتهت مهلة الدفع" in html(response)
    assert not Attempt.objects.exists()


def test_a_receipt_tells_of_its_refund_only_what_the_provider_said(client, charge, provider):  # noqa: F811
    choose(client, charge)
    provider.says(Attempt.objects.get().reference, Told.PAID)
    receipt = client.get(page_of(charge, "return/")).url
    at, clerk = timezone.now(), system("tests")
    refund = payments.refund(charge.reference, amount=Money(2500), reason="r", by=clerk, at=at)
    assert "ملتزم بردّه" in html(client.get(receipt))
    payments.send_refund(refund.reference, at=at)
    assert "استلم مزوّد الدفع طلبنا" in html(client.get(receipt))
    provider.refund_says(refund.reference, "confirmed")
    payments.send_refund(refund.reference, at=at)
    assert "أعاده مزوّد الدفع في" in html(client.get(receipt))


def addresses(charge):
    receipt = payments.get_charge(charge.reference).receipt_reference
    return [
        page_of(charge),
        page_of(charge, "return/"),
        page_of(charge, "cash/"),
        f"/receipts/{receipt or 'R-2026-NOTHING2'}/",
    ]


@pytest.mark.parametrize("paid", [True, False])
def test_anothers_charge_and_receipt_are_not_found_like_those_that_never_were(client, payer, provider, paid):  # noqa: F811
    at = timezone.now()
    other = a_charge(at=at)
    if paid:
        cashier = a_cashier()
        code = payments.start_attempt(
            other.reference, payments.Wish(payments.Way.CASH, return_url="", language="ar"), by=CITIZEN, at=at
        ).pay_code
        payments.take_cash(code, drawer=a_drawer(cashier), by=cashier, at=at)
    never = [
        address.replace(other.reference, "C-2026-NEVERWAS").replace("R-2026", "R-2025") for address in addresses(other)
    ]
    for theirs, nobodys in zip(addresses(other), never, strict=True):
        mine, none = client.get(theirs), client.get(nobodys)
        assert mine.status_code == none.status_code == 404
        assert other.reference not in html(mine).replace(theirs, "")
    assert choose(client, other).status_code == 404
    assert Attempt.objects.filter(way="card").count() == 0


def test_a_stranger_is_asked_to_sign_in(client):
    for address in addresses(a_charge(at=timezone.now())):
        response = client.get(address)
        assert response.status_code == 302
        assert "/sign-in/" in response.url


def test_an_employee_has_no_citizens_page(client):
    sign_in(client, a_staff(role="clerk"))
    charge = a_charge(at=timezone.now())
    assert client.get(page_of(charge)).status_code == 302


@pytest.mark.parametrize(
    "reference", ["%00", "C-2026-%00", "x" * 3000, "%F0%9F%98%80", "..%2F", "%27%20OR%201=1", "C-2026-ABCDEFGH"]
)
def test_an_address_that_is_none_is_not_found(client, payer, reference):
    for address in (
        f"/pay/{reference}/",
        f"/pay/{reference}/return/",
        f"/pay/{reference}/cash/",
        f"/receipts/{reference}/",
    ):
        assert client.get(address).status_code == 404


@pytest.fixture
def refund(charge):
    """Cash that waits at a post office; its payer was told a code."""
    cashier, at = a_cashier(), timezone.now()
    drawer = a_drawer(cashier, float_minor=10_000, at=at)
    code = payments.start_attempt(
        charge.reference, payments.Wish(payments.Way.CASH, return_url="", language="ar"), by=CITIZEN, at=at
    ).pay_code
    payments.take_cash(code, drawer=drawer, by=cashier, at=at)
    promised = payments.refund(charge.reference, amount=Money(2500), reason="r", by=system("tests"), at=at)
    return payments.offer_refund_code(promised.reference, at=at)


def pay_out(refund, code):
    cashier, at = a_cashier(), timezone.now()
    drawer = a_drawer(cashier, float_minor=10_000, at=at)
    return payments.pay_out_refund(refund.reference, code=code, drawer=drawer, by=cashier, at=at)


def test_a_new_refund_code_is_shown_once_and_opens_the_cash_desk(client, charge, refund):
    address = f"/en/refunds/{refund.reference}/"
    receipt = payments.get_charge(charge.reference).receipt_reference
    assert address in html(client.get(f"/en/receipts/{receipt}/"))
    before = html(client.get(address))
    for words in (refund.reference, "25.00", "Bring your identity card."):
        assert words in before
    assert "code-panel" not in before
    answer = client.post(address)
    code = re.search(r'code-panel-code"><bdi dir="ltr">(\d{6})<', html(answer)).group(1)
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert code not in html(client.get(address))
    if code != refund.code:
        with pytest.raises(payments.RefundCodeWrong):
            pay_out(refund, refund.code)
    assert pay_out(refund, code).state == "confirmed"
    after = html(client.get(address))
    assert "You have received it" in after
    assert '<form method="post" class="stack-small">' not in after
    assert client.post(address).url == address


def test_refund_codes_of_a_day_are_limited(client, refund):
    answers = [client.post(f"/en/refunds/{refund.reference}/") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert "No more codes today" in html(answers[-1])


def test_anothers_refund_is_not_found_and_gives_no_code(client, refund):
    sign_in(client, a_citizen(at=timezone.now()))
    for reference in (refund.reference, "F-2026-NOTHING2"):
        assert client.get(f"/refunds/{reference}/").status_code == 404
        assert client.post(f"/refunds/{reference}/").status_code == 404
    assert pay_out(refund, refund.code).state == "confirmed"


def test_a_refund_to_a_card_has_a_page_without_a_code(client, charge, provider):  # noqa: F811
    choose(client, charge)
    provider.says(Attempt.objects.get().reference, Told.PAID)
    client.get(page_of(charge, "return/"))
    back = payments.refund(charge.reference, amount=Money(2500), reason="r", by=system("tests"), at=timezone.now())
    address = f"/refunds/{back.reference}/"
    assert "ملتزم بردّه" in html(client.get(address))
    assert client.post(address).url == address


def test_choosing_a_transfer_shows_account_amount_and_reference(client, charge):
    response = client.get(choose(client, charge, "transfer").url)
    page = response.content.decode()
    code = Attempt.objects.get().pay_code
    assert iso11649.format(code) in page
    assert "PS92 PALS 0000 0000 0400 1234 5670 2" in page
    assert "25.00" in page
    assert code == Attempt.objects.get().pay_code


def test_a_transfer_is_not_offered_where_no_account_takes_it(client, charge, monkeypatch):
    monkeypatch.setattr(payment.treasury, "find_account_for_transfers", lambda _currency: None)
    assert 'value="transfer"' not in client.get(page_of(charge)).content.decode()
    assert choose(client, charge, "transfer").status_code == 422
    assert not Attempt.objects.exists()


def test_an_english_reader_sees_whom_it_is_for_in_latin_letters(client):
    payer = a_citizen(at=timezone.now())
    charge = a_charge(payer=payer.account_id, at=timezone.now())
    sign_in(client, payer)
    assert "Laila Khaled Mahmoud Al-Najjar" in client.get(f"/en/pay/{charge.reference}/").content.decode()
    assert "ليلى خالد محمود النجار" in client.get(f"/pay/{charge.reference}/").content.decode()
