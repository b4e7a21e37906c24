"""A photo is handed in from a browser: with the project's own picker, which sends less than the telephone took, and without any script."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import expect

from hukumati.domain.identity.tests.builders import a_citizen, sign_in
from hukumati.domain.uploads import api as uploads
from hukumati.domain.uploads.tests.builders import a_large_photo
from hukumati.domain.uploads.tests.conftest import shelf  # noqa: F401
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.tests.card_service import a_card_draft, card_service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(db, shelf, tmp_path):  # noqa: F811
    root = tmp_path / "services"
    root.mkdir()
    card_service(root)
    citizen = a_citizen()
    return citizen, a_card_draft(citizen)


@pytest.fixture
def opened(live_server, open_page, draft):
    def open_(**more):
        citizen, case = draft
        client = Client()
        sign_in(client, citizen)
        page = open_page(f"{live_server.url}/help/", **more)
        cookie = client.cookies["hukumati_portal"]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page.goto(f"{live_server.url}/applications/{case.reference}/form/picture/")
        return page

    return open_


@pytest.mark.parametrize("javascript", [True, False])
def test_a_photo_is_handed_in_shown_and_kept(opened, draft, javascript):
    citizen, case = draft
    page = opened(language="ar", width=390, javascript=javascript)
    photo = a_large_photo()
    page.locator("#f-photo").set_input_files({"name": "صورتي.png", "mimeType": "image/png", "buffer": photo})
    if javascript:
        page.locator(".file-name", has_text="صورتي.png").wait_for()
        sent = page.evaluate("document.getElementById('f-photo').files[0].size")
        assert sent < len(photo)
    page.locator("#f-why").fill("زيارة")
    page.locator("form.stack button[type=submit]").first.click()
    page.wait_for_url("**/form/papers/")
    page.go_back()
    page.reload()
    expect(page.locator(".upload img")).to_have_js_property("complete", True)  # its height is known once it is there
    assert page.locator(".upload img").bounding_box()["height"] > 100
    kept = applications.get_own(case.reference, citizen=citizen).answers["photo"]
    assert uploads.find_kept(kept, about=case.reference).height == 1200
