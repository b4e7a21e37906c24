"""The counter: code, card, copy."""

import pytest

from hukumati.domain.delivery import api as delivery
from hukumati.domain.delivery.models import PickUp
from hukumati.domain.documents.tests.builders import NOON, issue
from hukumati.domain.documents.tests.conftest import holder, places  # noqa: F401
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.infra.audit import api as audit

pytestmark = pytest.mark.django_db
OFFICE = "interior-ramallah"


@pytest.fixture
def pick_up(holder):  # noqa: F811
    document = issue(holder=holder)
    return delivery.offer_pick_up(
        document.about, holder=holder.account_id, office=OFFICE, document=document.reference, at=NOON
    )


@pytest.fixture(autouse=True)
def year_round(monkeypatch):
    """The copy was offered at NOON; the counter opens on that day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def clerk(client):
    return sign_in(client, a_staff(role="clerk", office=OFFICE))


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def at(pick_up, part=""):
    return f"/en/desk/hand-over/{pick_up.reference}/{part}"


def test_the_list_shows_what_waits_here_without_names(clerk, pick_up, holder):  # noqa: F811
    page = clerk.get("/en/desk/hand-over/").content.decode()
    assert pick_up.reference in page
    assert holder.name.family_ar not in page
    assert pick_up.reference not in clerk.get("/en/desk/hand-over/?q=P-2026-ZZZZ").content.decode()
    assert pick_up.reference in clerk.get(f"/en/desk/hand-over/?q={pick_up.document}").content.decode()
    assert pick_up.reference in clerk.get(f"/en/desk/hand-over/?q={pick_up.about}").content.decode()


@pytest.mark.parametrize("typed", ["", "12345", "abc", "1234567"])
def test_what_cannot_be_a_code_costs_its_holder_no_try(clerk, pick_up, typed):
    answer = clerk.post(at(pick_up), {"code": typed})
    assert answer.status_code == 422
    assert "The code has 6 digits" in answer.content.decode()
    assert PickUp.objects.get().tries == 0


def test_code_then_card_then_copy(clerk, pick_up, holder):  # noqa: F811
    assert holder.name.ar not in clerk.get(at(pick_up)).content.decode()
    shown = clerk.post(at(pick_up), {"code": pick_up.code}).content.decode()
    assert holder.name.ar in shown
    assert holder.national_id.digits not in shown
    printed = clerk.post(at(pick_up, "print/"), {"code": pick_up.code})
    assert printed.content.startswith(b"%PDF")
    assert printed.headers["Content-Disposition"].startswith("inline")
    assert printed.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    done = clerk.post(at(pick_up, "confirm/"), {"code": pick_up.code, "identity": "seen"})
    assert done.headers["Location"] == "/en/desk/hand-over/"
    assert PickUp.objects.get().state == "handed_over"
    assert pick_up.reference in clerk.get("/en/desk/hand-over/").content.decode()
    codes = [entry.code for entry in audit.list_entries(pick_up.document)]
    assert codes == ["documents.issued", "documents.printed"]
    assert "Already handed over" in clerk.get(at(pick_up)).content.decode()


def test_a_card_that_was_not_looked_at_hands_nothing_over(clerk, pick_up):
    answer = clerk.post(at(pick_up, "confirm/"), {"code": pick_up.code})
    assert answer.status_code == 422
    assert "Look at the identity card first" in answer.content.decode()
    assert PickUp.objects.get().state == "waiting"


def test_a_wrong_code_shows_nobody_and_prints_nothing(clerk, pick_up, holder):  # noqa: F811
    for part in ("", "print/", "confirm/"):
        answer = clerk.post(at(pick_up, part), {"code": wrong(pick_up.code), "identity": "seen"})
        assert answer.status_code == 422
        assert holder.name.ar not in answer.content.decode()
    assert PickUp.objects.get().tries == 3


def test_after_five_wrong_codes_the_page_says_what_to_do(clerk, pick_up):
    for _ in range(5):
        answer = clerk.post(at(pick_up), {"code": wrong(pick_up.code)})
    assert answer.status_code == 422
    assert "This code no longer works" in answer.content.decode()
    assert clerk.post(at(pick_up), {"code": pick_up.code}).status_code == 422


def test_another_office_finds_nothing(client, pick_up):
    sign_in(client, a_staff(role="clerk", office="interior-nablus"))
    assert pick_up.reference not in client.get("/en/desk/hand-over/").content.decode()
    for part in ("print/", "confirm/"):
        assert client.post(at(pick_up, part), {"code": pick_up.code, "identity": "seen"}).status_code == 404
    assert client.get(at(pick_up)).status_code == 404
    assert PickUp.objects.get().state == "waiting"


@pytest.mark.parametrize("role", ["treasurer", "auditor", "cashier"])
def test_other_roles_have_no_hand_over(client, pick_up, role):
    sign_in(client, a_staff(role=role, office=OFFICE))
    assert client.get("/en/desk/hand-over/").status_code == 403
    assert client.post(at(pick_up, "confirm/"), {"code": pick_up.code, "identity": "seen"}).status_code == 403
