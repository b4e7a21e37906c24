"""The renewal of the health insurance as people walk it in the browser, against the sandbox's real registries."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils.timezone import now

from hukumati.domain.catalogue.offers import person_key
from hukumati.domain.documents import api as documents
from hukumati.domain.exchange.models import Write
from hukumati.domain.identity.tests.builders import a_citizen, a_staff, sign_in
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.kernel.national_id import NationalId
from hukumati.processes.applications.actions import progress, recording
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.tests.builders import pay, published
from tests.outside import registries  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]
RENEWAL = "health.insurance_renewal"
SALMA, TAREQ, WISAM, NUHA, QAIS, TALA, IBTISAM, MAJED, LINA, MAYAR = (
    "900000019", "900000027", "900000233", "900000241", "900000258", "900000266", "900000282", "900000324", "900000308", "900000332",
)  # fmt: skip


def somebody(number):
    published(RENEWAL)
    citizen = a_citizen(national_id=NationalId(number), birth_date=date(1980, 1, 1))
    return citizen, sign_in(Client(), citizen)


def begun(client):
    """A draft on its first page, which shows what the insurance knows."""
    page = client.post(f"/en/start/{RENEWAL}/", follow=True)
    reference = re.search(r"A-\d{4}-\w+", page.redirect_chain[-1][0])[0]
    return reference, page.content.decode()


def answer(client, reference, page, **typed):
    return client.post(f"/en/applications/{reference}/form/{page}/", typed, follow=True)


def filled(client, *, insured, reasons, months="12"):
    reference, _first = begun(client)
    answer(client, reference, "cover")
    typed = {f"insured_reason_{key}": why for key, why in reasons.items()}
    answer(client, reference, "family", insured=insured, **typed)
    answer(client, reference, "period", months=months)
    return reference, answer(client, reference, "receiving", pick_up="download").content.decode()


def sent(client, reference, check):
    revision = re.search(r'name="revision" value="(\d+)"', check)[1]
    client.post(f"/en/applications/{reference}/send/", {"revision": revision})
    return Application.objects.get(reference=reference)


def go_on(reference, citizen):
    """What the worker does: the register is told, the card is issued."""
    recording.record(reference, at=now())
    progress.issue_document(reference, at=now())
    card = documents.find_about(reference, holder=citizen.account_id)
    progress.confirm_issue(reference, document=card.reference, at=now())
    return card


def child(number):
    return person_key("child", number)


def test_a_renewal_drops_adds_pays_tells_the_register_and_gives_a_card():
    nuha, _hers = somebody(NUHA)
    wisam, client = somebody(WISAM)
    reference, first = begun(client)
    assert "Voluntary" in first
    assert "Expired" in first
    assert "Social case confirmed" not in first
    answer(client, reference, "cover")
    spouse, insured = person_key("spouse", NUHA), [child(QAIS), child(TALA)]
    lacking = answer(client, reference, "family", insured=insured)
    assert lacking.status_code == 422
    assert "Say why for Nuha" in lacking.content.decode()
    assert NUHA not in lacking.content.decode()
    reasons = {f"insured_reason_{spouse}": "works", f"insured_reason_{child(TALA)}": "lost_cover"}
    answer(client, reference, "family", insured=insured, **reasons)
    answer(client, reference, "period", months="12")
    check = answer(client, reference, "receiving", pick_up="download").content.decode()
    for words in ("Added", "Their other cover ended", "Dropped", "Has begun to work", "One year", "600.00"):
        assert words in check, words
    case = sent(client, reference, check)
    assert case.state == "to_pay"
    pay(Application.objects.get(pk=case.pk), wisam)
    card = go_on(reference, wisam)
    case.refresh_from_db()
    assert case.state == "ready"
    assert set(Write.objects.get(case_reference=reference).facts["dependants"]) == {QAIS, TALA}
    told = case.evidence_rows.get(name="renewal").facts
    assert (card.valid_until - date.fromisoformat(told["ends_on"])).days == 1
    (message,) = [one for one in notifications.list_inbox(nuha.account_id) if one.code == "application.left_out"]
    assert reference not in message.body
    assert "Has begun to work" in message.body or "صار يعمل" in message.body


def test_whoever_is_new_to_the_insurance_waits_for_a_clerk():
    majed, client = somebody(MAJED)
    reference, check = filled(client, insured=[child(MAYAR), child(LINA)], reasons={child(LINA): "studies"}, months="3")
    case = sent(client, reference, check)
    pay(case, majed)
    case.refresh_from_db()
    assert case.state == "in_review"
    assert [one["national_id"] for one in case.answers["insured_unlisted"]] == [LINA]
    clerk = sign_in(Client(), a_staff(role="clerk", institution="health", office="health-ramallah"))
    desk = clerk.get(f"/en/desk/cases/{reference}/").content.decode()
    assert "Studies and does not work" in desk
    assert "Included in the cover: Yes" in desk
    assert "&#39;" not in desk.split("Dependants")[-1]


def test_a_confirmed_social_case_owes_nothing_and_waits_for_no_payment():
    ibtisam, client = somebody(IBTISAM)
    reference, first = begun(client)
    assert "Social case confirmed until" in first
    for page, typed in (
        ("cover", {}),
        ("family", {}),
        ("period", {"months": "12"}),
        ("receiving", {"pick_up": "download"}),
    ):
        check = answer(client, reference, page, **typed).content.decode()
    case = sent(client, reference, check)
    assert (case.state, payments.find_open_charge(reference)) == ("to_record", None)
    go_on(reference, ibtisam)
    case.refresh_from_db()
    assert case.state == "ready"


def test_cover_that_runs_long_yet_is_not_renewed_and_a_spouse_with_cover_is_not_taken_in():
    _salma, hers = somebody(SALMA)
    _reference, page = begun(hers)
    assert "more than sixty days" in page
    _tareq, his = somebody(TAREQ)
    reference, _first = begun(his)
    answer(his, reference, "cover")
    family = his.get(f"/en/applications/{reference}/form/family/").content.decode()
    assert "has cover of their own" in family
    refused = answer(his, reference, "family", insured=[person_key("spouse", SALMA)])
    assert refused.status_code == 422


def test_everybody_may_calculate_what_a_renewal_costs(client):
    published(RENEWAL)
    asked = {"category": "worker", "people": "3", "months": "6", "confirmed": "no"}
    page = client.get(f"/en/services/{RENEWAL}/", asked).content.decode()
    assert "Six months" in page
    assert "309.00" in page
    assert "We ask you 4 things" in page
