"""The pages of paying from a wallet: whose telephone is asked, and what is shown until its owner answers."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import a_charge
from hukumati.domain.payments.tests.conftest import provider, wallet  # noqa: F401
from hukumati.web.portal.tests.test_payment import charge, choose, html, page_of, payer  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_an_operator(wallet):  # noqa: F811
    """Each test has the operator behind `wallet`."""


def ask(client, charge, mobile="0599000111", prefix=""):  # noqa: F811
    return client.post(page_of(charge, "wallet/", prefix), {"mobile": mobile})


@pytest.mark.parametrize(
    ("prefix", "words"), [("", ["محفظة إلكترونية", "توافق على هاتفك"]), ("/en", ["Wallet", "on your telephone"])]
)
def test_the_wallet_stands_among_the_ways(client, charge, prefix, words):  # noqa: F811
    page = html(client.get(page_of(charge, prefix=prefix)))
    for word in words:
        assert word in page


def test_choosing_it_asks_for_the_number_and_knows_ones_own(client, payer, charge):  # noqa: F811
    chosen = choose(client, charge, "wallet")
    assert chosen.url == page_of(charge, "wallet/")
    page = html(client.get(chosen.url))
    assert f'value="0{payer.mobile[4:6]} {payer.mobile[6:9]} {payer.mobile[9:]}"' in page
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("typed", ["0599000111", "+970 59 900 0111", "00970599000111", "٠٥٩٩٠٠٠١١١", "599000111"])
def test_the_telephone_is_asked_however_its_number_is_written(client, charge, typed):  # noqa: F811
    answer = ask(client, charge, typed)
    assert answer.url == page_of(charge, "return/?way=wallet")
    assert Attempt.objects.get().payer_mobile == "+970599000111"
    page = html(client.get(answer.url))
    assert "وافق على هاتفك" in page
    assert "111" in page
    assert "0599000111" not in page
    assert "hx-get" in page


@pytest.mark.parametrize("typed", ["", "12", "0599", "x", "<script>", "05990001119", "\x00"])
def test_what_is_no_number_is_said_beside_it_and_nothing_begins(client, charge, typed):  # noqa: F811
    answer = ask(client, charge, typed)
    assert answer.status_code == 422
    assert "<script>" not in html(answer)
    assert not Attempt.objects.exists()


def test_a_number_without_a_wallet_is_said_and_another_can_be_tried(client, charge):  # noqa: F811
    answer = ask(client, charge, "0599000100")
    assert answer.status_code == 422
    assert "لا محفظة لرقم الهاتف هذا" in html(answer)
    assert 'value="0599000100"' in html(answer)
    assert ask(client, charge).status_code == 302


def test_an_operator_that_is_down_is_said_plainly(client, charge, wallet):  # noqa: F811
    wallet.down = True
    answer = ask(client, charge)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "مشغّل المحفظة لا يجيب الآن" in html(answer)
    wallet.down = False
    assert ask(client, charge).status_code == 302
    assert Attempt.objects.count() == 1


def test_too_many_requests_to_one_telephone_are_refused_in_words(client, payer):  # noqa: F811
    at = timezone.now()
    for _ in range(6):
        assert ask(client, a_charge(payer=payer.account_id, at=at), "0599000222").status_code == 302
    answer = ask(client, a_charge(payer=payer.account_id, at=at), "0599000222")
    assert answer.status_code == 429
    assert "طُلب الدفع من هذا الهاتف عدة مرات" in html(answer)


@pytest.mark.parametrize(
    ("told", "words"),
    [(Told.DECLINED, "رُفض الطلب على الهاتف"), (Told.EXPIRED, "انتهت مدة طلب الدفع")],
)
def test_a_request_that_was_not_approved_ends_and_offers_another_try(client, charge, wallet, told, words):  # noqa: F811
    ask(client, charge)
    wallet.says(Attempt.objects.get().reference, told)
    page = html(client.get(page_of(charge, "return/")))
    assert words in page
    assert "لم يُخصم أي مبلغ" in page
    assert "hx-get" not in page


def test_an_approved_request_leads_to_the_receipt(client, charge, wallet):  # noqa: F811
    ask(client, charge)
    wallet.says(Attempt.objects.get().reference, Told.PAID, card_last_four="")
    answer = client.get(page_of(charge, "return/"))
    assert answer.url == f"/receipts/{payments.get_charge(charge.reference).receipt_reference}/"
    assert "محفظة إلكترونية" in html(client.get(answer.url))


def test_while_a_request_waits_the_pages_lead_to_it_and_ask_no_second_telephone(client, charge, wallet):  # noqa: F811
    ask(client, charge)
    assert "طلب دفع ينتظر في محفظتك" in html(client.get(page_of(charge)))
    assert choose(client, charge, "wallet").url == page_of(charge, "return/?way=wallet")
    assert client.get(page_of(charge, "wallet/")).url == page_of(charge, "return/?way=wallet")
    ask(client, charge, "0599000222")
    assert wallet.asked.count("start") == 1


def test_without_an_operator_no_wallet_is_offered(client, charge, settings):  # noqa: F811
    settings.PAYMENT_PROVIDERS = {"card": "card"}
    assert "محفظة إلكترونية" not in html(client.get(page_of(charge)))
    assert choose(client, charge, "wallet").status_code == 422
    assert ask(client, charge).url == page_of(charge)
    assert not Attempt.objects.exists()


def test_the_wallet_is_found_again_behind_a_later_try_by_card(client, charge, wallet, provider):  # noqa: F811
    """It would be hidden behind the card for as long as nobody asks the operator, and the payer would go in circles."""
    ask(client, charge)
    waits = Attempt.objects.get().reference
    choose(client, charge)
    provider.says(Attempt.objects.get(way="card").reference, Told.CANCELLED)
    client.get(page_of(charge, "return/"))
    page = client.get(choose(client, charge, "wallet").url)
    assert "وافق على هاتفك" in html(page)
    assert "return/?way=wallet" in html(page)
    wallet.says(waits, Told.EXPIRED)
    Attempt.objects.update(looked_at=None)
    client.get(page_of(charge, "return/?way=wallet"))
    assert choose(client, charge, "wallet").url == page_of(charge, "wallet/")
