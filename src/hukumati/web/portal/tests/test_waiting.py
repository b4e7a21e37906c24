"""The line before signing in: fair, honest, and no place is lost by reloading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from hukumati.domain.identity.tests.builders import PASSWORD, a_citizen, sign_in
from hukumati.infra.turns.api import Pace
from hukumati.infra.turns.models import Room
from hukumati.web.portal.pages import waiting
from hukumati.web.ui import waiting_room

pytestmark = pytest.mark.django_db
HERE = "/en/waiting/sign-in/"


@pytest.fixture(autouse=True)
def slow_door(monkeypatch):
    """One sign-in in ten seconds, two at once."""
    monkeypatch.setattr(waiting, "SIGN_IN_ROOM", waiting_room.Room("sign_in", Pace(0.1, 2)))


@pytest.fixture
def crowd():
    """Four came before: two were let in, two wait."""
    for _ in range(4):
        waiting_room.take_turn(waiting.SIGN_IN_ROOM)


def typed(who):
    return {"national_id": who.national_id.digits, "password": PASSWORD}


def place_of(client):
    page = client.get(HERE).content.decode()
    return page[page.index("<title>") : page.index("</title>")]


def test_while_nobody_waits_nobody_sees_the_room(client):
    assert client.get("/en/sign-in/").status_code == 200
    assert client.post("/en/sign-in/", typed(a_citizen())).headers["location"].endswith("/sign-in/code/")


def test_who_comes_to_a_crowd_takes_a_place_before_typing(client, crowd):
    assert client.get("/en/sign-in/?next=/en/account/").headers["location"] == f"{HERE}?next=%2Fen%2Faccount%2F"
    assert "Many people are here now" in client.get(HERE).content.decode()
    assert client.post(HERE, {"next": "/en/account/"}).headers["location"] == f"{HERE}?next=%2Fen%2Faccount%2F"
    assert "Place 3" in place_of(client)


def test_reloading_and_posting_again_keep_the_place(client, crowd):
    client.post(HERE)
    before = Room.objects.get().due_at
    for _ in range(3):
        client.get(HERE)
        client.post(HERE)
    assert Room.objects.get().due_at == before
    assert "Place 3" in place_of(client)
    other = Client()
    other.post(HERE)
    assert "Place 4" in place_of(other)


def test_what_is_sent_too_early_is_not_looked_at_and_keeps_its_place(client, crowd):
    answer = client.post("/en/sign-in/", typed(a_citizen()))
    assert answer.headers["location"].startswith(HERE)
    assert "Place 3" in place_of(client)


def test_when_it_is_ones_turn_the_door_is_open(client, crowd, monkeypatch):
    client.post(HERE)
    later = now() + timedelta(seconds=31)
    monkeypatch.setattr(waiting_room, "now", lambda: later)
    assert client.get(HERE).headers["location"] == "/en/sign-in/"
    assert client.get("/en/sign-in/").status_code == 200
    assert client.post("/en/sign-in/", typed(a_citizen())).headers["location"].endswith("/sign-in/code/")


def test_a_turn_that_nobody_used_is_over(client, crowd, monkeypatch):
    client.post(HERE)
    later = now() + timedelta(seconds=31) + waiting_room.GRACE
    monkeypatch.setattr(waiting_room, "now", lambda: later)
    assert waiting_room.find_turn(client.get(HERE).wsgi_request, waiting.SIGN_IN_ROOM) is None


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", '{"room":"sign_in"}', "é" * 50, "x" * 5000])
def test_a_forged_ticket_was_never_there(client, crowd, forged):
    client.cookies["hukumati_turn_sign_in"] = forged
    assert client.get("/en/sign-in/").headers["location"] == HERE
    assert client.get(HERE).status_code == 200


def test_a_ticket_is_good_for_its_own_room(client, crowd):
    client.post(HERE)
    other = waiting_room.Room("results", Pace(1))
    request = client.get(HERE).wsgi_request
    request.COOKIES[other.cookie] = request.COOKIES[waiting.SIGN_IN_ROOM.cookie]
    assert waiting_room.find_turn(request, other) is None
    assert waiting_room.find_turn(request, waiting_room.Room("sign_in", Pace(0.1), "another holder")) is None


def test_an_address_takes_a_bounded_number_of_places(crowd):
    taken = [Client().post(HERE).status_code for _ in range(waiting.TAKEN_BY_ADDRESS.amount_max + 1)]
    assert (taken[0], taken[-1]) == (302, 429)


def test_a_service_under_surge_has_its_line_and_nobody_signs_in_twice(client, monkeypatch):
    from hukumati.processes.applications.tests.builders import published

    published("education.tawjihi_result")
    citizen = a_citizen()
    sign_in(client, citizen)
    monkeypatch.setattr(waiting, "Pace", lambda *_declared, **_more: Pace(0.1, 1))
    here, asking = "/en/waiting/education.tawjihi_result/", "/en/ask/education.tawjihi_result/"
    assert client.get(here).headers["location"] == asking  # who holds no turn is led to the door
    assert client.get(asking).status_code == 200  # nobody waits
    for _ in range(3):
        waiting_room.take_turn(waiting_room.Room("education.tawjihi_result", Pace(0.1, 1)))
    assert client.get(asking).headers["location"] == here
    page = client.get(here).content.decode()
    assert "You are in the line" in page
    assert "You need not sign in again" in page
    assert client.get(asking).headers["location"] == here
    assert Room.objects.count() == 1
    later = now() + timedelta(seconds=31)
    monkeypatch.setattr(waiting_room, "now", lambda: later)
    assert client.get(here).headers["location"] == asking
    assert client.get(asking).status_code == 200


def test_who_sends_the_form_again_and_again_takes_no_more_places_than_who_asks_for_them(crowd):
    typed_by_nobody = {"national_id": "900000167", "password": "x"}
    sent = [
        Client().post("/en/sign-in/", typed_by_nobody).status_code
        for _ in range(waiting.TAKEN_BY_ADDRESS.amount_max + 1)
    ]
    assert (sent[0], sent[-1]) == (302, 429)
