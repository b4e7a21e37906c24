"""Described services, subjects, events of life, the way online, and the catalogue to take along, as anybody sees them."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from hukumati.web.portal.tests.test_catalogue_pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _listed():
    call_command("services", "publish", "interior.birth_certificate_copy", stdout=io.StringIO())
    call_command("services", "import", stdout=io.StringIO())


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "page",
    [
        "/services/interior.passport_renewal/",
        "/categories/civil/",
        "/life-events/death/",
        "/institutions/interior/",
        "/progress/",
        "/",
        "/services/?page=2",
    ],
)
def test_every_page_opens_in_both_languages(client, page, prefix):
    assert client.get(prefix + page).status_code == 200


@pytest.mark.parametrize("page", ["/categories/nothing/", "/life-events/nothing/", "/services/interior.nothing/"])
def test_what_does_not_exist_is_not_found(client, page):
    assert client.get(page).status_code == 404


def test_a_described_service_says_what_to_bring_where_to_go_and_that_it_is_invented(client):
    page = client.get("/en/services/transport.vehicle_ownership_transfer/")
    said = words_of(page)
    for words in (
        "Not online yet",
        "Vehicle licence",
        "Licensing office, Hebron",
        "250.00",
        "Demonstration data",
        "Process redesigned",
        "Responsible:",
    ):
        assert words in said, words
    assert "/start/" not in page.content.decode()


def test_nobody_can_start_what_is_only_described(client):
    for page in ("/start/interior.passport_renewal/", "/ask/interior.passport_renewal/"):
        assert client.get(page).status_code in {302, 404, 405}


def test_an_event_of_life_brings_together_what_several_institutions_give(client):
    said = words_of(client.get("/en/life-events/death/"))
    assert "Registration of a death" in said
    assert "Ministry of Finance" in said


def test_an_institution_tells_its_figures(client):
    said = words_of(client.get("/en/institutions/interior/"))
    assert "Online for everyone 1" in said
    assert "Median promised time" in said


def test_the_way_online_is_drawn_and_told_as_a_table(client):
    page = client.get("/en/progress/")
    said = words_of(page)
    assert "The programme moves 1,400 services." in said or "The programme moves 1400 services." in said
    assert "January 2027" in said
    assert "burn-up-plan" in page.content.decode()


@pytest.mark.parametrize("page", ["/catalogue.csv", "/catalogue.jsonld", "/catalogue/dataset.jsonld"])
def test_the_catalogue_is_kept_by_whoever_has_it_already(client, page):
    first = client.get(page)
    body = b"".join(first.streaming_content)
    assert len(body) > 500
    assert "public" in first["Cache-Control"]
    again = client.get(page, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    call_command("services", "suspend", "interior.birth_certificate_copy", "--reason", "a test")
    assert client.get(page, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_what_is_taken_along_says_what_the_pages_say(client):
    told = json.loads(b"".join(client.get("/catalogue.jsonld").streaming_content))
    names = {node.get("dct:identifier"): node for node in told["@graph"]}
    assert names["interior.passport_renewal"]["dct:title"][1]["@value"] == "Passport renewal"


def test_pages_of_thousands_cost_few_queries(client, django_assert_max_num_queries):
    # One of them is whether registers answer, and that once in some seconds for all pages of a process.
    for page, queries_max in (
        ("/categories/civil/", 3),
        ("/life-events/birth/", 3),
        ("/institutions/interior/", 6),
        ("/progress/", 4),
    ):
        with django_assert_max_num_queries(queries_max):
            client.get(page)
