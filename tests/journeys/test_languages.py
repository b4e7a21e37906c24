"""One application in two languages and in the dark."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.visitor import CERTIFICATE
from tests.journeys.words import said, service_said


def test_a_draft_is_kept_when_the_language_is_switched(a_citizen):
    citizen = a_citizen(width=390, scheme="dark")
    citizen.start_certificate()
    citizen.choose_whom()
    citizen.see_record()
    citizen.answer_certificate(language="both", copies=3)
    citizen.reads_heading(citizen.service_words("page.receiving.title"))

    citizen.page.get_by_role("banner").get_by_role("link", name="English").click()
    expect(citizen.page.locator("html")).to_have_attribute("dir", "ltr")
    citizen.reads_heading(service_said(CERTIFICATE, "page.receiving.title", "en"))
    citizen.language, citizen.root = "en", f"{citizen.state.url}/en"
    citizen.answer_receiving()
    citizen.reads(service_said(CERTIFICATE, "field.language.option.both", "en"))
    expect(
        citizen._main().locator(".summary-row", has_text=service_said(CERTIFICATE, "field.copies.label", "en"))
    ).to_contain_text("3")


def test_a_dark_device_gets_dark_pages_and_may_choose_light(a_citizen):
    citizen = a_citizen(signed_in=False, scheme="dark")
    citizen.go("/")
    assert luminance(citizen.page) < 60
    citizen.page.get_by_role("button", name=said("Light", "ar"), exact=True).click()
    expect(citizen.page.locator("html")).to_have_attribute("data-scheme", "light")
    assert luminance(citizen.page) > 200
    citizen.go("/services/")
    assert luminance(citizen.page) > 200


def luminance(page) -> float:
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3
