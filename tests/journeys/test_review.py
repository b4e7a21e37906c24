"""An incomplete record: the clerk supplies what is missing, refuses, or asks the citizen."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.words import service_said

OFFICE = "interior-nablus"


def test_cash_review_and_pick_up_at_the_counter_without_scripts(a_citizen, an_employee):
    window = {"language": "en", "javascript": False}
    citizen = a_citizen(trait="incomplete", **window)
    reference = citizen.apply(office=OFFICE)
    pay_in_cash(citizen, an_employee("cashier", **window))
    citizen.go(f"/applications/{reference}/")
    citizen.wait_until_reads(citizen.service_words("state.in_review"))

    clerk = an_employee("clerk", **window)
    clerk.take_next(reference)
    clerk.supply("Haifa")
    clerk.accept()
    clerk.reads(clerk.words("Accepted. The document is being issued."))

    citizen.wait_until_reads(citizen.words("Where you collect it"))
    code, pick_up = pick_up_code(citizen)
    clerk.hand_over(pick_up, code=code, name=citizen.person.name)

    citizen.go(f"/applications/{reference}/")
    told_in_order(
        citizen,
        [
            "Draft opened",
            "Application sent",
            "Fee paid",
            "Accepted by the clerk",
            "Document issued and signed",
            "Document handed over at the counter",
        ],
    )
    citizen.wait_until_reads(citizen.service_words("state.closed"))


def pay_in_cash(citizen, cashier) -> None:
    citizen.choose_way("Cash at a post office")
    citizen.reads_heading(citizen.words("Your code for paying in cash"))
    code = citizen.page.locator(".code-panel-code").inner_text()
    cashier.open_drawer()
    cashier.take_cash(code, owed=service_said("interior.birth_certificate_copy", "name", cashier.language))
    citizen.page.reload()
    citizen.reads_heading(citizen.words("The fee is paid"))


def pick_up_code(citizen) -> tuple[str, str]:
    citizen.follow("Show my pick-up code")
    citizen.reads_heading(citizen.words("Pick-up of your document"))
    citizen.press("Show a new code")
    found = re.search(r"P-\d{4}-\w+", citizen.page.url)
    assert found
    return citizen.page.locator(".code-panel-code").inner_text(), found.group()


def told_in_order(citizen, titles: list[str]) -> None:
    expect(citizen._main().locator(".timeline-title")).to_have_text([citizen.words(title) for title in titles])


def test_a_refused_application_pays_the_fee_back(a_citizen, an_employee):
    citizen = a_citizen(trait="incomplete")
    reference = citizen.apply()
    citizen.pay_by_card()
    citizen.go(f"/applications/{reference}/")
    citizen.wait_until_reads(citizen.service_words("state.in_review"))

    clerk = an_employee("supervisor")
    clerk.take_next(reference)
    reason = "الاسم في السجل الورقي مختلف عن الاسم في الطلب"
    clerk.give_reason("Refuse", label="Why is it refused?", reason=reason, press="Refuse the application")

    citizen.page.reload()
    citizen.reads(reason)
    citizen.wait_until_reads(citizen.service_words("state.refused"))
    citizen.wait_until_reads(citizen.words("sent back by the provider"))


def test_a_returned_application_is_corrected_sent_again_and_accepted(a_citizen, an_employee):
    citizen = a_citizen(trait="incomplete", language="en")
    reference = citizen.apply()
    citizen.pay_by_card()
    citizen.go(f"/applications/{reference}/")
    citizen.wait_until_reads(citizen.service_words("state.in_review"))

    clerk = an_employee("supervisor", language="en")
    clerk.take_next(reference)
    reason = "Please choose one language for the certificate."
    clerk.give_reason(
        "Return for correction", label="What must the citizen correct?", reason=reason, press="Return to the citizen"
    )

    citizen.page.reload()
    citizen.reads(reason)
    citizen.follow("Correct and send again")
    citizen._main().get_by_role("link", name=f"Change {citizen.service_words('field.language.label')}").click()
    citizen.answer_certificate(language="ar", copies=1)
    citizen.fill("A word to the clerk", "Arabic only, please.")
    citizen.press("Send the correction")
    citizen.wait_until_reads(citizen.service_words("state.in_review"))

    clerk.go(f"/desk/cases/{reference}/")
    clerk.reads("Arabic only, please.")
    if clerk._main().get_by_role("button", name="Take this case").count():
        clerk.press("Take this case")
    clerk.supply("Haifa")
    clerk.accept()
    citizen.wait_until_reads(citizen.words("Signed electronically. Whoever receives it can check it."))
