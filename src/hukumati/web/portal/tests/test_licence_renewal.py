"""The renewal of a driving licence, page by page, against the sandbox's registers: paid with its fines, issued with the photo, collected."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from pypdf import PdfReader

from hukumati.domain.catalogue.tests.builders import published
from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.domain.documents.tests.conftest import places  # noqa: F401 (fixtures)
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.domain.uploads.tests.builders import a_photo_of_a_phone
from hukumati.domain.uploads.tests.conftest import shelf  # noqa: F401
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import progress, recording
from hukumati.processes.applications.tests.births import control
from hukumati.processes.applications.tests.builders import a_clerk, a_person_of_the_cast, acting, pay
from tests.outside import registries  # noqa: F401

RENEWAL = "transport.driving_licence_renewal"
SALMA, RAZAN, FADI, HANI, MARWAN, NADIA = (
    "900000019", "900000118", "900000134", "900000191", "900000209", "900000217"
)  # fmt: skip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries", "shelf", "places")]


@pytest.fixture(autouse=True)
def service():
    control("", {"reset": True})
    yield published(RENEWAL)
    control("", {"reset": True})


class Walk:
    """One person's browser on the pages of one application."""

    def __init__(self, national_id):
        self.citizen = a_person_of_the_cast(national_id)
        self.browser = Client()
        sign_in(self.browser, self.citizen)

    def start(self):
        self.browser.post(f"/en/start/{RENEWAL}/")
        self.case = applications.list_own(citizen=self.citizen)[0]
        return self.see("licence")

    def see(self, page):
        return self.browser.get(f"/en/applications/{self.case.reference}/form/{page}/").content.decode()

    def answer(self, page, **typed):
        answered = self.browser.post(f"/en/applications/{self.case.reference}/form/{page}/", typed)
        self.case = applications.get_own(self.case.reference, citizen=self.citizen)
        return answered

    def fill(self, *, fines=(), years="5", receiving=None):
        photo = BytesIO(a_photo_of_a_phone())
        photo.name = "me.jpg"
        answered = [
            self.answer("licence", fines_to_pay=list(fines)),
            self.answer("period", years=years),
            self.answer("picture", photo=photo),
            self.answer("receiving", **(receiving or {"pick_up": "post_office", "post_office": "post-nablus"})),
        ]
        return [one.status_code for one in answered]

    def send(self):
        page = self.browser.get(f"/en/applications/{self.case.reference}/check/").content.decode()
        self.case = applications.get_own(self.case.reference, citizen=self.citizen)
        sent = self.browser.post(f"/en/applications/{self.case.reference}/send/", {"revision": str(self.case.revision)})
        self.case = applications.get_own(self.case.reference, citizen=self.citizen)
        return page, sent

    def told(self):
        return [message.code for message in notifications.list_messages(self.case.reference)]


def fines_of(walk):
    return [fine["number"] for fine in walk.case.evidence["fines"].facts["fines"] if fine["state"] == "unpaid"]


def test_fines_and_renewal_in_one_payment_interim_licence_at_once_card_at_the_post_office():
    hani = Walk(HANI)
    page = hani.start()
    hani.case = applications.get_own(hani.case.reference, citizen=hani.citizen)
    fines = fines_of(hani)
    assert len(fines) == 2
    assert "2000019" in page
    left_out = hani.answer("licence", fines_to_pay=fines[:1])
    assert left_out.status_code == 422
    assert "none of these can be left out" in left_out.content.decode()
    assert hani.fill(fines=fines) == [302] * 4
    checked, sent = hani.send()
    assert f"/uploads/{hani.case.answers['photo']}/" in checked
    assert sent.status_code == 302

    charge = payments.find_open_charge(hani.case.reference)
    of_fines = {line.code: line.amount.amount_minor for line in charge.lines if line.code.startswith("fine:")}
    assert set(of_fines) == {f"fine:{number}" for number in fines}
    assert charge.total.amount_minor == 25000 + 1500 + 500 + sum(of_fines.values())
    pay(hani.case, hani.citizen)
    recording.record(hani.case.reference, at=now())
    entered = {write.service: write for write in exchange.list_writes_about(hani.citizen.national_id)}
    assert {name: write.outcome for name, write in entered.items()} == {"payments": "recorded", "renewals": "recorded"}
    assert entered["payments"].facts["receipt"]

    progress.issue_document(hani.case.reference, at=now())
    document = documents.find_about(hani.case.reference, holder=hani.citizen.account_id)
    progress.confirm_issue(hani.case.reference, document=document.reference, at=now())
    assert {"document.ready", "pick_up.ready"} <= set(hani.told())
    pdf = PdfReader(
        BytesIO(
            documents.download(
                document.reference, holder=hani.citizen.account_id, by=acting(hani.citizen), at=now()
            ).content
        )
    )
    assert (600, 800) in [image.image.size for image in pdf.pages[0].images]
    assert "2000019" in pdf.pages[0].extract_text()
    assert (document.valid_until - document.issued_at.date()).days in (60, 61)

    hand_over(hani)
    assert applications.get_own(hani.case.reference, citizen=hani.citizen).state == "closed"
    licence, fines = (exchange_facts(hani, name) for name in ("licence", "fines"))
    assert licence["state"] == "valid"
    assert all(fine["state"] != "unpaid" for fine in fines["fines"])


def hand_over(walk):
    pick_up = delivery.find_about(walk.case.reference, holder=walk.citizen.account_id)
    code = delivery.renew_code(
        pick_up.reference, holder=walk.citizen.account_id, by=acting(walk.citizen), at=now()
    ).code
    desk = Client()
    sign_in(desk, a_staff(role="postal_clerk", institution="post", office="post-nablus"))
    address = f"/en/desk/hand-over/{pick_up.reference}/"
    assert "Hand over the card" in desk.post(address, {"code": code}).content.decode()
    assert desk.post(f"{address}confirm/", {"code": code, "identity": "seen"}).status_code == 302
    progress.confirm_hand_over(walk.case.reference, at=now())


def exchange_facts(walk, name):
    """What the register says afterwards, read for a new draft."""
    again = Walk(walk.citizen.national_id.digits)
    again.start()
    return applications.get_own(again.case.reference, citizen=again.citizen).evidence[name].facts


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (RAZAN, "no driving licence under your identity number"),
        (FADI, "Your licence is suspended"),
        (SALMA, "valid for more than six months"),
        (MARWAN, "a valid medical examination is needed"),
    ],
)
def test_who_cannot_renew_is_told_on_the_first_page(who, said):
    assert said in Walk(who).start()


def test_who_goes_on_all_the_same_files_nothing():
    marwan = Walk(MARWAN)
    marwan.start()
    assert marwan.fill() == [302] * 4
    _page, sent = marwan.send()
    assert sent.status_code == 422
    assert "a valid medical examination is needed" in sent.content.decode()
    assert marwan.case.submitted_at is None
    assert payments.find_open_charge(marwan.case.reference) is None


def test_a_driver_over_fifty_with_an_examination_collects_at_the_licensing_office():
    nadia = Walk(NADIA)
    assert "medical examination" not in nadia.start()
    assert nadia.fill(years="1", receiving={"pick_up": "counter", "office": "transport-nablus"}) == [302] * 4
    nadia.send()
    assert payments.find_open_charge(nadia.case.reference).total.amount_minor == 8000
    pay(nadia.case, nadia.citizen)
    recording.record(nadia.case.reference, at=now())
    assert applications.get_own(nadia.case.reference, citizen=nadia.citizen).state == "to_issue"


def a_driver_with_fines():
    """Somebody outside the cast whose licence has ended, who owes fines and needs no examination."""
    with_fines, ended = (
        {one["national_id"]: one for one in control(f"/people?trait={trait}&limit=200")["people"]}
        for trait in ("unpaid_fines", "licence_expired")
    )
    young = [one for number, one in with_fines.items() if number in ended and one["birth_date"] > "1980"]
    return next(one["national_id"] for one in young if is_fit(one["national_id"]))


def is_fit(national_id):
    walk = Walk(national_id)
    walk.start()
    case = applications.get_own(walk.case.reference, citizen=walk.citizen)
    return applications.eligibility_so_far(applications.service_of(case), case, on=localdate()) is None


def test_a_renewal_refused_after_its_fines_were_entered_gives_back_all_but_the_fines():
    driver = Walk(a_driver_with_fines())
    driver.start()
    driver.case = applications.get_own(driver.case.reference, citizen=driver.citizen)
    driver.fill(fines=fines_of(driver), years="1")
    driver.send()
    receipt = pay(driver.case, driver.citizen)
    case = applications.get_own(driver.case.reference, citizen=driver.citizen)
    fines, renewal = applications.service_of(case).writes
    entered = {
        fines.name: exchange.tell(
            recording._statement(fines, case, receipt=receipt.number), by=recording.REGISTRAR, at=now()
        )
    }
    suspended = exchange.WriteRefused(renewal.registry, renewal.service, renewal.name, "licensing.licence_suspended")
    recording._confirm_refusal(case.reference, renewal, suspended, entered, at=now())
    assert applications.get_own(case.reference, citizen=driver.citizen).state == "in_review"

    clerk = a_clerk("transport")
    applications.take(case.reference, by=clerk, at=now())
    page = Client()
    sign_in(page, identity.get_staff_by_reference(clerk.id))
    shown = page.get(f"/en/desk/cases/{case.reference}/").content.decode()
    assert f"/uploads/{case.answers['photo']}/" in shown
    assert "offence_ar" not in shown
    assert "Amount: " in shown
    assert "أُوقفت الرخصة بعد تقديم الطلب." in shown
    applications.refuse(case.reference, reason="suspended", by=clerk, at=now())
    [charge] = payments.list_charges(case.reference)
    [refund] = payments.list_refunds(charge.reference)
    assert refund.amount.amount_minor in (6000 + 1500 + 500, 9000 + 1500 + 500)  # private, or professional
    assert charge.total.amount_minor > refund.amount.amount_minor
