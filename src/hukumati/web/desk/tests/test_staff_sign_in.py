"""Employees come in with two proofs or not at all."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from hukumati.domain.identity import rules
from hukumati.domain.identity.tests.builders import PASSWORD, TOTP_SECRET, a_staff, sign_in

pytestmark = pytest.mark.django_db


def app_code(secret=TOTP_SECRET, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def password_step(client, samer):
    return client.post("/desk/sign-in/", {"login": samer.login, "password": PASSWORD})


def is_in(client):
    return client.get("/desk/my-sign-in/").status_code == 200


def test_password_and_app_open_the_desk(client):
    samer = a_staff(role="clerk")
    assert password_step(client, samer).headers["Location"] == "/desk/sign-in/second-factor/"
    assert not is_in(client)
    client.post("/desk/sign-in/second-factor/", {"code": app_code()})
    page = client.get("/desk/my-sign-in/")
    assert page.status_code == 200
    actor = page.wsgi_request.actor
    assert actor.authenticated_by == ("password", "totp")
    assert actor.roles == {"clerk"}
    assert page.wsgi_request.staff == samer


def test_no_sms_is_ever_sent_for_staff(client):
    from hukumati.domain.notifications.models import Delivery

    password_step(client, a_staff())
    assert not Delivery.objects.exists()
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_a_code_of_the_app_works_once(client):
    samer, other = a_staff(), Client()
    code = app_code()
    password_step(client, samer)
    client.post("/desk/sign-in/second-factor/", {"code": code})
    password_step(other, samer)
    assert other.post("/desk/sign-in/second-factor/", {"code": code}).status_code == 422
    assert not is_in(other)


def test_guessing_the_second_factor_is_stopped(client):
    samer = a_staff()
    password_step(client, samer)
    wrong = f"{(int(app_code()) + 1) % 1_000_000:06d}"
    statuses = {
        client.post("/desk/sign-in/second-factor/", {"code": wrong}).status_code
        for _ in range(rules.SECOND_FACTOR_BY_ACCOUNT.amount_max)
    }
    assert statuses == {422}
    assert client.post("/desk/sign-in/second-factor/", {"code": app_code()}).status_code == 429


def test_who_has_no_second_factor_sets_one_up_first(client):
    nadia = a_staff(totp_secret=None)
    assert password_step(client, nadia).headers["Location"] == "/desk/sign-in/set-up/"
    assert not is_in(client)
    page = client.get("/desk/sign-in/set-up/").content.decode()
    assert "style=" not in page
    secret = re.search(r"<code>.*?>([A-Z2-7 ]{32,})<", page).group(1).replace(" ", "")
    assert (
        client.post("/desk/sign-in/set-up/", {"code": f"{(int(app_code(secret)) + 1) % 1_000_000:06d}"}).status_code
        == 422
    )
    client.post("/desk/sign-in/set-up/", {"code": app_code(secret)})
    assert is_in(client)
    kept = Authenticator.objects.get(user_id=nadia.account_id)
    assert secret not in str(kept.data)


def test_set_up_is_closed_to_who_has_a_second_factor(client):
    password_step(client, a_staff())
    assert client.get("/desk/sign-in/set-up/").headers["Location"] == "/desk/sign-in/"
    assert client.post("/desk/sign-in/set-up/", {"code": "123456"}).headers["Location"] == "/desk/sign-in/"


def test_the_desk_asks_to_sign_in_and_leads_back(client):
    answer = client.get("/desk/my-sign-in/")
    assert answer.headers["Location"] == "/desk/sign-in/?next=%2Fdesk%2Fmy-sign-in%2F"


def test_staff_sessions_are_short(client, monkeypatch):
    from datetime import timedelta

    from hukumati.web.ui import access

    sign_in(client, a_staff())
    later = access.now() + timedelta(minutes=16)
    monkeypatch.setattr(access, "now", lambda: later)
    assert not is_in(client)


def test_a_role_opens_only_its_pages(client):
    from django.core.exceptions import PermissionDenied
    from django.test import RequestFactory

    from hukumati.domain.identity.api import Role
    from hukumati.web.ui.access import staff_only

    view = staff_only(Role.AUDITOR)(lambda _request: None)
    request = RequestFactory().get("/desk/x")
    request.staff = a_staff(role="clerk")
    with pytest.raises(PermissionDenied):
        view(request)


def test_english_pages_of_the_desk_have_the_desks_session(client):
    sign_in(client, a_staff())
    assert client.get("/en/desk/my-sign-in/").status_code == 200


def test_an_employee_changes_the_password(client):
    samer, other = a_staff(role="clerk"), Client()
    sign_in(client, samer)
    sign_in(other, samer)
    assert (
        client.post("/desk/my-sign-in/password/", {"present": "wrong", "password": "a-new-and-long-one"}).status_code
        == 422
    )
    assert (
        client.post("/desk/my-sign-in/password/", {"present": PASSWORD, "password": "a-new-and-long-one"}).status_code
        == 302
    )
    assert is_in(client)
    assert not is_in(other)


def test_set_up_and_security_pages_stand_in_both_languages(client):
    sign_in(client, a_staff())
    for path in ("/desk/my-sign-in/", "/desk/my-sign-in/password/"):
        for prefix, language in (("", "ar"), ("/en", "en")):
            page = client.get(prefix + path)
            assert page.status_code == 200
            assert f'lang="{language}"' in page.content.decode()
            assert " style=" not in page.content.decode()
