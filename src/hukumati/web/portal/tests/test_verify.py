"""The public check: without an account, in both languages, telling no more than the paper."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hukumati.domain.documents import api as documents
from hukumati.domain.documents.models import Check
from hukumati.domain.documents.tests.builders import NOON, issue
from hukumati.domain.documents.tests.conftest import holder, places  # noqa: F401
from hukumati.domain.documents.verification import CHECKS_OF_AN_ADDRESS
from hukumati.domain.identity.tests.builders import a_staff, actor_of

pytestmark = pytest.mark.django_db
UNKNOWN = "AAAA-BBBB-CCCC-DDDD-EEEE"


@pytest.fixture
def document(holder):  # noqa: F811
    return issue(holder=holder, subject_name="سلمى محمود العطار")


def upload(client, content, *, address="/verify/"):
    file = SimpleUploadedFile("document.pdf", content, content_type="application/pdf")
    return client.post(address, {"way": "file", "file": file})


@pytest.mark.parametrize(
    ("prefix", "valid", "title"),
    [("", "أصلية وسارية", "شهادة تجريبية"), ("/en", "Authentic and valid", "Test certificate")],
)
def test_the_square_code_leads_to_the_answer(client, document, prefix, valid, title):
    answer = client.get(f"{prefix}/verify/{document.verification_code}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert valid in page
    assert title in page
    assert "س*** م*** ا***" in page
    assert "سلمى" not in page


def test_a_typed_code_leads_there_too(client, document):
    typed = document.verification_code.lower().replace("-", " ")
    answer = client.post("/en/verify/", {"way": "code", "code": typed})
    assert answer.headers["Location"] == f"/en/verify/{document.verification_code}/"


def test_answers_stay_in_no_cache_index_or_referer(client, document):
    for address in (f"/verify/{document.verification_code}/", f"/verify/{UNKNOWN}/"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store, private"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize("code", [UNKNOWN, "not-a-code", "D-2026-AAAA2222", "<script>"])
def test_an_unknown_code_is_answered_neutrally(client, document, code):
    answer = client.get(f"/en/verify/{code}/")
    assert answer.status_code == 404
    assert "No document answers to this code" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_a_mistyped_code_is_asked_again(client):
    answer = client.post("/en/verify/", {"way": "code", "code": "AAAA"})
    assert answer.status_code == 422
    assert "20 letters and digits" in answer.content.decode()


def test_the_page_asks_to_compare_the_address(client, settings):
    settings.PUBLIC_URL = "https://hukumati.example"
    assert "hukumati.example" in client.get("/en/verify/").content.decode()


def test_a_revoked_document_is_said_to_be_revoked(client, document):
    documents.revoke(document.reference, reason="سبب خاص", by=actor_of(a_staff(role="supervisor")), at=NOON)
    page = client.get(f"/en/verify/{document.verification_code}/").content.decode()
    assert "Do not accept this document" in page
    assert "Authentic and valid" not in page
    assert "سبب خاص" not in page


def test_the_file_is_confirmed_and_a_changed_byte_is_not(client, holder, document):  # noqa: F811
    content = documents.get_pdf(document.reference, holder=holder.account_id)
    assert "Authentic and valid" in upload(client, content, address="/en/verify/").content.decode()
    changed = content[:500] + bytes([content[500] ^ 1]) + content[501:]
    assert "none that was issued here" in upload(client, changed, address="/en/verify/").content.decode()
    assert Check.objects.count() == 1


def test_no_file_and_a_huge_file_are_asked_again(client):
    assert client.post("/en/verify/", {"way": "file"}).status_code == 422
    answer = upload(client, b"x" * 5_000_001, address="/en/verify/")
    assert answer.status_code == 422
    assert "5 MB" in answer.content.decode()


def test_guessing_from_one_address_is_stopped(client, document):
    for _ in range(CHECKS_OF_AN_ADDRESS.amount_max):
        client.get(f"/verify/{UNKNOWN}/")
    assert client.get(f"/verify/{document.verification_code}/").status_code == 429


def test_the_form_needs_its_token():
    assert Client(enforce_csrf_checks=True).post("/verify/", {"way": "code", "code": UNKNOWN}).status_code == 403
