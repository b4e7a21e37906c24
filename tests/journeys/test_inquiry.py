"""The driving licence: two clicks after signing in, live from the register, and honest when the register is silent."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import LICENCE
from tests.journeys.words import service_said


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("trait", "text"), [("licence_expired", "row.state.state.expired"), ("no_licence", "answer.none")]
)
def test_the_answer_is_two_clicks_away(a_citizen, language, trait, text):
    citizen = a_citizen(trait=trait, language=language)
    citizen.go("/services/")
    citizen._main().get_by_role("link", name=service_said(LICENCE, "name", language)).click()
    citizen.press("Show me the answer")
    citizen.reads(service_said(LICENCE, text, language))
    source = citizen._main().locator(".source")
    expect(source).to_contain_text(citizen.words("Source:") if trait != "no_licence" else "")


def test_a_silent_register_is_said_with_the_right_status_and_comes_back(a_citizen):
    citizen = a_citizen(trait="licence", expect=("503",))
    citizen.state.control("registries", down_members=["transport"])
    citizen.go(f"/services/{LICENCE}/")
    with citizen.page.expect_response(lambda answer: "/ask/" in answer.url) as answering:
        citizen.press("Show me the answer")
    assert answering.value.status == 503
    expect(citizen.page.get_by_role("heading", level=1)).to_be_visible()

    citizen.state.control("registries", reset=True)

    def answered() -> bool:
        citizen.go(f"/services/{LICENCE}/")
        citizen.press("Show me the answer")
        return bool(citizen._main().get_by_text(service_said(LICENCE, "row.expires_on.label", "ar")).count())

    citizen.state.wait_for(answered, "the register's answer", seconds=40)
