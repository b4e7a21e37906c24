"""Somebody who was never here gets a birth certificate for a child, in Arabic, on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.citizen import Citizen
from tests.journeys.signatures import assert_signed
from tests.journeys.visitor import CERTIFICATE, Visitor
from tests.journeys.words import service_said

PHONE = 390


def test_a_newcomer_gets_a_certificate_for_a_child_and_anybody_can_check_it(a_citizen, open_page, state, tmp_path):
    parent = a_citizen(trait="parent_of_minor", signed_in=False, width=PHONE)
    parent.sign_up()
    parent.sign_out()
    parent.sign_in()

    find_by_search(parent, "شهاده ولاده")
    reference = begin_for_a_child(parent)
    parent.answer_certificate(press="Save and finish later")
    parent.reads(parent.words("This is a draft"))

    elsewhere = a_citizen(person=parent.person, signed_in=False, width=PHONE)
    elsewhere.sign_in()
    go_on_where_it_was_left(elsewhere, reference)
    assert elsewhere.send() == reference
    elsewhere.pay_by_card()
    elsewhere.reads_heading(elsewhere.words("The fee is paid"))

    document = take_the_document(elsewhere, reference, tmp_path)
    code = verification_code(elsewhere)
    anybody_checks(open_page, state, parent.language, code=code, document=document)
    was_told(elsewhere, reference)
    sees_who_read(elsewhere, reference)


def find_by_search(citizen: Citizen, typed: str) -> None:
    citizen.go("/")
    citizen.page.get_by_role("searchbox").fill(typed)
    citizen.page.get_by_role("searchbox").press("Enter")
    citizen._main().get_by_role("link", name=service_said(CERTIFICATE, "name", citizen.language)).first.click()
    citizen.reads_heading(service_said(CERTIFICATE, "name", citizen.language))
    citizen.reads(citizen.words("What you need"))


def begin_for_a_child(citizen: Citizen) -> str:
    citizen.follow("Start now")
    citizen.press("Start")
    citizen.reads_heading(citizen.words("For whom is it?"))
    citizen.choose_whom("Your child")
    citizen.see_record()
    found = re.search(r"A-\d{4}-\w+", citizen.page.url)
    assert found
    return found.group()


def go_on_where_it_was_left(citizen: Citizen, reference: str) -> None:
    citizen.go("/applications/")
    card = citizen._main().locator(".card-link", has_text=reference)
    card.get_by_role("link").click()
    citizen.answer_receiving()
    # What was answered in the other browser.
    citizen.reads(citizen.service_words("field.language.option.both"))


def take_the_document(citizen: Citizen, reference: str, folder) -> bytes:
    citizen.go(f"/applications/{reference}/")
    citizen.wait_until_reads(citizen.words("Signed electronically. Whoever receives it can check it."))
    with citizen.page.expect_download() as downloading:
        citizen._main().get_by_role("link", name=citizen.words("Download")).first.click()
    path = folder / downloading.value.suggested_filename
    downloading.value.save_as(path)
    content = path.read_bytes()
    assert path.suffix == ".pdf"
    assert re.search(r"D-\d{4}-\w+", path.name), path.name
    assert_signed(content)
    return content


def verification_code(citizen: Citizen) -> str:
    citizen.follow("About this document and its verification")
    shown = (
        citizen._main()
        .locator("dl.facts > div", has_text=citizen.words("Verification code"))
        .locator("bdi, code")
        .first
    )
    return shown.inner_text().strip()


def anybody_checks(open_page, state, language: str, *, code: str, document: bytes) -> None:
    stranger = Visitor(open_page(language=language, width=PHONE), state, language=language)
    stranger.go("/verify/")
    stranger._main().locator("input[name=code]").fill(code)
    stranger.press("Check the code")
    stranger.reads_heading(stranger.words("Authentic and valid"))

    stranger.go("/verify/")
    stranger._main().locator("input[type=file]").set_input_files(
        {"name": "any.pdf", "mimeType": "application/pdf", "buffer": document}
    )
    stranger.press("Check the file")
    stranger.reads_heading(stranger.words("Authentic and valid"))

    stranger.go("/verify/")
    changed = document[:-20] + bytes([document[-20] ^ 1]) + document[-19:]
    stranger._main().locator("input[type=file]").set_input_files(
        {"name": "any.pdf", "mimeType": "application/pdf", "buffer": changed}
    )
    stranger.press("Check the file")
    stranger.reads_heading(stranger.words("Not confirmed"))


def was_told(citizen: Citizen, reference: str) -> None:
    citizen.go("/inbox/")
    expect(citizen._main().locator("article", has_text=reference).first).to_be_visible()
    told = [message["text"] for message in citizen.state.list_sms(citizen.person.mobile)]
    assert any(reference in text for text in told), told


def sees_who_read(citizen: Citizen, reference: str) -> None:
    citizen.go("/account/reads/")
    of_this_case = citizen._main().locator("article", has_text=reference)
    expect(of_this_case).not_to_have_count(0)
    expect(of_this_case.filter(has_text=citizen.service_words("read.family.purpose")).first).to_be_visible()
