"""Home, catalogue, service, institution and search pages, as anybody sees them."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils.timezone import now

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.tests.builders import publish_all, published
from hukumati.domain.exchange import watch
from hukumati.domain.exchange.tests.fakes import FakeRegistry
from hukumati.domain.identity.tests.builders import a_citizen, sign_in
from hukumati.kernel.actor import system
from hukumati.web.portal.pages import services
from hukumati.web.ui.icons import icon

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
BY = system("tests")
BIRTH = "interior.birth_certificate_copy"
LICENCE = "transport.driving_licence_status"
RENEWAL = "transport.driving_licence_renewal"
PUBLIC_PAGES = [
    "/", "/services/", "/services/?institution=interior", "/services/?online=1", "/services/?institution=nowhere", f"/services/{BIRTH}/", f"/services/{LICENCE}/",
    f"/services/{RENEWAL}/", "/institutions/interior/", "/institutions/cabinet/", "/categories/civil/", "/life-events/birth/", "/progress/", "/search/", "/search/?q=ميلاد", "/search/?q=xyzzyqwert", "/search/suggestions/?q=رخص",
]  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    fake = FakeRegistry()
    monkeypatch.setattr(watch, "adapter", lambda _port: fake)
    watch.forget()
    yield fake
    watch.forget()


@pytest.fixture(autouse=True)
def _published():
    publish_all(at=AT)


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_every_page_opens_for_anybody_in_both_languages(client, page, prefix):
    response = client.get(prefix + page)
    assert response.status_code == 200
    if "suggestions" not in page:
        assert f'lang="{"en" if prefix else "ar"}"' in response.content.decode()


@pytest.mark.parametrize("page", ["/services/interior.nothing/", "/services/%27%20or%201=1/", "/institutions/nowhere/"])
def test_what_does_not_exist_is_not_found(client, page):
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_pages_take_no_post(client, page):
    assert client.post(page).status_code == 405


def test_the_service_page_says_all_before_one_starts(client):
    said = words_of(client.get(f"/en/services/{BIRTH}/"))
    for words in (
        "for yourself, or for your children or parents",
        "No papers.",
        "Demonstration fee tariff, article 3/1",
        "Demonstration fee tariff, article 1/2",
        "15.00",
        "Demonstration civil status regulation, article 14",
        "Cash at a post office",
        "Interior directorate, Nablus",
        "To issue a copy of the birth certificate",
        "We ask you 5 things",
        "Start now",
    ):
        assert words in said, words
    assert re.search(r"by \w+day \d+ \w+ 20\d\d at the latest", said)


@pytest.mark.parametrize(
    ("copies", "total"),
    [("3", "35.00"), ("5", "55.00"), ("99", "55.00"), ("0", "15.00"), ("-1", "15.00"), ("٣", "35.00"), ("x", "15.00")],
)
def test_the_fee_is_counted_by_the_same_rule_as_the_charge(client, copies, total):
    assert total in words_of(client.get(f"/en/services/{BIRTH}/", {"copies": copies}))


def test_a_registry_that_is_down_is_said_at_once(client, registry):
    registry.up = False
    said = words_of(client.get(f"/en/services/{BIRTH}/"))
    assert "A registry does not answer just now" in said
    assert "Civil registry – Ministry of Interior" in said


def test_a_card_says_whether_what_its_service_asks_answers_now(client, registry, monkeypatch):
    def cards():
        watch.forget()
        page = client.get("/en/services/").content.decode()
        return {re.search(r'href="/en/services/([^/]+)/', card)[1]: card for card in page.split("<article")[1:]}

    assert "Answers now" not in cards()[LICENCE]  # nobody has asked yet, and a list does not ask
    monkeypatch.setattr(registry, "check", lambda _registry, *, service: service != "driving-licences")
    watch.check_all(at=now())
    told = cards()
    assert "Register silent now" in told[LICENCE]
    assert "Register silent now" in told[RENEWAL]
    assert "Answers now" in told[BIRTH]
    assert "Answers now" in told["transport.vehicle_licence_status"]


def test_an_inquiry_asks_to_sign_in_and_then_to_be_answered(client):
    page = client.get(f"/services/{LICENCE}/").content.decode()
    assert f"/sign-in/?next=/services/{LICENCE}/" in page
    sign_in(client, a_citizen())
    page = client.get(f"/services/{LICENCE}/").content.decode()
    assert f'method="post" action="/ask/{LICENCE}/"' in page


def test_a_pilot_is_seen_by_all_and_started_by_its_audience(client, tmp_path):
    shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")
    folder = tmp_path / "services" / "interior" / "birth_certificate_copy"
    toml = folder / "service.toml"
    toml.write_text(
        toml.read_text()
        .replace("version = 2", "version = 3")
        .replace('stage = "open"', 'stage = "pilot"\naudience = ["public_employee"]')
    )
    published(folder, at=AT)
    start = f'href="/en/start/{BIRTH}/"'
    stranger = client.get(f"/en/services/{BIRTH}/")
    assert "On trial with public employees" in words_of(stranger)
    assert start not in stranger.content.decode()
    sign_in(client, a_citizen())
    assert start not in client.get(f"/en/services/{BIRTH}/").content.decode()
    sign_in(client, a_citizen(public_employee=True))
    assert start in client.get(f"/en/services/{BIRTH}/").content.decode()


def test_a_suspended_service_says_so_and_offers_no_start(client):
    catalogue.suspend(BIRTH, reason="maintenance of the register", by=BY, at=AT)
    page = client.get(f"/en/services/{BIRTH}/")
    assert "This service is suspended for now" in words_of(page)
    assert "/start/" not in page.content.decode()
    assert "maintenance of the register" not in words_of(page)


def test_search_marks_what_matched_and_an_empty_search_shows_a_way_on(client):
    assert "<mark>ميلاد</mark>" in client.get("/search/", {"q": "الميلاد"}).content.decode()
    nothing = words_of(client.get("/en/search/", {"q": "xyzzyqwert"}))
    assert "Nothing found for “xyzzyqwert”" in nothing
    assert "Perhaps one of these" in nothing


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "' | & ! :*", "%00", "a" * 5000, "\u202eميلاد", "😀"])
def test_whatever_is_typed_comes_back_as_text(client, typed):
    for page in ("/search/", "/search/suggestions/"):
        response = client.get(page, {"q": typed})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
        assert "\u202e" not in response.content.decode()


def test_an_open_service_stands_before_one_that_is_not_online(client):
    (first, *_rest) = catalogue.search("شهادات الميلاد", on=AT.date())
    assert first.service.id == BIRTH


def test_pages_cost_few_queries(client, django_assert_max_num_queries):
    for page, queries_max in (("/", 2), ("/services/", 3), (f"/services/{BIRTH}/", 4), ("/search/?q=ميلاد", 3)):
        client.get(page)
        with django_assert_max_num_queries(queries_max):
            client.get(page)


def test_every_icon_that_the_catalogue_names_exists():
    named = [
        *(service.icon for service in catalogue.list_published()),
        *(one.icon for one in catalogue.directory().institutions),
        *(one.icon for one in catalogue.directory().categories),
        *(one.icon for one in catalogue.directory().life_events),
    ]
    assert all(icon(name) for name in named)


def test_a_long_catalogue_is_shown_in_pages(client, monkeypatch):
    monkeypatch.setattr(services, "ON_A_PAGE", 3)
    first = client.get("/services/").content.decode()
    assert first.count("service-body") == 3
    assert "?page=2" in first
    left = (len(catalogue.list_published()) - 1) % 3 + 1
    assert client.get("/services/?page=999").content.decode().count("service-body") == left
    assert client.get("/services/?page=x").content.decode() != ""
