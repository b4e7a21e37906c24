"""What a case decides, as tables of plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from hukumati.domain.catalogue.api import load_folder
from hukumati.domain.catalogue.facts import (
    DocumentDeclaration,
    Field,
    FieldKind,
    FormDefinition,
    Page,
    ReadDeclaration,
    When,
)
from hukumati.kernel.process import By, Process, Step
from hukumati.kernel.text import Text
from hukumati.processes.applications import rules
from hukumati.processes.applications.facts import ApplicationFacts, EvidenceFacts, SubjectFacts

WORDS = Text("كلمات", "words")
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
MYSELF = SubjectFacts("900000019", "self", Text("سلمى العطار", "Salma Al-Attar"))
LAYAN = {
    "kind": "child",
    "national_id": "900000035",
    "name_ar": {"family": "الزيتاوي", "first": "ليان"},
    "name_latin": {},
    "birth_date": "2012-06-11",
    "minor": True,
    "alive": True,
}
TAREQ = LAYAN | {"kind": "spouse", "national_id": "900000027"}
PROCESS = Process(
    "draft",
    frozenset({"closed"}),
    (
        Step("draft", "submit", "to_pay", By.CITIZEN),
        Step("to_pay", "pay", "to_issue", By.LEDGER),
        Step("to_pay", "expire", "closed", By.CLOCK, within_days=3),
        Step("to_issue", "issue", "closed", By.SYSTEM),
    ),
)


def a_service(*, ties=("self", "child"), fields=(), data=None):
    tie = Field("whom", FieldKind.TIE, WORDS, ties=ties)
    pages = (Page("whom", WORDS, (tie,)), *(Page(f"page-{i}", WORDS, (f,)) for i, f in enumerate(fields)))
    reads = (
        ReadDeclaration("family", "interior/civil", "relations", "applicant", ("ties",), WORDS),
        ReadDeclaration("record", "interior/civil", "birth-records", "subject", ("name_ar",), WORDS),
    )
    real = load_folder(Path(settings.SERVICES_DIR) / "interior" / "birth_certificate_copy")
    form, document = FormDefinition(pages), DocumentDeclaration(WORDS, "", data or {}, {})
    return replace(real, form=form, process=PROCESS, conditions=(), reads=reads, document=document)


def a_case(*, evidence=None, answers=None, pages_done=()):
    pieces = {name: EvidenceFacts(name, facts, NOON, NOON, WORDS, "X") for name, facts in (evidence or {}).items()}
    return ApplicationFacts(
        "A-2026-AAAAAAAA", "interior.test", 1, "interior", "draft", 1, "900000019", "ar", NOON, NOON,
        answers=answers or {}, evidence=pieces, pages_done=tuple(pages_done),
    )  # fmt: skip


def test_only_ties_that_the_form_allows_can_be_chosen():
    case = a_case(evidence={"family": {"ties": [LAYAN, TAREQ]}})
    assert [p.national_id for p in rules.allowed_subjects(a_service(), case, myself=MYSELF)] == [
        "900000019",
        "900000035",
    ]


def test_without_the_registrys_word_there_is_nobody_but_oneself():
    assert rules.allowed_subjects(a_service(), a_case(), myself=MYSELF) == [MYSELF]
    assert rules.allowed_subjects(a_service(ties=("child",)), a_case(), myself=MYSELF) == []


def test_a_subject_survives_its_storage():
    person = rules.allowed_subjects(a_service(), a_case(evidence={"family": {"ties": [LAYAN]}}), myself=MYSELF)[1]
    assert rules.subject_from_json(rules.subject_to_json(person)) == person
    assert person.name == Text("ليان الزيتاوي", "ليان الزيتاوي")


def test_what_the_clerk_supplied_is_laid_over_the_record():
    case = a_case(evidence={"record": {"name_ar": None, "sex": "female"}, "clerk": {"record.name_ar": "ليان"}})
    assert rules.known_facts(case)["record"] == {"name_ar": "ليان", "sex": "female"}
    assert case.evidence["record"].facts["name_ar"] is None


def test_the_clerk_is_asked_for_what_the_document_needs_and_nobody_knows():
    service = a_service(data={"name": "record.name_ar", "mother": "record.mother_name_ar", "copies": "answers.copies"})
    case = a_case(evidence={"record": {"name_ar": "ليان"}})
    assert rules.paths_to_supply(service, case) == ("record.mother_name_ar",)


@pytest.mark.parametrize(
    ("path", "value", "fits"),
    [
        ("record.mother_name_latin", "Suhair Al-Asali", True),
        ("record.mother_name_latin", "Zoé O'Neil", True),
        ("record.mother_name_latin", "سهير", False),
        ("record.mother_name_ar", "سهير", True),
        ("record.mother_name_ar", "Suhair", False),
        ("record.mother_name_ar", "…", False),
        ("record.registration_number", "1993/02/00008", True),
    ],
)
def test_names_are_kept_in_the_letters_that_their_register_keeps_them_in(path, value, fits):
    assert rules.fits_script(path, value) is fits


def test_a_page_is_missing_until_it_was_seen_and_answered():
    number = Field("copies", FieldKind.INTEGER, WORDS)
    service = a_service(fields=(number,))
    assert rules.pages_missing(service, a_case()) == ("page-0",)
    assert rules.pages_missing(service, a_case(pages_done=["page-0"])) == ("page-0",)
    assert rules.pages_missing(service, a_case(pages_done=["page-0"], answers={"copies": 2})) == ()


def test_a_page_whose_condition_now_holds_is_missing_again():
    pick_up = Field("pick_up", FieldKind.TEXT, WORDS)
    office = Field("office", FieldKind.OFFICE, WORDS, when=When("pick_up", "counter"))
    service = a_service(fields=(pick_up, office))
    done = ["page-0", "page-1"]
    assert rules.pages_missing(service, a_case(pages_done=done, answers={"pick_up": "download"})) == ()
    assert rules.pages_missing(service, a_case(pages_done=done, answers={"pick_up": "counter"})) == ("page-1",)
    emptied = {"pick_up": "counter", "office": None}  # asked before under another answer, when it was not needed
    assert rules.pages_missing(service, a_case(pages_done=done, answers=emptied)) == ("page-1",)


@pytest.mark.parametrize(("state", "may"), [("draft", True), ("to_pay", False), ("closed", False)])
def test_answers_change_only_before_filing_or_after_a_return(state, may):
    assert rules.may_answer(a_service(), state) is may


def test_the_charge_lives_as_long_as_the_table_waits_for_it():
    assert rules.pay_within_days(a_service()) == 3


@pytest.mark.parametrize(
    ("path", "typed", "kept"),
    [
        ("record.mother_name_latin", "  Huda\u202e Ali ", "Huda Ali"),
        ("record.birth_date", "١٩٨٩-٠٤-١٨", "1989-04-18"),
        ("record.birth_date", "18/4/1989", "1989-04-18"),
        ("record.birth_date", "in spring", ""),
        ("record.registered_on", "1989-13-40", ""),
        ("record.registered_on", "31.2.1989", ""),
        ("record.registered_on", "", ""),
    ],
)
def test_a_clerk_supplies_only_what_the_document_can_say(path, typed, kept):
    assert rules.supplied(path, typed) == kept


def test_rules_know_the_people_of_a_case_by_their_dates_and_never_by_their_names():
    case = replace(
        a_case(answers={"copies": 2}),
        applicant_birth_date=date(1989, 4, 18),
        subject=SubjectFacts("900000035", "child", WORDS, date(2012, 6, 11), minor=True),
    )
    assert rules.known_facts(case) == {
        "answers": {"copies": 2},
        "applicant": {"birth_date": "1989-04-18", "public_employee": None},
        "subject": {"birth_date": "2012-06-11", "tie": "child", "minor": True, "alive": True},
    }
