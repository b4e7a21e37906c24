"""Three steps from a card to an account, as a browser walks them; and what a stranger with a list of numbers learns: nothing."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from hukumati.domain.exchange import actions as exchange_actions
from hukumati.domain.exchange import api as exchange
from hukumati.domain.exchange.tests.fakes import FakeRegistry
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import PASSWORD, a_citizen, a_national_id
from hukumati.domain.notifications import api as notifications
from hukumati.domain.notifications.models import Delivery
from hukumati.processes.enrolment import api as enrolment
from hukumati.processes.enrolment import jobs, rules
from hukumati.processes.enrolment.models import Enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    fake = FakeRegistry()
    monkeypatch.setattr(exchange_actions, "adapter", lambda _port: fake)
    return fake


def card(number, **changed):
    facts = {"national_id": number.digits}
    facts |= {"birth_date_day": "17", "birth_date_month": "5", "birth_date_year": "1990"}
    facts |= {"card_issued_on_day": "3", "card_issued_on_month": "2", "card_issued_on_year": "2019"}
    return facts | changed


def last_code():
    return re.search(r"\d{6}", Delivery.objects.filter(secret=True).latest("pk").body).group()


def walk(client, number, *, prefix="", password=PASSWORD):
    client.post(f"{prefix}/sign-up/", card(number))
    client.post(f"{prefix}/sign-up/code/", {"code": last_code()})
    return client.post(f"{prefix}/sign-up/password/", {"password": password, "language": "en" if prefix else "ar"})


def test_a_card_a_code_and_a_password_open_an_account_and_sign_in(client):
    number = a_national_id()
    assert client.post("/sign-up/", card(number)).headers["Location"] == "/sign-up/code/"
    page = client.get("/sign-up/code/").content.decode()
    assert "001" in page
    assert "+970590000001" not in page
    assert "0590000001" not in page
    assert client.post("/sign-up/code/", {"code": last_code()}).headers["Location"] == "/sign-up/password/"
    done = client.post("/sign-up/password/", {"password": PASSWORD, "language": "ar"})
    assert done.headers["Location"] == "/account/passkeys/"
    page = client.get("/account/passkeys/")
    assert page.status_code == 200
    assert page.wsgi_request.actor.authenticated_by == ("password", "sms_code")
    salma = identity.find_citizen_by_national_id(number)
    assert salma.name.ar == "سلمى محمود خليل العطار"
    assert salma.mobile == "+970590000001"
    assert [message.code for message in notifications.list_inbox(salma.account_id)] == ["welcome"]


def test_in_english_the_person_is_written_to_in_english(client):
    number = a_national_id()
    walk(client, number, prefix="/en")
    assert identity.find_citizen_by_national_id(number).language == "en"


def test_the_read_at_sign_up_is_shown_to_its_person(client):
    number = a_national_id()
    walk(client, number)
    assert client.get("/account/reads/").status_code == 200
    assert [read.outcome for read in exchange.list_reads_about(number)] == ["answered"]


def test_no_match_unknown_and_already_there_get_the_same_answer(client, registry):
    laila = a_citizen()

    def answer(number):
        page = Client().post("/sign-up/", card(number))
        body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
        return page.status_code, body.replace(number.digits, "")

    already = answer(laila.national_id)
    registry.mood = "unknown"
    unknown = answer(a_national_id())
    assert already == unknown
    assert already[0] == 422


def test_the_owner_of_an_account_hears_of_a_try_once_an_hour(client):
    laila = a_citizen()
    client.post("/sign-up/", card(laila.national_id))
    client.post("/sign-up/", card(laila.national_id))
    assert [message.code for message in notifications.list_inbox(laila.account_id)] == ["sign_up.tried"]
    assert not Enrolment.objects.exists()


def test_a_registry_that_is_down_loses_nothing_and_costs_no_try(client, registry):
    registry.mood = "unreachable"
    number = a_national_id()
    for _ in range(rules.BY_NATIONAL_ID.amount_max + 1):
        page = client.post("/sign-up/", card(number))
        assert page.status_code == 503
    assert f'value="{number.digits}"' in page.content.decode()
    assert 'value="1990"' in page.content.decode()
    registry.mood = ""
    assert client.post("/sign-up/", card(number)).status_code == 302


def test_one_number_is_asked_about_a_few_times_an_hour(client, registry):
    registry.mood = "unknown"
    number = a_national_id()
    for _ in range(rules.BY_NATIONAL_ID.amount_max):
        assert client.post("/sign-up/", card(number)).status_code == 422
    registry.mood = ""
    heard = len(registry.heard)
    assert client.post("/sign-up/", card(number)).status_code == 429
    assert len(registry.heard) == heard


def test_one_address_cannot_ask_about_everybody(client, registry):
    registry.mood = "unknown"
    for _ in range(rules.BY_ADDRESS.amount_max):
        client.post("/sign-up/", card(a_national_id()))
    heard = len(registry.heard)
    assert client.post("/sign-up/", card(a_national_id())).status_code == 429
    assert len(registry.heard) == heard


def test_a_code_of_one_enrolment_does_not_fit_another(client):
    other = Client()
    client.post("/sign-up/", card(a_national_id()))
    first = last_code()
    other.post("/sign-up/", card(a_national_id()))
    assert last_code() == first or other.post("/sign-up/code/", {"code": first}).status_code == 422


def test_five_wrong_codes_end_the_code(client):
    client.post("/sign-up/", card(a_national_id()))
    code = last_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert client.post("/sign-up/code/", {"code": wrong}).status_code == 422
    assert client.post("/sign-up/code/", {"code": code}).status_code == 422


def test_no_step_can_be_skipped_or_repeated(client):
    number = a_national_id()
    assert client.get("/sign-up/password/").headers["Location"] == "/sign-up/"
    client.post("/sign-up/", card(number))
    assert (
        client.post("/sign-up/password/", {"password": PASSWORD, "language": "ar"}).headers["Location"]
        == "/sign-up/code/"
    )
    client.post("/sign-up/code/", {"code": last_code()})
    assert client.get("/sign-up/code/").headers["Location"] == "/sign-up/password/"
    assert client.get("/sign-up/").headers["Location"] == "/sign-up/password/"
    reference = Enrolment.objects.get().reference
    client.post("/sign-up/password/", {"password": PASSWORD, "language": "ar"})
    with pytest.raises(enrolment.EnrolmentOver):
        enrolment.finish(reference, password="another-good-one", language="ar", at=datetime.now(UTC))


def test_an_enrolment_expires(client):
    client.post("/sign-up/", card(a_national_id()))
    Enrolment.objects.update(
        started_at=datetime(2026, 1, 1, tzinfo=UTC), expires_at=datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    )
    assert client.post("/sign-up/code/", {"code": last_code()}).headers["Location"] == "/sign-up/"
    jobs.forget_what_is_over.func(0) if hasattr(jobs.forget_what_is_over, "func") else jobs.forget_what_is_over(0)
    assert not Enrolment.objects.exists()


def test_a_weak_password_is_named_and_the_step_stays(client):
    client.post("/sign-up/", card(a_national_id()))
    client.post("/sign-up/code/", {"code": last_code()})
    page = client.post("/sign-up/password/", {"password": "password1", "language": "ar"})
    assert page.status_code == 422
    assert client.post("/sign-up/password/", {"password": PASSWORD, "language": "ar"}).status_code == 302


def test_a_forgotten_password_is_reset_with_card_and_phone_and_ends_every_session(client):
    laila, elsewhere = a_citizen(), Client()
    elsewhere.post("/sign-in/", {"national_id": laila.national_id.digits, "password": PASSWORD})
    elsewhere.post("/sign-in/code/", {"code": last_code()})
    client.post("/reset-password/", card(laila.national_id))
    client.post("/sign-up/code/", {"code": last_code()})
    client.post("/sign-up/password/", {"password": "a-wholly-new-one"})
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert "password.changed" in [message.code for message in notifications.list_inbox(laila.account_id)]


def test_nobody_without_an_account_gets_one_by_a_reset(client):
    assert client.post("/reset-password/", card(a_national_id())).status_code == 422


def test_public_employment_is_learned_afterwards(client):
    number = a_national_id()
    walk(client, number)
    salma = identity.find_citizen_by_national_id(number)
    jobs.learn_public_employment(salma.account_id, Enrolment.objects.get().reference)
    assert identity.get_citizen(salma.account_id).public_employee is True


@pytest.mark.parametrize(
    "changed",
    [
        {"national_id": "12345"},
        {"birth_date_day": "31", "birth_date_month": "2"},
        {"birth_date_year": "2999"},
        {"birth_date_month": "شباط"},
        {"card_issued_on_day": ""},
        {"national_id": "<script>alert(1)</script>"},
        {"birth_date_day": "9" * 4000},
    ],
)
def test_wrong_typing_is_shown_beside_its_field_and_asks_no_registry(client, registry, changed):
    page = client.post("/sign-up/", card(a_national_id(), **changed))
    assert page.status_code == 422
    assert registry.heard == []
    assert "<script>alert" not in page.content.decode()


def test_resending_waits_half_a_minute_and_kills_the_old_code():
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    claim = enrolment.Claim(a_national_id(), date(1990, 5, 17), date(2019, 2, 3))
    begun = enrolment.start(claim, aim=enrolment.Aim.SIGN_UP, address="127.0.0.1", language="ar", at=at)
    first = last_code()
    with pytest.raises(enrolment.ResendTooSoon):
        enrolment.resend_code(begun.reference, at=at + timedelta(seconds=29))
    enrolment.resend_code(begun.reference, at=at + timedelta(seconds=30))
    second = last_code()
    if first != second:
        with pytest.raises(identity.CodeWrong):
            enrolment.confirm(begun.reference, typed=first, at=at + timedelta(seconds=40))
    assert enrolment.confirm(begun.reference, typed=second, at=at + timedelta(seconds=40)).state == "confirmed"


def test_a_reset_brings_the_phone_number_that_the_registry_holds_now(client):
    laila = a_citizen(mobile="+970599000111")
    client.post("/reset-password/", card(laila.national_id))
    assert Delivery.objects.latest("pk").to == "+970590000001"
    client.post("/sign-up/code/", {"code": last_code()})
    client.post("/sign-up/password/", {"password": "a-wholly-new-one"})
    assert identity.get_citizen(laila.account_id).mobile == "+970590000001"
    assert Delivery.objects.filter(to="+970599000111", secret=False).exists()


@pytest.mark.parametrize(
    ("asked", "led_to"), [("/inbox/", "/inbox/"), ("//evil.example/", "/account/passkeys/"), ("", "/account/passkeys/")]
)
def test_signing_up_leads_back_to_what_was_wanted(client, asked, led_to):
    if asked == "/inbox/":
        assert "/sign-up/?next=/inbox/" in client.get("/sign-in/?next=/inbox/").content.decode()
    client.post("/sign-up/", card(a_national_id(), next=asked))
    client.post("/sign-up/code/", {"code": last_code()})
    done = client.post("/sign-up/password/", {"password": PASSWORD, "language": "ar"})
    assert done.headers["Location"] == led_to


def test_a_copy_of_somebodys_card_does_not_use_up_the_codes_of_their_sign_in(client):
    number, at = a_national_id(), datetime.now(UTC)
    a_citizen(national_id=number)
    claim = enrolment.Claim(number, date(1990, 5, 17), date(2019, 2, 3))
    begun = enrolment.start(claim, aim=enrolment.Aim.PASSWORD_RESET, address="198.51.100.1", language="ar", at=at)
    codes_left = identity.CODES_BY_ACCOUNT.amount_max - 1
    for resend in range(1, codes_left + 1):
        enrolment.resend_code(begun.reference, at=at + timedelta(seconds=40 * resend))
    with pytest.raises(identity.TooManyTries):
        enrolment.resend_code(begun.reference, at=at + timedelta(minutes=10))
    page = Client().post("/sign-in/", {"national_id": number.digits, "password": PASSWORD})
    assert (page.status_code, page.headers["Location"]) == (302, "/sign-in/code/")
