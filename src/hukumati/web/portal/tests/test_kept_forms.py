"""A session that ends in the middle of a form loses nothing that was typed, and shows it to nobody else."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from hukumati.domain.identity.tests.builders import a_citizen, sign_in
from hukumati.processes.applications.tests.builders import CERTIFICATE, SALMA, a_draft, a_person_of_the_cast, published
from hukumati.web.ui import kept_forms
from tests.outside import registries  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]
TYPED = {"language": "both", "copies": "9"}  # nine copies are too many: what is wrong is kept, too


@pytest.fixture
def salma():
    published(CERTIFICATE)
    return a_person_of_the_cast(SALMA)


@pytest.fixture
def page(salma):
    case = a_draft(salma, answers={"record": {}})
    return f"/applications/{case.reference}/form/certificate/"


def grow_old(client):
    """As if nobody had touched the page for a day."""
    session = client.session.__class__(client.cookies["hukumati_portal"].value)
    session["seen_at"] = session["signed_in_at"] = time.time() - 86_400
    session.save()


def come_back(client, who):
    """Sign in again in the same browser: what its anonymous session holds goes along, as through the pages."""
    kept = dict(Session.objects.get(session_key=client.cookies["hukumati_portal"].value).get_decoded())
    sign_in(client, who)
    session = client.session.__class__(client.cookies["hukumati_portal"].value)
    session.update(kept)
    session.save()


def interrupted(who, page):
    client = Client()
    sign_in(client, who)
    grow_old(client)
    answer = client.post(page, TYPED)
    assert answer.status_code == 302
    assert answer["location"].startswith("/sign-in/?next=")
    return client


def test_what_was_typed_is_there_after_signing_in_again(salma, page):
    client = interrupted(salma, page)
    come_back(client, salma)
    shown = client.get(page).content.decode()
    assert 'value="9"' in shown
    assert "ما كتبته ما زال هنا" in shown
    assert 'value="9"' not in client.get(page).content.decode()  # once: the page is its draft's again


def test_another_person_at_the_same_browser_is_not_shown_it(salma, page):
    client = interrupted(salma, page)
    come_back(client, a_citizen())
    assert client.get(page).status_code == 404


def test_it_is_kept_for_half_an_hour(salma, page, monkeypatch):
    client = interrupted(salma, page)
    monkeypatch.setattr(kept_forms, "KEPT_SECONDS", -1)
    come_back(client, salma)
    assert 'value="9"' not in client.get(page).content.decode()


def test_a_session_that_was_ended_on_purpose_keeps_nothing(salma, page):
    client = Client()
    sign_in(client, salma)
    Session.objects.all().delete()
    client.post(page, TYPED)
    assert not any(kept_forms.KEPT in session.get_decoded() for session in Session.objects.all())


@pytest.mark.parametrize(
    ("path", "typed"), [("/account/password/", {"present": "secret"}), (None, {"copies": "9" * 20_001})]
)
def test_secrets_and_monstrous_forms_are_not_kept(salma, page, path, typed):
    client = Client()
    sign_in(client, salma)
    grow_old(client)
    client.post(path or page, typed)
    assert not any(kept_forms.KEPT in session.get_decoded() for session in Session.objects.all())
