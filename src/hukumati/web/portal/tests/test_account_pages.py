"""The pages of the account, in both languages, and what can be changed there."""

import re

import pytest
from django.test import Client

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import NOON, PASSWORD, a_citizen, a_staff, sign_in
from hukumati.domain.notifications import api as notifications
from hukumati.domain.notifications.models import Delivery

pytestmark = pytest.mark.django_db
OPEN = ["/sign-in/", "/sign-up/", "/reset-password/", "/desk/sign-in/"]
OWN = [
    "/account/",
    "/account/password/",
    "/account/email/",
    "/account/confirm/",
    "/account/passkeys/",
    "/account/reads/",
    "/inbox/",
]


def last_code():
    return re.search(r"\d{6}", Delivery.objects.filter(secret=True).latest("pk").body).group()


def a_message(who, code="document.ready", about="A-2026-7K3QX9AB"):
    return notifications.tell(
        who.account_id,
        code=code,
        facts={"reference": about, "service": "x", "document": "D-2026-7K3QX9AB"},
        about=about,
        at=NOON,
    )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", OPEN + OWN)
def test_every_page_stands_in_both_languages_and_keeps_to_the_content_policy(path, prefix):
    client, laila = Client(), a_citizen()
    if path in OWN:
        sign_in(client, laila)
        a_message(laila)
    page = client.get(prefix + path)
    body = page.content.decode()
    assert page.status_code == 200
    assert f'lang="{"en" if prefix else "ar"}" dir="{"ltr" if prefix else "rtl"}"' in body
    assert " style=" not in body
    assert not re.search(r"<script(?![^>]*\bsrc=)", body)
    assert not re.search(r"\son\w+=", body)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    if path in OWN:
        assert page.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", OWN)
def test_pages_of_the_account_are_closed_to_strangers_and_staff(path):
    for client in (Client(), sign_in(Client(), a_staff(role="operator"))):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_the_account_page_masks_number_and_phone(client):
    laila = a_citizen(mobile="+970599123456")
    body = sign_in(client, laila).get("/account/").content.decode()
    assert laila.national_id.digits not in body
    assert "599123456" not in body
    assert "456" in body


def test_the_language_of_messages_is_chosen_and_the_page_follows(client):
    laila = a_citizen()
    sign_in(client, laila)
    assert client.post("/account/language/", {"language": "en"}).headers["Location"] == "/en/account/"
    assert identity.get_citizen(laila.account_id).language == "en"
    client.post("/en/account/language/", {"language": "fr"})
    assert identity.get_citizen(laila.account_id).language == "en"


def test_an_email_address_counts_only_when_its_code_came_back(client):
    laila = a_citizen()
    sign_in(client, laila)
    assert client.post("/account/email/", {"email": "laila@example.org"}).headers["Location"] == "/account/email/code/"
    assert identity.get_citizen(laila.account_id).email == ""
    assert Delivery.objects.latest("pk").to == "laila@example.org"
    client.post("/account/email/code/", {"code": last_code()})
    assert identity.get_citizen(laila.account_id).email == "laila@example.org"
    assert notifications.list_inbox(laila.account_id)[0].code == "email.changed"


def test_a_code_for_one_address_does_not_prove_another(client):
    laila = a_citizen()
    sign_in(client, laila)
    client.post("/account/email/", {"email": "laila@example.org"})
    first = last_code()
    client.post("/account/email/", {"email": "thief@example.org"})
    if last_code() != first:
        assert client.post("/account/email/code/", {"code": first}).status_code == 422
    assert identity.get_citizen(laila.account_id).email == ""


@pytest.mark.parametrize(
    "typed", ["laila", "laila@", "a@b@c", "x" * 300 + "@example.org", "a@example.org\r\nBcc: b@example.org"]
)
def test_a_malformed_address_is_said_so(client, typed):
    sign_in(client, a_citizen())
    assert client.post("/account/email/", {"email": typed}).status_code == 422


def test_opening_a_message_reads_it_and_leads_to_the_application(client):
    laila = a_citizen()
    reference = a_message(laila)
    sign_in(client, laila)
    assert client.get("/inbox/").content.decode().count("tag-info") == 1
    assert "/applications/A-2026-7K3QX9AB/" in client.get(f"/inbox/{reference}/").content.decode()
    assert notifications.count_unread(laila.account_id) == 0


def test_a_message_of_somebody_else_is_not_found(client):
    reference = a_message(a_citizen())
    assert sign_in(client, a_citizen()).get(f"/inbox/{reference}/").status_code == 404
    assert client.get("/inbox/M-2026-ZZZZZZZZ/").status_code == 404


def test_a_long_inbox_goes_on(client):
    from datetime import timedelta

    laila = a_citizen()
    for number in range(25):
        notifications.tell(laila.account_id, code="welcome", facts={}, about="", at=NOON + timedelta(minutes=number))
    sign_in(client, laila)
    first = client.get("/inbox/").content.decode()
    older = re.search(r'href="(/inbox/\?before=[^"]+)"', first).group(1)
    assert first.count("<article") == 20
    assert client.get(older).content.decode().count("<article") == 5


@pytest.mark.parametrize("before", ["x", "2026-13-45T99:00:00Z", "2026-01-01", "\x00", "9" * 400])
def test_a_made_up_place_in_a_list_is_its_beginning(client, before):
    sign_in(client, a_citizen())
    assert client.get("/inbox/", {"before": before}).status_code == 200
    assert client.get("/account/reads/", {"before": before}).status_code == 200


def test_a_weak_new_password_is_named_and_nothing_changes(client):
    laila = a_citizen()
    sign_in(client, laila)
    assert (
        client.post("/account/password/", {"present": PASSWORD, "password": laila.national_id.digits}).status_code
        == 422
    )
    assert client.post("/account/password/", {"present": PASSWORD, "password": ""}).status_code == 422
    assert (
        Client().post("/sign-in/", {"national_id": laila.national_id.digits, "password": PASSWORD}).status_code == 302
    )


@pytest.mark.parametrize("session", ["", "x", "-1", "9" * 30])
def test_an_unknown_session_is_not_found(client, session):
    assert sign_in(client, a_citizen()).post("/account/sessions/end/", {"session": session}).status_code == 404
