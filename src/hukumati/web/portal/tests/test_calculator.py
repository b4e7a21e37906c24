"""What it would cost: for anybody, for other answers, in both languages, without a script."""

from __future__ import annotations

import re

import pytest

from hukumati.domain.catalogue.tests.builders import publish_all, published
from hukumati.domain.catalogue.tests.renewal import RENEWAL, a_renewal
from hukumati.domain.exchange import watch
from hukumati.domain.exchange.tests.fakes import FakeRegistry

PAGE = f"/en/services/{RENEWAL}/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _service(tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "adapter", lambda _port: FakeRegistry())
    watch.forget()
    published(a_renewal(tmp_path))
    yield
    watch.forget()


def words_of(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_questions_that_the_fee_depends_on_are_asked_once_each(client):
    page = client.get(PAGE).content.decode()
    assert re.findall(r'name="(term|age|lost)"', page) == ["term", "age", "lost"]
    assert "The fee also depends on:" in words_of(client.get(PAGE))


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ("term=long&age=30&lost=no", "25.00"),
        ("term=short&age=30&lost=yes", "22.00"),
        ("term=short&age=٦٥&lost=yes", "7.00"),
        ("term=long&age=30", "25.00"),
    ],
)
def test_other_answers_cost_what_they_would_be_charged(client, said, total):
    assert re.search(rf"Total[^\d]*{re.escape(total)}", words_of(client.get(f"{PAGE}?{said}")))


def test_what_costs_nothing_is_said_to_be_free(client):
    assert "Free of charge" in words_of(client.get(f"{PAGE}?term=long&age=70"))


@pytest.mark.parametrize(
    "said", ["term=%27;--&age=-1", "age=99999999999", "term=long&age=<script>", "lost=" + "x" * 3000]
)
def test_nonsense_is_taken_for_not_said(client, said):
    page = client.get(f"{PAGE}?{said}")
    assert "The fee also depends on:" in words_of(page) or "Total" in words_of(page)
    assert "<script>alert" not in page.content.decode()


def test_a_count_multiplies_as_before(client):
    publish_all()
    page = words_of(client.get("/en/services/interior.birth_certificate_copy/?copies=3"))
    assert "35.00" in page
