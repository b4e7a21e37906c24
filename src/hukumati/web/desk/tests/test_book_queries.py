"""An auditor asks the books, keeps the question, and takes the answer along."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.ledger.models import SavedQuery
from hukumati.domain.payments.tests.builders import a_charge, pay_cash
from hukumati.infra.audit import api as audit

pytestmark = pytest.mark.django_db
QUERY = "/en/desk/books/query/"


@pytest.fixture
def auditor():
    return sign_in(Client(), a_staff(role=Role.AUDITOR, institution="cabinet", office=""))


@pytest.fixture
def paid():
    now = timezone.now()
    return pay_cash(a_charge(at=now, expires_at=now + timezone.timedelta(days=1)), at=now)


def page_of(response):
    return response.content.decode()


def test_a_question_is_asked_kept_shared_and_asked_by_another(auditor, paid):
    shown = page_of(auditor.get(QUERY, {"account": "drawer", "kind": "charge_confirmed"}))
    assert paid.about in shown
    assert "A fee was paid" in shown
    kept = auditor.post(
        f"{QUERY}save/", {"name": "Cash today", "shared": "1", "account": "drawer", "kind": "any"}, follow=True
    )
    assert "Kept. You can ask it again" in page_of(kept)
    other = sign_in(Client(), a_staff(role=Role.TREASURER, institution="finance", office=""))
    assert "Cash today" in page_of(other.get(QUERY))
    assert "Forget" not in page_of(other.get(QUERY))
    key = SavedQuery.objects.get().pk
    assert other.post(f"{QUERY}{key}/forget/").status_code == 404


def test_the_lines_are_taken_along_with_arabic_as_spreadsheets_read_it(auditor, paid):
    answer = auditor.get(f"{QUERY}lines.csv", {"account": "drawer"})
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xef\xbb\xbfposted_at,")
    assert paid.about.encode() in body
    assert "ledger.looked_at" in [entry.code for entry in audit.list_entries("query:export:account=drawer")]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"since": "yesterday"}, "f-since-error"),
        ({"account": "x;y"}, "f-account-error"),
        ({"since": "2020-01-01"}, "three months at most"),
        ({"since": "2026-02-02", "until": "2026-01-01"}, "three months at most"),
        ({"kind": "nothing"}, "f-kind-error"),
        ({"at_least": "lots"}, "f-at_least-error"),
        ({"at_least": "5", "at_most": "4"}, "f-at_most-error"),
    ],
)
def test_what_is_no_question_is_said_beside_what_was_typed(auditor, typed, words):
    answer = auditor.get(QUERY, typed)
    assert answer.status_code == 422
    assert words in page_of(answer)
    assert auditor.get(f"{QUERY}lines.csv", typed).status_code == 302


def test_dinars_have_a_thousand_parts(auditor):
    auditor.post(f"{QUERY}save/", {"name": "JOD", "currency": "JOD", "at_least": "5"})
    assert SavedQuery.objects.get(name="JOD").question["at_least"] == 5_000
