"""The wallet on a telephone: what it is asked, and what its owner answers."""

import pytest

from sandbox.tests.test_card_gateway import KEY, TODAY, create, look_up, settled

MOBILE = "+970599123456"


@pytest.fixture
def asked(state, merchant):
    return create(state, merchant, method="wallet", mobile=MOBILE).json()


def answer(state, payment_id, *, mobile=MOBILE, **fields):
    return state.gateway.post(f"/wallet/{mobile}/{payment_id}", data=fields)


def test_a_request_waits_in_the_wallet_without_a_page_and_the_telephone_is_told(state, asked):
    assert "hosted_url" not in asked
    page = state.gateway.get(f"/wallet/{MOBILE}").text
    assert asked["payment_id"] in page
    messages = state.phones.get("/api/messages", params={"to": MOBILE}).json()["messages"]
    assert f"/wallet/{MOBILE}" in messages[0]["text"]
    assert asked["payment_id"] not in state.gateway.get("/wallet/+970599000002").text


def test_the_same_start_again_rings_no_second_time(state, merchant):
    facts = {"method": "wallet", "mobile": "+970599123457", "reference": "T-AGAIN"}
    first = create(state, merchant, key="again-1", **facts).json()
    assert create(state, merchant, key="again-1", **facts).json() == first
    messages = state.phones.get("/api/messages", params={"to": "+970599123457"}).json()["messages"]
    assert len(messages) == 1


@pytest.mark.parametrize(
    ("fields", "state_then"),
    [
        ({"pin": "1234"}, "paid"),
        ({"pin": "١٢٣٤"}, "paid"),
        ({"pin": "0000"}, "declined"),
        ({"reject": "1"}, "declined"),
    ],
)
def test_the_owner_answers_and_the_merchant_is_told(state, merchant, asked, fields, state_then):
    assert answer(state, asked["payment_id"], **fields).status_code == 303
    told = look_up(state, asked["payment_id"])
    assert (told["state"], "card_last4" in told) == (state_then, False)
    assert settled(merchant, asked["payment_id"])[0]["type"] == f"payment.{state_then}"


def test_three_wrong_pins_decline(state, asked):
    assert [answer(state, asked["payment_id"], pin="9999").status_code for _ in range(3)] == [422, 422, 303]
    assert look_up(state, asked["payment_id"])["reason"] == "pin_wrong"


@pytest.mark.parametrize("fields", [{}, {"pin": ""}, {"pin": "12345"}, {"pin": "<b>"}, {"pin": "1" * 9000}])
def test_what_is_no_pin_changes_nothing(state, asked, fields):
    assert answer(state, asked["payment_id"], **fields).status_code == 422
    assert look_up(state, asked["payment_id"])["state"] == "created"


def test_nobody_elses_wallet_answers_and_an_ended_request_stays_ended(state, merchant, asked):
    assert answer(state, asked["payment_id"], mobile="+970599000002", pin="1234").status_code == 404
    by_card = create(state, merchant).json()["payment_id"]
    assert answer(state, by_card, pin="1234").status_code == 404
    answer(state, asked["payment_id"], reject="1")
    assert answer(state, asked["payment_id"], pin="1234").status_code == 409
    assert look_up(state, asked["payment_id"])["state"] == "declined"


@pytest.mark.parametrize(
    ("mobile", "code"), [("+970599123400", "wallet_unknown"), ("0599123456", "field_invalid"), ("", "field_invalid")]
)
def test_a_number_without_a_wallet_is_refused(state, merchant, mobile, code):
    refused = create(state, merchant, method="wallet", mobile=mobile)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_cards_and_wallets_settle_apart(state, asked):
    answer(state, asked["payment_id"], pin="1234")
    lists = {
        method: state.gateway.get(f"/v1/settlements/{TODAY}", params={"method": method}, headers=KEY).json()["lines"]
        for method in ("card", "wallet")
    }
    assert asked["payment_id"] in {line["payment_id"] for line in lists["wallet"]}
    assert asked["payment_id"] not in {line["payment_id"] for line in lists["card"]}
    refused = state.gateway.get(f"/v1/settlements/{TODAY}", params={"method": "gold"}, headers=KEY)
    assert refused.status_code == 422


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_speaks_both_languages(state, asked, language):
    page = state.gateway.get(f"/wallet/{MOBILE}", params={"lang": language}).text
    assert f'lang="{language}"' in page
    assert ("وافق وادفع" in page) == (language == "ar")
