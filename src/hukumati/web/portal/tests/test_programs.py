"""What a program asks about a form: its schema, and whether answers fit."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hukumati.domain.catalogue.tests.builders import published
from hukumati.web.portal.pages import programs

BIRTH = "interior.birth_certificate_copy"
ADDRESS = f"/services/{BIRTH}/answers.json"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published():
    published(BIRTH)


def check(client, sent, *, language="en"):
    body = sent if isinstance(sent, (bytes, str)) else json.dumps(sent)
    prefix = "/en" if language == "en" else ""
    return client.post(prefix + ADDRESS, data=body, content_type="application/json")


TAKEN = {"copies": 2, "language": "ar", "pick_up": "download"}


def test_answers_that_fit_are_said_to_fit_and_nothing_is_kept(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        answer = check(client, TAKEN)
    assert (answer.status_code, answer.json()["problems"]) == (200, [])
    assert answer.json()["service"] == BIRTH
    assert not answer.cookies


def test_what_is_wrong_is_said_in_the_readers_language_by_its_name(client):
    english, arabic = check(client, {"copies": 99, "cat": "Tom"}), check(client, {"copies": 99}, language="ar")
    assert english.status_code == arabic.status_code == 422
    told = {problem["name"]: problem for problem in english.json()["problems"]}
    assert told["cat"]["code"] == "answers.unknown"
    assert told["cat"]["message"] == "The form has no “cat”"
    assert told["copies"]["message"].startswith("“Number of copies” must be")
    assert "عدد النسخ" in arabic.content.decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [("", 400), ("[]", 400), ("{", 400), (b"\xff", 400), ("[" * 50_000, 400), ('{"a":' * 10_000, 400), (b'{"a":"%s"}' % (b"x" * 70_000), 413)],
)  # fmt: skip
def test_what_is_no_form_is_refused(client, body, status):
    answer = check(client, body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_an_address_that_asks_without_end_is_stopped(client, monkeypatch):
    monkeypatch.setattr(programs, "ASKED_BY_ADDRESS", programs.identity.Allowance(2, 600))
    assert [check(client, {}).status_code for _ in range(3)] == [422, 422, 429]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_page_and_schema_agree_with_what_is_said_here(client, monkeypatch, data):
    monkeypatch.setattr(programs, "ASKED_BY_ADDRESS", programs.identity.Allowance(10**6, 600))
    schema = client.get(f"/services/{BIRTH}/schema.json").json()
    names = st.sampled_from(sorted(schema["properties"]))
    sent = TAKEN | data.draw(st.dictionaries(names, values | st.integers(1, 6), max_size=2))
    answer = check(client, sent)
    assert answer.status_code == (200 if jsonschema_rs.validator_for(schema).is_valid(sent) else 422), (
        sent,
        answer.json(),
    )
