"""The cash desk: from float to count, and who may stand at it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hukumati.domain.identity.tests.builders import a_citizen, a_staff, actor_of, sign_in
from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Drawer
from hukumati.domain.payments.tests.builders import CITIZEN, a_charge
from hukumati.kernel.money import Money
from hukumati.web.desk.pages.cashier_forms import AmountField

pytestmark = pytest.mark.django_db


@pytest.fixture
def cashier(client):
    staff = a_staff(role="cashier", institution="telecom", office="post-ramallah")
    sign_in(client, staff)
    return staff


@pytest.fixture
def charge():
    payer = a_citizen(at=timezone.now())
    return a_charge(payer=payer.account_id, at=timezone.now())


def a_code(charge):
    return payments.start_attempt(
        charge.reference, payments.Wish(payments.Way.CASH, return_url="", language="ar"), by=CITIZEN, at=timezone.now()
    ).pay_code


def html(response):
    return response.content.decode()


def open_drawer(client, floated="100"):
    return client.post("/desk/cashier/open/", {"floated": floated})


def the_drawer():
    return Drawer.objects.get(state="open").reference


def test_a_day_at_the_cash_desk(client, cashier, charge):
    assert "افتح الصندوق" in html(client.get("/desk/cashier/"))
    assert open_drawer(client, "١٠٠").url == "/desk/cashier/"
    drawer, code = the_drawer(), a_code(charge)

    shown = html(client.get("/desk/cashier/charge/", {"code": payments.grouped(code)}))
    for words in ("25.00", charge.beneficiary.ar, charge.about, "ليلى خالد محمود النجار"):
        assert words in shown

    taken = client.post("/desk/cashier/take/", {"code": code, "drawer": drawer})
    receipt = payments.get_charge(charge.reference).receipt_reference
    assert taken.url == f"/desk/cashier/receipts/{receipt}/"
    assert "2026" in html(client.get(taken.url)) or payments.get_receipt(receipt).number in html(client.get(taken.url))
    assert client.post("/desk/cashier/take/", {"code": code, "drawer": drawer}).url == taken.url

    assert payments.get_receipt(receipt).number in html(client.get("/desk/cashier/"))
    assert "125.00" not in html(client.get("/desk/cashier/close/"))
    closed = client.post("/desk/cashier/close/", {"counted": "124.50"})
    assert closed.url == f"/desk/cashier/drawers/{drawer}/"
    shown = html(client.get(closed.url))
    for words in ("125.00", "124.50", "-0.50"):
        assert words in shown
    assert ledger.balance(f"variance:{drawer}") == Money(50)
    assert "صناديقي المغلقة" in html(client.get("/desk/cashier/"))


def test_the_pages_speak_english_too(client, cashier, charge):
    assert "Open your drawer" in html(client.get("/en/desk/cashier/"))
    open_drawer(client)
    assert "Take a payment" in html(client.get("/en/desk/cashier/"))
    assert "I have taken" in html(client.get("/en/desk/cashier/charge/", {"code": a_code(charge)}))
    assert "Count first" in html(client.get("/en/desk/cashier/close/"))


@pytest.mark.parametrize(
    ("code", "words"),
    [("", "8"), ("12345678", "8"), ("00000000", "رمز"), ("x" * 5000, "8"), ("<script>", "8"), ("1\x00", "8")],
)
def test_a_wrong_code_is_said_at_the_field_and_kept(client, cashier, code, words):
    open_drawer(client)
    response = client.get("/desk/cashier/charge/", {"code": code})
    assert response.status_code == 422
    assert words in html(response)
    assert '<script>"' not in html(response)


def test_a_fee_that_was_paid_meanwhile_is_refused_before_the_money_is_taken(client, cashier, charge):
    open_drawer(client)
    code = a_code(charge)
    other = actor_of(a_staff(role="cashier", institution="telecom", office="post-nablus"))
    drawer = payments.open_drawer(office=other.office, float_minor=0, by=other, at=timezone.now()).reference
    receipt = payments.take_cash(code, drawer=drawer, by=other, at=timezone.now())
    for response in (
        client.get("/desk/cashier/charge/", {"code": code}),
        client.post("/desk/cashier/take/", {"code": code, "drawer": the_first_drawer(client, drawer)}),
    ):
        assert response.status_code == 422
        assert receipt.reference in html(response)
    assert client.get(f"/desk/cashier/receipts/{receipt.reference}/").status_code == 404
    assert client.get(f"/desk/cashier/drawers/{drawer}/").status_code == 404


def the_first_drawer(client, other):
    return Drawer.objects.exclude(reference=other).get().reference


def test_a_form_of_yesterdays_drawer_takes_nothing(client, cashier, charge):
    open_drawer(client)
    old, code = the_drawer(), a_code(charge)
    client.post("/desk/cashier/close/", {"counted": "100"})
    open_drawer(client)
    assert client.post("/desk/cashier/take/", {"code": code, "drawer": old}).url == "/desk/cashier/"
    assert payments.get_charge(charge.reference).state == "open"


def test_without_a_drawer_nothing_can_be_taken_or_closed(client, cashier, charge):
    code = a_code(charge)
    assert client.get("/desk/cashier/charge/", {"code": code}).url == "/desk/cashier/"
    assert client.post("/desk/cashier/take/", {"code": code}).url == "/desk/cashier/"
    assert client.post("/desk/cashier/close/", {"counted": "1"}).url == "/desk/cashier/"
    assert payments.get_charge(charge.reference).state == "open"


def test_pressing_open_twice_opens_one_drawer(client, cashier):
    open_drawer(client)
    assert open_drawer(client).url == "/desk/cashier/"
    assert Drawer.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "abc", "-5", "1.234", "1e5", "٥٫٥٫٥", "9" * 30, "999999999", "١٢ شيكل"])
def test_a_wrong_amount_is_said_at_the_field(client, cashier, typed):
    response = open_drawer(client, typed)
    assert response.status_code == 422
    assert not Drawer.objects.exists()
    open_drawer(client)
    assert client.post("/desk/cashier/close/", {"counted": typed}).status_code == 422
    assert Drawer.objects.get().state == "open"


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("0", 0),
        ("120", 12000),
        ("120.5", 12050),
        ("120.50 ₪", 12050),
        ("١٢٠٫٥٠", 12050),
        ("1 200,05", 120005),
        (" 7 ", 700),
    ],
)
def test_amounts_are_read_as_people_write_them(typed, minor):
    assert AmountField().clean(typed) == Money(minor)


PAGES = [
    "",
    "charge/?code=12345674",
    "refund/?reference=F-2026-NOTHING2",
    "close/",
    "receipts/R-2026-NOTHING2/",
    "drawers/S-2026-NOTHING2/",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["clerk", "supervisor", "treasurer", "auditor", "postal_clerk", "operator"])
def test_only_cashiers_stand_at_the_cash_desk(client, role, page):
    sign_in(client, a_staff(role=role))
    assert client.get(f"/desk/cashier/{page}").status_code == 403


def test_others_cannot_open_take_or_close_either(client, charge):
    sign_in(client, a_staff(role="clerk"))
    code = a_code(charge)
    for page, data in (("open/", {"floated": "1"}), ("take/", {"code": code}), ("close/", {"counted": "1"})):
        assert client.post(f"/desk/cashier/{page}", data).status_code == 403
    assert not Drawer.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_and_a_citizen_are_sent_to_the_desks_sign_in(client, page):
    for sign in (lambda: None, lambda: sign_in(client, a_citizen(at=timezone.now()))):
        sign()
        response = client.get(f"/desk/cashier/{page}")
        assert response.status_code == 302
        assert response.url.startswith("/desk/sign-in/")


def a_cash_refund(charge):
    other = actor_of(a_staff(role="cashier", institution="telecom", office="post-nablus"))
    drawer = payments.open_drawer(office=other.office, float_minor=0, by=other, at=timezone.now()).reference
    payments.take_cash(a_code(charge), drawer=drawer, by=other, at=timezone.now())
    clerk = actor_of(a_staff(role="clerk"))
    return payments.refund(charge.reference, amount=Money(2500), reason="r", by=clerk, at=timezone.now()).reference


def a_told_refund(charge):
    """The refund, and the code that its payer was told."""
    refund = a_cash_refund(charge)
    return refund, payments.offer_refund_code(refund, at=timezone.now()).code


def pay_out(client, cashier, refund, code, **more):
    drawer = Drawer.objects.get(cashier=cashier.reference).reference
    data = {"refund": refund, "drawer": drawer, "code": code, "identity": "seen", **more}
    return client.post("/desk/cashier/pay-out/", data, follow=True)


def test_a_refund_is_paid_out_to_the_person_it_names(client, cashier, charge):
    open_drawer(client)
    refund, code = a_told_refund(charge)
    drawer = Drawer.objects.get(cashier=cashier.reference).reference
    shown = html(client.get("/desk/cashier/refund/", {"reference": f" {refund.lower()} "}))
    for words in (
        "25.00",
        "ليلى خالد محمود النجار",
        charge.about,
        "اطلع على بطاقة الهوية أولاً",
        "رمز الردّ لدى صاحب المبلغ",
    ):
        assert words in shown
    paid = pay_out(client, cashier, refund, code)
    assert "الرمز صحيح. سلّم الآن" in html(paid)
    assert refund in html(paid)
    assert ledger.balance(f"drawer:{drawer}") == Money(7_500)
    assert "صُرف هذا الردّ من قبل" in html(client.get("/desk/cashier/refund/", {"reference": refund}))


def test_a_cashier_without_the_payers_code_pays_nothing_out(client, cashier, charge):
    open_drawer(client)
    refund, code = a_told_refund(charge)
    drawer = Drawer.objects.get(cashier=cashier.reference).reference
    for typed in ("", "12345", "abc"):  # no code at all: said so, and no try lost
        response = pay_out(client, cashier, refund, typed)
        assert response.status_code == 422
        assert "الرمز يتكوّن من 6 أرقام" in html(response)
    assert payments.get_refund(refund).code_tries_left == 5
    for more in range(1, 6):
        response = pay_out(client, cashier, refund, f"{(int(code) + more) % 1_000_000:06}")
        assert response.status_code == 422
        assert "ليلى خالد محمود النجار" in html(response)
    assert "لا رمز صالح لهذا الردّ الآن" in html(response)
    assert pay_out(client, cashier, refund, code).status_code == 422
    assert payments.get_refund(refund).state == "promised"
    assert ledger.balance(f"drawer:{drawer}") == Money(10_000)


def test_the_right_code_pays_nothing_out_until_the_card_was_seen(client, cashier, charge):
    open_drawer(client)
    refund, code = a_told_refund(charge)
    response = pay_out(client, cashier, refund, code, identity="")
    assert response.status_code == 422
    assert 'id="f-identity-error"' in html(response)
    assert payments.get_refund(refund).state == "promised"
    assert "الرمز صحيح" in html(pay_out(client, cashier, refund, code))


@pytest.mark.parametrize("typed", ["", "F-2026-NOTHING2", "x" * 5000, "<script>", "F\x00"])
def test_a_wrong_refund_number_is_said_at_its_field(client, cashier, typed):
    open_drawer(client)
    response = client.get("/desk/cashier/refund/", {"reference": typed})
    assert response.status_code == 422
    assert client.post("/desk/cashier/pay-out/", {"refund": typed, "drawer": the_drawer()}).status_code == 422


def test_a_drawer_with_too_little_says_so(client, cashier, charge):
    open_drawer(client, "1")
    refund, code = a_told_refund(charge)
    response = pay_out(client, cashier, refund, code)
    assert response.status_code == 422
    assert "لا يكفي ما في الصندوق" in html(response)
