"""A photo is an answer of its case: kept, replaced, let go with its draft, shown to the clerk, printed on the document. And the post office."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.utils.timezone import now
from pypdf import PdfReader

from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.domain.documents.tests.conftest import places  # noqa: F401 (fixtures)
from hukumati.domain.identity.tests.builders import a_citizen, a_staff, sign_in
from hukumati.domain.notifications import api as notifications
from hukumati.domain.uploads import api as uploads
from hukumati.domain.uploads.models import Upload
from hukumati.domain.uploads.tests.builders import SCRIPTED_PDF, a_bomb, a_pdf, a_photo_of_a_phone, a_portrait
from hukumati.domain.uploads.tests.conftest import shelf  # noqa: F401
from hukumati.infra.audit import api as audit
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import progress
from hukumati.processes.applications.tests.builders import acting, pay
from hukumati.processes.applications.tests.card_service import (
    a_card_draft,
    a_filled_card_draft,
    card_service,
    hand_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service(db, tmp_path):
    root = tmp_path / "services"
    root.mkdir()
    return card_service(root)


@pytest.fixture
def salma():
    return a_citizen()


def files(shelf):  # noqa: F811
    return len([path for path in shelf.rglob("*") if path.is_file()])


def a_file(content, name="portrait.jpg", kind="image/jpeg"):
    sent = BytesIO(content)
    sent.name, sent.content_type = name, kind
    return sent


class TestTheDraft:
    def test_a_photo_becomes_the_answer_and_counts_as_one(self, salma):
        case = a_card_draft(salma)
        with pytest.raises(applications.AnswersInvalid) as refusal:
            applications.save_answers(case, page="picture", typed={"why": "x", "photo": "B-2026-2222AAAA"}, at=now())
        assert refusal.value.errors["photo"][0] == "answers.required"
        case = hand_in(case, salma)
        case = applications.save_answers(case, page="picture", typed={"why": "x"}, at=now())
        kept = applications.read_upload(case, case.answers["photo"])
        assert (kept.facts.about, kept.facts.field) == (case.reference, "photo")
        assert "picture" not in applications.pages_missing(applications.service_of(case), case)

    def test_another_takes_its_place_and_the_first_ends(self, salma, shelf):  # noqa: F811
        first = hand_in(a_card_draft(salma), salma)
        second = hand_in(first, salma, content=a_portrait(480, 640))
        assert second.answers["photo"] != first.answers["photo"]
        with pytest.raises(uploads.UploadNotFound):
            applications.read_upload(second, first.answers["photo"])
        uploads.end_given_up(at=now())
        assert files(shelf) == 1

    def test_a_draft_that_is_given_up_leaves_no_photo(self, salma, shelf):  # noqa: F811
        case = hand_in(a_card_draft(salma), salma)
        applications.withdraw(case, by=acting(salma), at=now())
        uploads.end_given_up(at=now())
        assert files(shelf) == 0
        assert Upload.objects.get().ended_at is not None

    def test_what_was_filed_stays_even_when_it_was_corrected(self, salma):
        filed = filed_and_paid(salma)
        clerk = taken(filed)
        applications.return_for_correction(filed.reference, reason="blurred", by=clerk, at=now())
        case = hand_in(applications.get_own(filed.reference, citizen=salma), salma, content=a_portrait(480, 640))
        assert uploads.end_given_up(at=now()) == 0
        for reference in (filed.answers["photo"], case.answers["photo"]):
            assert applications.read_upload(case, reference).content

    def test_nothing_is_handed_in_to_a_case_that_is_filed_or_to_a_question_that_asks_for_no_file(self, salma):
        case = a_card_draft(salma)
        with pytest.raises(applications.AnswersInvalid):
            hand_in(case, salma, field="why")
        with pytest.raises(applications.CaseChanged):
            hand_in(filed_and_paid(salma), salma)


def filed_and_paid(citizen, **more):
    draft = a_filled_card_draft(citizen, **more)
    case = applications.submit(draft, revision=draft.revision, citizen=citizen, by=acting(citizen), at=now())
    pay(case, citizen)
    return applications.get_own(case.reference, citizen=citizen)


def taken(case):
    clerk = a_staff(role="clerk", office="interior-nablus")
    by = actor_of(clerk)
    applications.take(case.reference, by=by, at=now())
    return by


def actor_of(staff):
    from hukumati.kernel.actor import Actor, ActorKind

    roles = frozenset(str(role) for role in staff.roles)
    return Actor(ActorKind.STAFF, staff.reference, roles=roles, institution=staff.institution, office=staff.office)


def issued(case):
    applications.accept(case.reference, supplements={}, by=taken(case), at=now())
    progress.issue_document(case.reference, at=now())
    document = documents.find_about(case.reference, holder=case.account_id)
    progress.confirm_issue(case.reference, document=document.reference, at=now())
    return document


class TestTheCard:
    @pytest.fixture(autouse=True)
    def sealed(self, places):  # noqa: F811
        return places

    def test_the_photo_stands_on_the_document_which_is_made_again_to_the_byte(self, salma):
        document = issued(filed_and_paid(salma))
        file = documents.download(document.reference, holder=salma.account_id, by=acting(salma), at=now())
        images = [(image.image.size, image.image.format) for image in PdfReader(BytesIO(file.content)).pages[0].images]
        assert ((600, 800), "JPEG") in images
        assert documents.render_again(document.reference).startswith(b"%PDF")

    def test_the_card_waits_at_the_chosen_post_office_against_the_code(self, salma):
        case = filed_and_paid(salma)
        issued(case)
        told = [message.code for message in notifications.list_messages(case.reference)]
        assert {"document.ready", "pick_up.ready"} <= set(told)
        pick_up = delivery.find_about(case.reference, holder=salma.account_id)
        assert pick_up.office == "post-nablus"
        code = delivery.renew_code(pick_up.reference, holder=salma.account_id, by=acting(salma), at=now()).code
        elsewhere, here = Client(), Client()
        sign_in(elsewhere, a_staff(role="postal_clerk", institution="post", office="post-hebron"))
        sign_in(here, a_staff(role="postal_clerk", institution="post", office="post-nablus"))
        address = f"/en/desk/hand-over/{pick_up.reference}/"
        assert elsewhere.get(address).status_code == 404
        page = here.post(address, {"code": code}).content.decode()
        assert salma.name.ar in page
        assert "Print the document" not in page
        assert here.post(f"{address}confirm/", {"code": code, "identity": "seen"}).status_code == 302
        progress.confirm_hand_over(case.reference, at=now())
        assert applications.get_own(case.reference, citizen=salma).state == "closed"

    def test_a_post_office_is_no_counter_and_a_counter_is_no_post_office(self, salma):
        case = hand_in(a_card_draft(salma), salma)
        for typed in (
            {"pick_up": "post_office", "post_office": "interior-nablus"},
            {"pick_up": "counter", "office": "post-nablus"},
            {"pick_up": "post_office", "office": "interior-nablus"},
        ):
            with pytest.raises(applications.AnswersInvalid):
                applications.save_answers(case, page="receiving", typed=typed, at=now())


class TestThePages:
    @pytest.fixture
    def browser(self, salma):
        client = Client()
        sign_in(client, salma)
        return client

    def test_a_bad_file_and_a_good_answer_the_answer_stays(self, salma, browser, shelf):  # noqa: F811
        case = a_card_draft(salma)
        address = f"/en/applications/{case.reference}/form/picture/"
        page = browser.post(address, {"why": "to visit", "photo": a_file(a_bomb())})
        assert page.status_code == 422
        assert "megapixels" in page.content.decode()
        assert 'value="to visit"' in page.content.decode()
        assert files(shelf) == 0
        assert applications.get_own(case.reference, citizen=salma).answers.get("photo") is None

    def test_a_good_file_and_a_bad_answer_the_file_stays(self, salma, browser):
        case = a_card_draft(salma)
        address = f"/en/applications/{case.reference}/form/picture/"
        page = browser.post(address, {"why": "", "photo": a_file(a_photo_of_a_phone())})
        assert page.status_code == 422
        photo = applications.get_own(case.reference, citizen=salma).answers["photo"]
        assert f"/en/applications/{case.reference}/uploads/{photo}/" in page.content.decode()
        assert browser.post(address, {"why": "to visit"}).status_code == 302

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            (b"", 422),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
            (a_portrait()[:3000], 422),
            (SCRIPTED_PDF, 422),
            (a_portrait(800, 600), 422),
            (b"\xff\xd8\xff" + b"0" * 5_100_000, 422),
            (b"\xff\xd8\xff" + b"0" * 6_000_000, 413),
        ],
    )
    def test_what_is_no_photo_is_refused_and_nothing_is_stored(self, salma, browser, shelf, content, status):  # noqa: F811
        case = a_card_draft(salma)
        sent = a_file(content, name="../../etc/portrait.jpg")
        answer = browser.post(f"/applications/{case.reference}/form/picture/", {"why": "x", "photo": sent})
        assert answer.status_code == status
        assert files(shelf) == 0
        assert not Upload.objects.exists()

    def test_an_upload_is_opened_by_its_citizen_and_its_clerk_and_can_run_nothing(self, salma, browser):
        case = filed_and_paid(salma)
        clerk, colleague, stranger = Client(), Client(), Client()
        sign_in(clerk, a_staff(role="clerk", office="interior-nablus"))
        sign_in(colleague, a_staff(role="clerk", institution="health", office=""))
        sign_in(stranger, a_citizen())
        photo = case.answers["photo"]
        mine, desk = (
            f"/applications/{case.reference}/uploads/{photo}/",
            f"/desk/cases/{case.reference}/uploads/{photo}/",
        )
        for opened in (browser.get(mine), clerk.get(desk)):
            assert opened.status_code == 200
            assert opened.headers["Content-Type"] == "image/jpeg"
            assert "sandbox" in opened.headers["Content-Security-Policy"]
            assert opened.headers["X-Content-Type-Options"] == "nosniff"
            assert opened.headers["Cache-Control"] == "no-store, private"
            assert opened.headers["Content-Disposition"] == f'inline; filename="{photo}.jpg"'
        assert (
            f"/desk/cases/{case.reference}/uploads/{photo}/"
            in clerk.get(f"/desk/cases/{case.reference}/").content.decode()
        )
        for refused in (stranger.get(mine), colleague.get(desk), browser.get(mine.replace(photo, "B-2026-2222AAAA"))):
            assert refused.status_code == 404

    def test_a_draft_is_opened_by_no_clerk(self, salma):
        case = hand_in(a_card_draft(salma), salma)
        clerk = Client()
        sign_in(clerk, a_staff(role="clerk", office="interior-nablus"))
        assert clerk.get(f"/desk/cases/{case.reference}/uploads/{case.answers['photo']}/").status_code == 404

    def test_a_paper_is_downloaded_and_never_shown(self, salma, browser):
        case = hand_in(a_card_draft(salma), salma, field="proof", content=a_pdf(2))
        answer = browser.get(f"/applications/{case.reference}/uploads/{case.answers['proof']}/")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_what_is_kept_is_on_record_without_a_name(self, salma):
        case = hand_in(a_card_draft(salma), salma)
        entries = audit.list_entries(case.answers["photo"])
        assert [entry.code for entry in entries] == ["uploads.kept"]
