"""The counter and the phone, side by side: what each page shows at each moment."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.processes.applications.tests.builders import CERTIFICATE, SALMA, a_draft, a_person_of_the_cast, published
from tests.outside import registries  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]
CODE = re.compile(r"(\d{4}) (\d{4})</bdi>")


@pytest.fixture
def salma():
    published(CERTIFICATE)
    return a_person_of_the_cast(SALMA)


@pytest.fixture
def draft(salma):
    return a_draft(salma, answers={"record": {}})


@pytest.fixture
def phone(salma):
    return sign_in(Client(), salma)


@pytest.fixture
def counter():
    return sign_in(Client(), a_staff(role="postal_clerk", institution="post", office="post-nablus"))


def send(client, address, **typed):
    answer = client.post(address, typed)
    assert answer.status_code == 302, answer.content.decode()
    return answer["location"]


def test_from_the_code_to_the_closed_draft(phone, counter, draft, salma):
    mine = f"/en/applications/{draft.reference}/help/"
    send(phone, mine, word="offer")
    code = "".join(CODE.search(phone.get(mine).content.decode()).groups())
    assert code not in sign_in(Client(), salma).get(mine).content.decode()  # another device of hers
    help_ = send(counter, "/en/desk/help/", code=f"{code[:4]}-{code[4:]}")
    assert salma.name.family_ar not in counter.get(help_).content.decode()
    assert counter.get(f"{help_}form/certificate/").status_code == 404
    asked = phone.get(mine).content.decode()
    assert "Somebody asks to help" in asked
    assert "Nablus" in asked
    send(phone, mine, word="allow", help=help_.split("/")[-2])
    shown = counter.get(help_).content.decode()
    assert salma.name.ar in shown
    assert "Missing" in shown
    assert counter.get(f"{help_}whom/").status_code == 200
    wrong = counter.post(f"{help_}form/certificate/", {"language": "ar", "copies": "9"})
    assert wrong.status_code == 422
    assert 'value="9"' in wrong.content.decode()
    send(counter, f"{help_}form/certificate/", language="ar", copies="2")
    send(counter, f"{help_}form/receiving/", pick_up="download")
    assert "Everything is answered" in counter.get(help_).content.decode()
    assert "A page filled in with help" in phone.get(f"/en/applications/{draft.reference}/").content.decode()
    send(counter, f"{help_}close/")
    assert "not open to you" in counter.get(help_).content.decode()


def test_no_opens_nothing_and_a_wrong_code_is_said(phone, counter, draft):
    wrong = counter.post("/en/desk/help/", {"code": "00000000"})
    assert wrong.status_code == 422
    assert "No draft waits under this code" in wrong.content.decode()
    mine = f"/en/applications/{draft.reference}/help/"
    send(phone, mine, word="offer")
    code = "".join(CODE.search(phone.get(mine).content.decode()).groups())
    help_ = send(counter, "/en/desk/help/", code=code)
    send(phone, mine, word="decline", help=help_.split("/")[-2])
    assert "not open to you" in counter.get(help_).content.decode()
    assert counter.post(f"{help_}form/certificate/", {"language": "ar", "copies": "1"}).status_code == 404


def test_there_is_no_help_with_what_was_sent(phone, salma):
    filed = a_draft(salma)
    page = phone.get(f"/en/applications/{filed.reference}/check/").content.decode()
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    send(phone, f"/en/applications/{filed.reference}/send/", revision=revision)
    assert send(phone, f"/en/applications/{filed.reference}/help/", word="offer").endswith(f"/{filed.reference}/")
