"""The accessibility gate on every page, in both languages and schemes, on a phone and on a desk; and the proof that it can go red."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.journeys.gate import SEE_ARABIC, Gate, axe_source, count_contrast
from tests.journeys.visitor import CERTIFICATE, LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.citizen import Citizen
    from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.axe
LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])
OFFICE = "interior-nablus"
ERRORS = ("400", "403", "404", "422", "429", "500", "503", "form-expired", "registry-down", "payment-unknown")
FAINT = """() => {
  const label = document.createElement('p');
  label.textContent = 'نص عربي باهت لا يكاد يُقرأ على هذه الصفحة';
  label.id = 'planted';
  label.style.color = '#bdbab2';
  document.querySelector('main').append(label);
}"""


@pytest.fixture
def gate() -> Iterator[Gate]:
    axe_source()
    looking = Gate()
    yield looking
    assert looking.pages
    assert not looking.findings, "\n".join(["", *looking.findings])


def look_at(gate: Gate, visitor: Visitor, *paths: str) -> None:
    for path in paths:
        visitor.go(path)
        gate.look(visitor.page, f"{visitor.language} {path}")


def look(gate: Gate, visitor: Visitor, name: str) -> None:
    gate.look(visitor.page, f"{visitor.language} {name}")


def test_the_gate_goes_red_on_a_faint_arabic_label(a_citizen):
    visitor = a_citizen(signed_in=False)
    visitor.go("/help/")
    visitor.page.evaluate(FAINT)
    unseen, _ = count_contrast(visitor.page)
    visitor.page.evaluate(SEE_ARABIC)
    seen, found = count_contrast(visitor.page)
    assert unseen == 0, "axe sees Arabic by itself now: the cure can go"
    assert seen == 1
    assert "#planted" in found[0]


@LANGUAGES
def test_pages_for_everybody(a_citizen, gate, language):
    gate.large_letters = True
    visitor = a_citizen(signed_in=False, language=language, expect=("422", "404"))
    look_at(
        gate,
        visitor,
        "/",
        "/services/",
        f"/services/{CERTIFICATE}/",
        f"/services/{LICENCE}/",
        "/institutions/interior/",
    )
    look_at(
        gate,
        visitor,
        "/search/?q=ميلاد",
        "/search/?q=zzzz",
        "/help/",
        "/privacy/",
        "/accessibility/",
        "/offline/",
        "/verify/",
    )
    look_at(gate, visitor, "/verify/ABCD-EFGH-JKMN/", "/no-such-page/", "/sign-in/", "/sign-up/", "/reset-password/")
    visitor.go("/sign-up/")
    visitor.press("Continue")
    look(gate, visitor, "sign-up wrong")
    visitor.go("/verify/")
    visitor.press("Check the code")
    look(gate, visitor, "verify wrong")


@LANGUAGES
def test_pages_of_an_application(a_citizen, people, gate, language):
    citizen = a_citizen(trait="incomplete", language=language, expect=("422",))
    walk_to_the_check(gate, citizen)
    reference = citizen.send()
    look(gate, citizen, "pay")
    citizen.choose_way("Cash at a post office")
    citizen.reads_heading(citizen.words("Your code for paying in cash"))
    look(gate, citizen, "pay cash")
    look_at(gate, citizen, f"/applications/{reference}/")
    citizen.follow("Pay")
    citizen.choose_way("Wallet")
    look(gate, citizen, "wallet")
    citizen.ask_wallet("0599111100")
    look(gate, citizen, "wallet unknown")
    citizen.ask_wallet("0599700022")
    look(gate, citizen, "wallet waits")
    citizen.follow("Pay another way")
    citizen.choose_way("Bank card")
    citizen.page.wait_for_url(re.compile(re.escape(citizen.state.gateway)))
    citizen.page.locator("form[action*=cancel] button").click()
    citizen.reads_heading(citizen.words("You turned back without paying"))
    look(gate, citizen, "pay cancelled")
    citizen.follow("Try again or pay another way")
    citizen.pay_by_card()
    citizen.reads_heading(citizen.words("The fee is paid"))
    look(gate, citizen, "receipt")
    citizen.go(f"/applications/{reference}/")
    citizen.wait_until_reads(citizen.service_words("state.in_review"))
    look(gate, citizen, "application in review")
    citizen.go(f"/services/{LICENCE}/")
    look(gate, citizen, "inquiry service signed in")
    citizen.press("Show me the answer")
    look(gate, citizen, "inquiry")
    look_at(
        gate,
        citizen,
        "/applications/",
        "/documents/",
        "/inbox/",
        "/account/",
        "/account/reads/",
        "/account/password/",
        "/account/email/",
        "/account/passkeys/",
    )
    citizen.go("/inbox/")
    with citizen.page.expect_navigation():
        citizen._main().locator("article a").first.click()
    look(gate, citizen, "message")


def walk_to_the_check(gate: Gate, citizen: Citizen) -> None:
    citizen.go(f"/services/{CERTIFICATE}/")
    citizen.follow("Start now")
    look(gate, citizen, "start")
    citizen.press("Start")
    citizen.press("Continue")
    look(gate, citizen, "whom wrong")
    citizen.choose_whom()
    look(gate, citizen, "record")
    citizen.see_record()
    citizen._main().get_by_label(citizen.service_words("field.copies.label")).fill("99")
    citizen.press("Save and continue")
    look(gate, citizen, "questions wrong")
    citizen.answer_certificate()
    look(gate, citizen, "receiving")
    citizen.answer_receiving(office=OFFICE)
    look(gate, citizen, "check")


@LANGUAGES
def test_pages_of_the_desk_and_of_a_document(a_citizen, an_employee, gate, language):
    citizen = a_citizen(trait="incomplete", language=language)
    reference = citizen.apply(office=OFFICE)
    pay_at_the_desk(gate, citizen, an_employee("cashier", language=language, expect=("422",)))
    clerk = an_employee("clerk", language=language, expect=("422",))
    look_at(gate, clerk, "/desk/cases/office/")
    clerk.take_next(reference)
    clerk.accept()
    look(gate, clerk, "case lacking")
    clerk.supply("Haifa")
    clerk.accept()
    look(gate, clerk, "case accepted")
    look_at(gate, clerk, "/desk/cases/", "/desk/my-sign-in/")

    citizen.go(f"/applications/{reference}/")
    citizen.wait_until_reads(citizen.words("Where you collect it"))
    look(gate, citizen, "application to collect")
    citizen.follow("Show my pick-up code")
    citizen.press("Show a new code")
    look(gate, citizen, "pick-up code")
    code = citizen.page.locator(".code-panel-code").inner_text()
    look_at(gate, clerk, "/desk/hand-over/")
    with clerk.page.expect_navigation():
        clerk._main().locator("th a").first.click()
    look(gate, clerk, "hand-over code")
    clerk.go(re.sub(r".*(/pick-up/[^/]+/).*", r"\1", citizen.page.url).replace("/pick-up/", "/desk/hand-over/"))
    clerk._main().locator("input[name=code]").fill(code)
    clerk.press("Check the code")
    look(gate, clerk, "hand-over holder")

    look_at(gate, citizen, "/documents/")
    citizen.follow("About this document")
    look(gate, citizen, "document")
    citizen.follow("See what a checker sees")
    look(gate, citizen, "verified")


def pay_at_the_desk(gate: Gate, citizen: Citizen, cashier) -> None:
    citizen.choose_way("Cash at a post office")
    code = citizen.page.locator(".code-panel-code").inner_text()
    look_at(gate, cashier, "/desk/cashier/")
    cashier.open_drawer()
    look(gate, cashier, "drawer")
    cashier._main().locator("input[name=code]").fill(code)
    cashier.press("Show what it pays for")
    look(gate, cashier, "cash confirm")
    with cashier.page.expect_navigation():
        cashier._main().locator("form[action*=take] button").click()
    look(gate, cashier, "cash receipt")
    look_at(gate, cashier, "/desk/cashier/close/", "/desk/")


@LANGUAGES
def test_sign_in_of_the_desk(a_citizen, gate, language):
    visitor = a_citizen(signed_in=False, language=language)
    look_at(gate, visitor, "/desk/sign-in/")
    visitor.fill("Staff code", "auditor")
    visitor.fill("Password", visitor.state.staff_password)
    visitor.press("Continue")
    look(gate, visitor, "second factor")


@LANGUAGES
def test_the_gallery(a_citizen, gate, language):
    visitor = a_citizen(signed_in=False, language=language, expect=("the server responded with a status of",))
    look_at(
        gate,
        visitor,
        "/ui/gallery/",
        "/ui/gallery/signed-in/",
        "/ui/gallery/desk/",
        *(f"/ui/gallery/errors/{name}/" for name in ERRORS),
    )
