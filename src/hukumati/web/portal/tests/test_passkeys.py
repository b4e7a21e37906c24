"""Passkeys, with real signatures: both factors in one, bound to its person, its site, its face and its challenge."""

import html
import json
import re

import pytest
from django.test import Client

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import a_citizen, a_staff, sign_in
from hukumati.domain.identity.tests.passkey import Passkey
from hukumati.domain.notifications import api as notifications
from hukumati.domain.notifications.models import Delivery

pytestmark = pytest.mark.django_db
PATHS = {"portal": "/account/passkeys/", "desk": "/desk/my-sign-in/"}


def options_on(client, path):
    page = client.get(path).content.decode()
    return json.loads(html.unescape(re.search(r'data-passkey-add="([^"]+)"', page).group(1)))


def with_passkey(who, face="portal"):
    client, passkey = sign_in(Client(), who), Passkey()
    credential = passkey.make(options_on(client, PATHS[face]))
    assert client.post(PATHS[face], {"name": "هاتفي", "credential": credential}).status_code == 302
    return passkey


def show(client, passkey, *, face="", **more):
    challenge = client.get(f"{face}/sign-in/passkey/challenge/").json()
    return client.post(f"{face}/sign-in/passkey/", {"credential": passkey.show(challenge, **more)})


def is_in(client):
    return client.get("/account/").status_code == 200


def test_a_passkey_opens_the_account_without_password_and_code(client):
    laila = a_citizen()
    passkey = with_passkey(laila)
    before = Delivery.objects.filter(secret=True).count()
    assert show(client, passkey).status_code == 302
    page = client.get("/account/")
    assert page.wsgi_request.actor.authenticated_by == ("passkey",)
    assert page.wsgi_request.citizen == laila
    assert Delivery.objects.filter(secret=True).count() == before


def test_adding_a_passkey_is_told_and_listed(client):
    laila = a_citizen()
    with_passkey(laila)
    assert [one.name for one in identity.list_passkeys(laila.account_id)] == ["هاتفي"]
    assert notifications.list_inbox(laila.account_id)[0].code == "passkey.added"


def test_an_answer_works_once(client):
    passkey = with_passkey(a_citizen())
    challenge = client.get("/sign-in/passkey/challenge/").json()
    answer = passkey.show(challenge)
    assert client.post("/sign-in/passkey/", {"credential": answer}).status_code == 302
    thief = Client()
    thief.get("/sign-in/passkey/challenge/")
    assert thief.post("/sign-in/passkey/", {"credential": answer}).status_code == 422
    assert not is_in(thief)


def test_an_answer_given_to_a_false_site_opens_nothing(client):
    assert show(client, with_passkey(a_citizen()), origin="https://testserver.evil.example").status_code == 422
    assert not is_in(client)


def test_somebody_elses_name_on_a_passkey_opens_nothing(client):
    passkey, omar = with_passkey(a_citizen()), with_passkey(a_citizen())
    passkey.owner = omar.owner
    assert show(client, passkey).status_code == 422


def test_a_device_that_did_not_check_its_owner_is_not_added(client):
    laila = a_citizen()
    sign_in(client, laila)
    credential = Passkey().make(options_on(client, PATHS["portal"]), verified=False)
    assert client.post(PATHS["portal"], {"name": "x", "credential": credential}).status_code == 422
    assert identity.list_passkeys(laila.account_id) == []


def test_a_passkey_of_one_face_opens_nothing_at_the_other(client):
    citizens, staffs = with_passkey(a_citizen()), with_passkey(a_staff(role="clerk"), face="desk")
    assert show(client, citizens, face="/desk").status_code == 422
    assert show(client, staffs).status_code == 422
    assert show(client, staffs, face="/desk").status_code == 302
    assert client.get("/desk/my-sign-in/").wsgi_request.actor.authenticated_by == ("passkey",)


def test_a_removed_passkey_opens_nothing(client):
    laila = a_citizen()
    passkey = with_passkey(laila)
    [kept] = identity.list_passkeys(laila.account_id)
    owner = sign_in(Client(), laila)
    assert (
        sign_in(Client(), a_citizen()).post("/account/passkeys/remove/", {"passkey": kept.passkey_id}).status_code
        == 302
    )
    assert identity.list_passkeys(laila.account_id) == [kept]
    owner.post("/account/passkeys/remove/", {"passkey": kept.passkey_id})
    assert show(client, passkey).status_code == 422


def test_staff_keep_their_last_second_factor():
    from hukumati.domain.identity.tests.builders import NOON, actor_of

    nadia = a_staff(totp_secret=None)
    with_passkey(nadia, face="desk")
    [kept] = identity.list_passkeys(nadia.account_id)
    with pytest.raises(identity.LastSecondFactor):
        identity.remove_passkey(nadia.account_id, kept.passkey_id, by=actor_of(nadia), at=NOON)
