"""Signing in at the portal, as a browser does it: the password, the code, the limits, and what a stranger never learns."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from hukumati.domain.identity import api as identity
from hukumati.domain.identity import rules
from hukumati.domain.identity.tests.builders import PASSWORD, a_citizen, a_staff, sign_in
from hukumati.domain.notifications import api as notifications
from hukumati.domain.notifications.models import Delivery
from hukumati.web.ui import access, signing_in

pytestmark = pytest.mark.django_db


def last_code():
    return re.search(r"\d{6}", Delivery.objects.filter(secret=True).latest("pk").body).group()


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def password_step(client, who, *, password=PASSWORD, **more):
    login = who.national_id.digits if hasattr(who, "national_id") else who
    return client.post("/sign-in/", {"national_id": login, "password": password, **more})


def come_in(client, who, **more):
    assert password_step(client, who, **more).status_code == 302
    return client.post("/sign-in/code/", {"code": last_code()})


def is_in(client):
    return client.get("/account/").status_code == 200


def test_password_and_code_open_the_account_and_say_how_it_was_proven(client):
    laila = a_citizen()
    answer = password_step(client, laila)
    assert answer.headers["Location"] == "/sign-in/code/"
    assert not is_in(client)
    client.post("/sign-in/code/", {"code": last_code()})
    page = client.get("/account/")
    assert page.status_code == 200
    assert page.wsgi_request.actor.authenticated_by == ("password", "sms_code")
    assert page.wsgi_request.citizen == laila
    assert page.headers["Cache-Control"] == "no-store, private"


def test_id_numbers_may_be_typed_with_arabic_digits_and_spaces(client):
    laila = a_citizen()
    typed = laila.national_id.digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert password_step(client, f"{typed[:3]} {typed[3:]}").status_code == 302


def test_unknown_number_and_wrong_password_get_the_same_answer(client):
    laila = a_citizen()

    def answer(login, password):
        page = client.post("/sign-in/", {"national_id": login, "password": password})
        body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode()).replace(login, "")
        return page.status_code, body

    assert answer(laila.national_id.digits, "not-her-password") == answer("987654321", "not-her-password")


def test_staff_cannot_sign_in_at_the_portal_nor_citizens_at_the_desk(client):
    laila, samer = a_citizen(), a_staff(role="clerk")
    assert client.post("/sign-in/", {"national_id": samer.login, "password": PASSWORD}).status_code == 422
    assert client.post("/desk/sign-in/", {"login": laila.national_id.digits, "password": PASSWORD}).status_code == 422


def test_a_session_of_one_face_opens_nothing_in_the_other(client):
    laila = a_citizen()
    sign_in(client, laila)
    client.cookies["hukumati_desk"] = client.cookies["hukumati_portal"].value
    answer = client.get("/desk/my-sign-in/")
    assert answer.status_code == 302
    assert "/desk/sign-in/" in answer.headers["Location"]


def test_portal_and_desk_stand_open_side_by_side(client):
    laila, samer = a_citizen(), a_staff(role="clerk")
    sign_in(sign_in(client, laila), samer)
    assert client.get("/account/").wsgi_request.citizen == laila
    assert client.get("/desk/my-sign-in/").wsgi_request.staff == samer
    client.post("/desk/sign-out/")
    assert is_in(client)


def test_an_open_form_survives_a_sign_in_at_the_other_face():
    client = Client(enforce_csrf_checks=True)
    form = client.get("/sign-in/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
    client.get("/desk/sign-in/")
    assert {"csrftoken_portal", "csrftoken_desk"} <= set(client.cookies)
    answer = client.post("/sign-in/", {"national_id": "987654321", "password": "x", "csrfmiddlewaretoken": token})
    assert answer.status_code == 422
    assert client.post("/sign-in/", {"national_id": "987654321", "password": "x"}).status_code == 403


def test_five_wrong_codes_kill_the_code_even_for_the_right_one(client):
    password_step(client, a_citizen())
    code = last_code()
    for _ in range(5):
        assert client.post("/sign-in/code/", {"code": wrong(code)}).status_code == 422
    assert client.post("/sign-in/code/", {"code": code}).status_code == 422
    assert not is_in(client)


def test_a_code_works_once_and_only_in_the_request_that_asked_for_it(client):
    laila, thief = a_citizen(), Client()
    password_step(client, laila)
    first = last_code()
    password_step(thief, laila)
    assert thief.post("/sign-in/code/", {"code": first}).status_code == 422
    client.post("/sign-in/code/", {"code": first})
    assert is_in(client)
    client.post("/sign-out/")
    password_step(client, laila)
    assert client.post("/sign-in/code/", {"code": first}).status_code == 422


def test_a_code_dies_after_ten_minutes(client, monkeypatch):
    password_step(client, a_citizen())
    later = identity.find_code_sent_at("sign_in", bound_to=_bound_to(client)) + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr("hukumati.web.portal.pages.sign_in.now", lambda: later)
    assert client.post("/sign-in/code/", {"code": last_code()}).status_code == 422


def _bound_to(client):
    session = Session.objects.get(session_key=client.cookies["hukumati_portal"].value).get_decoded()
    return session["account_login"]["state"]["stages"]["sms_code"]["data"]["bound_to"]


def test_a_new_code_kills_the_old_one_and_cannot_be_asked_for_at_once(client, monkeypatch):
    password_step(client, a_citizen())
    first = last_code()
    client.post("/sign-in/code/resend/")
    assert last_code() == first
    later = access.now() + timedelta(seconds=31)
    monkeypatch.setattr("hukumati.web.portal.pages.sign_in.now", lambda: later)
    client.post("/sign-in/code/resend/")
    second = last_code()
    assert client.post("/sign-in/code/", {"code": first}).status_code == 422 or first == second
    client.post("/sign-in/code/", {"code": second})
    assert is_in(client)


def test_codes_cannot_be_asked_for_without_end(client):
    laila = a_citizen()
    for _ in range(rules.CODES_BY_ACCOUNT.amount_max):
        assert password_step(client, laila).status_code == 302
    assert password_step(client, laila).status_code == 429


def test_guessing_passwords_is_stopped_and_the_owners_own_browser_is_not():
    laila, owner, stranger = a_citizen(), Client(), Client()
    come_in(owner, laila)
    owner.post("/sign-out/")
    for _ in range(rules.PASSWORD_BY_ACCOUNT.amount_max):
        assert password_step(stranger, laila, password="guess").status_code == 422
    assert password_step(stranger, laila, password=PASSWORD).status_code == 429
    come_in(owner, laila)
    assert is_in(owner)


def test_the_lock_that_a_stranger_causes_opens_by_itself(client, monkeypatch):
    laila = a_citizen()
    for _ in range(rules.PASSWORD_BY_ACCOUNT.amount_max + 1):
        password_step(client, laila, password="guess")
    assert password_step(client, laila).status_code == 429
    later = access.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(signing_in, "now", lambda: later)
    assert password_step(client, laila).status_code == 302


def test_one_address_cannot_try_everybody(client):
    for number in range(rules.PASSWORD_BY_ADDRESS.amount_max):
        password_step(client, f"{900_000_000 + number}", password="guess")
    assert password_step(client, "912345678", password="guess").status_code == 429


def test_right_passwords_do_not_use_up_the_limit(client, monkeypatch):
    monkeypatch.setattr(signing_in, "send_sign_in_code", lambda *_args, **_kwargs: None)
    laila = a_citizen()
    for _ in range(rules.PASSWORD_BY_ACCOUNT.amount_max + 2):
        assert password_step(client, laila).status_code == 302


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_nobody_is_led_to_another_site_after_signing_in(client, address):
    assert come_in(client, a_citizen(), next=address).headers["Location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client):
    laila = a_citizen()
    asked = client.get("/inbox/?before=x")
    assert asked.headers["Location"] == "/sign-in/?next=%2Finbox%2F%3Fbefore%3Dx"
    assert come_in(client, laila, next="/inbox/?before=x").headers["Location"] == "/inbox/?before=x"


def test_the_session_key_changes_at_sign_in(client):
    client.get("/sign-in/")
    password_step(client, laila := a_citizen())
    before = client.cookies["hukumati_portal"].value
    client.post("/sign-in/code/", {"code": last_code()})
    assert client.cookies["hukumati_portal"].value != before
    assert [one.session_key for one in identity.list_sessions(laila.account_id)] == [
        client.cookies["hukumati_portal"].value
    ]


@pytest.mark.parametrize(("idle", "age", "open_"), [(29, 60, True), (31, 60, False), (5, 12 * 60 + 1, False)])
def test_sessions_end_when_idle_or_old(client, monkeypatch, idle, age, open_):
    sign_in(client, a_citizen())
    session = client.session.__class__(client.cookies["hukumati_portal"].value)
    at = access.now()
    session["seen_at"] = (at - timedelta(minutes=idle)).timestamp()
    session["signed_in_at"] = (at - timedelta(minutes=age)).timestamp()
    session.save()
    assert is_in(client) is open_


def test_a_sign_in_from_a_new_browser_is_told_once(client):
    laila = a_citizen()
    come_in(client, laila)
    client.post("/sign-out/")
    come_in(client, laila)
    told = [message.code for message in notifications.list_inbox(laila.account_id)]
    assert told == ["sign_in.new"]


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(client):
    laila, other = a_citizen(), Client()
    sign_in(client, laila)
    sign_in(other, laila)
    answer = client.post("/account/password/", {"present": PASSWORD, "password": "a-new-and-long-one"})
    assert answer.status_code == 302
    assert is_in(client)
    assert not is_in(other)
    assert len(identity.list_sessions(laila.account_id)) == 1
    assert identity.list_sessions(laila.account_id)[0].session_key == client.cookies["hukumati_portal"].value


def test_a_wrong_present_password_changes_nothing_and_is_limited(client):
    laila = a_citizen()
    sign_in(client, laila)
    for _ in range(rules.PASSWORD_BY_KNOWN_BROWSER.amount_max):
        answer = client.post("/account/password/", {"present": "wrong", "password": "a-new-and-long-one"})
        assert answer.status_code == 422
    assert client.post("/account/password/", {"present": PASSWORD, "password": "a-new-and-long-one"}).status_code == 429
    come_in(Client(), laila)


def test_a_session_is_ended_from_afar_by_its_owner_only(client):
    laila, omar, other = a_citizen(), a_citizen(), Client()
    sign_in(client, laila)
    sign_in(other, laila)
    hers = next(
        one
        for one in identity.list_sessions(laila.account_id)
        if one.session_key == other.cookies["hukumati_portal"].value
    )
    foreign = sign_in(Client(), omar)
    assert foreign.post("/account/sessions/end/", {"session": hers.key}).status_code == 404
    assert is_in(other)
    client.post("/account/sessions/end/", {"session": hers.key})
    assert not is_in(other)


def test_signing_out_is_a_post_and_ends_the_session(client):
    laila = a_citizen()
    sign_in(client, laila)
    key = client.cookies["hukumati_portal"].value
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert not Session.objects.filter(session_key=key).exists()
    assert identity.list_sessions(laila.account_id) == []


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "null",
        '{"response": 7}',
        '{"id": "x", "response": {"userHandle": "!!"}}',
        '{"rawId": "AA", "id": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}',
    ],
)
def test_a_made_up_passkey_opens_nothing(client, credential):
    a_citizen()
    client.get("/sign-in/passkey/challenge/")
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert answer.status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"national_id": "12", "password": "x"},
        {"national_id": "9" * 5000, "password": "y" * 5000},
        {"national_id": "\x00<script>", "password": "\x00"},
    ],
)
def test_bad_input_is_answered_with_422(client, body):
    answer = client.post("/sign-in/", body)
    assert answer.status_code == 422
    assert b"<script>" not in answer.content.replace(b"<script src", b"")


def test_pages_that_change_the_account_ask_again_when_the_proof_is_old(client):
    laila = a_citizen()
    sign_in(client, laila)
    session = client.session.__class__(client.cookies["hukumati_portal"].value)
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}]
    session.save()
    assert client.get("/account/passkeys/").headers["Location"] == "/account/confirm/?next=/account/passkeys/"
    assert client.post("/account/confirm/", {"password": "wrong"}).status_code == 422
    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/passkeys/"})
    assert answer.headers["Location"] == "/account/passkeys/"
    assert client.get("/account/passkeys/").status_code == 200


def test_an_unknown_number_costs_the_same_hashing_as_a_wrong_password(client, monkeypatch):
    from django.contrib.auth.hashers import get_hasher

    laila, hashed = a_citizen(), []
    kind = type(get_hasher())
    encode = kind.encode
    monkeypatch.setattr(
        kind, "encode", lambda self, *args, **kwargs: (hashed.append(1), encode(self, *args, **kwargs))[1]
    )
    for login in (laila.national_id.digits, "987654321"):
        hashed.append(f"{login}:")
        password_step(client, login, password="guess")
    assert hashed == [f"{laila.national_id.digits}:", 1, "987654321:", 1]


def test_behind_tls_cookies_are_bound_to_their_host(settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    come_in(client, a_citizen())
    for name in ("__Host-hukumati_portal", "__Host-csrftoken_portal", "__Host-hukumati_known"):
        cookie = client.cookies[name]
        assert cookie["secure"] is True
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
    assert is_in(client)
