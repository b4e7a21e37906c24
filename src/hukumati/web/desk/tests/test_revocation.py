"""A supervisor ends a document: with a reason, once, in the own institution only."""

import pytest

from hukumati.domain.documents import api as documents
from hukumati.domain.documents.tests.builders import NOON, issue
from hukumati.domain.documents.tests.conftest import holder, places  # noqa: F401
from hukumati.domain.identity.tests.builders import a_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(holder):  # noqa: F811
    return issue(holder=holder)


@pytest.fixture
def supervisor(client):
    return sign_in(client, a_staff(role="supervisor", institution="interior"))


def at(document):
    return f"/en/desk/documents/{document.reference}/"


def state_of(document):
    return documents.verify(document.verification_code, address="192.0.2.1", at=NOON).state


def test_a_number_leads_to_its_document(supervisor, document):
    assert supervisor.get(f"/en/desk/documents/?q={document.reference.lower()}").headers["Location"] == at(document)
    assert "This is no document number" in supervisor.get("/en/desk/documents/?q=birth").content.decode()
    assert "Not revoked" in supervisor.get(at(document)).content.decode()


def test_revoking_ends_it_for_everybody(supervisor, document):
    answer = supervisor.post(at(document), {"reason": "خطأ في تاريخ الميلاد", "sure": "1"})
    assert answer.headers["Location"] == at(document)
    page = supervisor.get(at(document)).content.decode()
    assert "خطأ في تاريخ الميلاد" in page
    assert "Revoke the document" not in page
    assert state_of(document) == "revoked"
    assert supervisor.post(at(document), {"reason": "again", "sure": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"reason": "  ", "sure": "1"}, "Say why the document is revoked"),
        ({"reason": "x"}, "Confirm that the document shall be revoked"),
    ],
)
def test_without_reason_or_confirmation_nothing_ends(supervisor, document, posted, words):
    answer = supervisor.post(at(document), posted)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert state_of(document) == "valid"


def test_another_institution_finds_nothing(client, document):
    sign_in(client, a_staff(role="supervisor", institution="health"))
    assert client.get(at(document)).status_code == 404
    assert client.post(at(document), {"reason": "x", "sure": "1"}).status_code == 404
    assert state_of(document) == "valid"


@pytest.mark.parametrize("role", ["clerk", "cashier", "auditor"])
def test_only_supervisors_revoke(client, document, role):
    sign_in(client, a_staff(role=role, institution="interior"))
    assert client.post(at(document), {"reason": "x", "sure": "1"}).status_code == 403
    assert state_of(document) == "valid"
