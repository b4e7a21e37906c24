"""My documents in the portal: seen, taken and picked up by their holder only."""

import re
from urllib.parse import unquote

import pytest
from django.utils.timezone import now

from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.domain.documents.tests.builders import NOON, issue
from hukumati.domain.documents.tests.conftest import holder, places  # noqa: F401
from hukumati.domain.identity.tests.builders import a_citizen, a_staff, actor_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(holder):  # noqa: F811
    return issue(holder=holder)


def test_the_list_shows_own_documents_only(client, holder, document):  # noqa: F811
    other = issue("A-2026-BBBB3333", holder=a_citizen())
    page = sign_in(client, holder).get("/documents/").content.decode()
    assert document.reference in page
    assert "صالحة" in page
    assert other.reference not in page


@pytest.mark.parametrize(
    ("address", "words"), [("/documents/", "لا وثائق لديك بعد"), ("/en/documents/", "You have no documents yet")]
)
def test_an_empty_list_says_what_will_be_here(client, address, words):
    assert words in sign_in(client, a_citizen()).get(address).content.decode()


def test_a_visitor_is_asked_to_sign_in(client, document):
    for address in ("/documents/", f"/documents/{document.reference}/", f"/documents/{document.reference}/file/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/")


def test_the_page_tells_state_code_and_checks(client, holder, document):  # noqa: F811
    documents.verify(document.verification_code, address="192.0.2.1", at=NOON)
    page = sign_in(client, holder).get(f"/en/documents/{document.reference}/").content.decode()
    assert document.verification_code in page
    assert "It was checked 1 time." in page
    assert "Valid" in page


def test_a_revoked_document_tells_its_holder_why(client, holder, document):  # noqa: F811
    documents.revoke(
        document.reference, reason="خطأ في تاريخ الميلاد", by=actor_of(a_staff(role="supervisor")), at=NOON
    )
    page = sign_in(client, holder).get(f"/documents/{document.reference}/").content.decode()
    assert "أُلغيت هذه الوثيقة" in page
    assert "خطأ في تاريخ الميلاد" in page


def test_the_file_has_its_name_and_stays_in_no_cache(client, holder, document):  # noqa: F811
    answer = sign_in(client, holder).get(f"/documents/{document.reference}/file/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert f"شهادة-تجريبية-{document.reference}.pdf" in unquote(answer.headers["Content-Disposition"])
    assert documents.verify_file(answer.content, address="192.0.2.1", at=NOON).reference == document.reference


def test_another_citizen_gets_the_answer_of_a_document_that_does_not_exist(client, document):
    sign_in(client, a_citizen())
    for part in ("", "file/"):
        foreign = client.get(f"/documents/{document.reference}/{part}")
        missing = client.get(f"/documents/D-2026-ZZZZ9999/{part}")
        assert foreign.status_code == missing.status_code == 404


@pytest.fixture
def pick_up(holder, document):  # noqa: F811
    return delivery.offer_pick_up(
        document.about, holder=holder.account_id, office="interior-ramallah", document=document.reference, at=now()
    )


def test_a_new_code_is_shown_once_and_opens_the_counter(client, holder, pick_up):  # noqa: F811
    sign_in(client, holder)
    address = f"/en/pick-up/{pick_up.reference}/"
    before = client.get(address).content.decode()
    assert "Interior directorate, Ramallah" in before
    assert "code-panel" not in before
    answer = client.post(address)
    code = re.search(r'code-panel-code"><bdi dir="ltr">(\d{6})<', answer.content.decode()).group(1)
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert code not in client.get(address).content.decode()
    clerk = actor_of(a_staff(role="clerk", office="interior-ramallah"))
    assert delivery.hand_over(pick_up.reference, code=code, by=clerk, at=now()).state == "handed_over"
    assert "You have received it" in client.get(address).content.decode()


def test_codes_of_a_day_are_limited(client, holder, pick_up):  # noqa: F811
    sign_in(client, holder)
    answers = [client.post(f"/en/pick-up/{pick_up.reference}/") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert "No more codes today" in answers[-1].content.decode()


def test_another_citizen_sees_no_pick_up(client, pick_up):
    sign_in(client, a_citizen())
    assert client.get(f"/pick-up/{pick_up.reference}/").status_code == 404
    assert client.post(f"/pick-up/{pick_up.reference}/").status_code == 404
