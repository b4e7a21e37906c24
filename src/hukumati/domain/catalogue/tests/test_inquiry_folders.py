"""The proofs of inquiries: whom they may be about, what they may ask first, and what their answers can show. No database."""

from __future__ import annotations

import pytest
from django.conf import settings

from hukumati.domain.catalogue import answering
from hukumati.domain.catalogue.folder.loader import load_source
from hukumati.domain.catalogue.folder.source import Source, read_folder
from hukumati.domain.catalogue.tests.test_folder import changed, faults_of

TAWJIHI = settings.SERVICES_DIR / "education" / "tawjihi_result"
VEHICLES = settings.SERVICES_DIR / "transport" / "vehicle_licence_status"
CLEARANCE = settings.SERVICES_DIR / "finance" / "tax_clearance_status"
BIRTH = settings.SERVICES_DIR / "interior" / "birth_certificate_copy"
A_DUE = {"authority_ar": "جهة", "authority_latin": "An authority", "amount_minor": 100, "currency": "ILS"}


@pytest.mark.parametrize(
    ("path", "file", "old", "new", "code"),
    [
        (TAWJIHI, "form.toml", '"self", "child", "ward"', '"self", "child", "spouse"', "asks_about_adults"),
        (TAWJIHI, "form.toml", '"self", "child", "ward"', '"parent"', "asks_about_adults"),
        (CLEARANCE, "exchange.toml", 'subject = "applicant"', 'subject = "subject"', "reads_about_others"),
        (TAWJIHI, "form.toml", 'id = "sitting"', 'id = "sitting"\nafter_answer = true', "no_answer_before"),
        (BIRTH, "form.toml", 'id = "certificate"', 'id = "certificate"\nafter_answer = true', "no_answer_before"),
        (TAWJIHI, "form.toml", 'kind = "choice"', 'kind = "show"\nfact = "result.year"', "asked_too_early"),
        (TAWJIHI, "form.toml", 'id = "seat_number"', 'id = "seat"', "asks_what_is_known"),
        (TAWJIHI, "exchange.toml", '"answers.seat_number"', '"answers.seat"', "fact_not_declared"),
        (TAWJIHI, "answer.toml", 'format = "table"', 'format = "list"', "row_incomplete"),
        (CLEARANCE, "answer.toml", 'currency = "currency"\n', "", "row_incomplete"),
        (CLEARANCE, "answer.toml", 'id = "due_on"', 'id = "due_on"\ntotal = true', "row_incomplete"),
        (
            CLEARANCE,
            "answer.toml",
            'fact = "clearance.dues"',
            'fact = "clearance.dues"\nonly = "kind"',
            "row_incomplete",
        ),
        (
            CLEARANCE,
            "answer.toml",
            "[conditions]",
            '[continue]\nwhen = "overdue"\n\n[conditions]',
            "goes_on_to_nothing",
        ),
        (VEHICLES, "answer.toml", 'fact = "chosen.plate"', 'fact = "picked.plate"', "fact_not_declared"),
        (VEHICLES, "answer.toml", "at_least = 0, at_most = 30", 'at_least = 0, is = "x"', "unclear_condition"),
        (VEHICLES, "texts/en.toml", 'label = "Choose the vehicle"', "", "text_missing"),
        (CLEARANCE, "texts/en.toml", 'dues.column.kind.label = "Kind"', "", "text_missing"),
    ],
)
def test_a_fault_of_an_inquiry_is_named(path, file, old, new, code):
    found = [fault for fault in faults_of(changed(path, file, old, new)) if fault.code == code]
    assert found
    assert all(len(fault.hint) > 10 and fault.line for fault in found)


def test_an_application_gives_no_answer():
    files = {**read_folder(BIRTH), "answer.toml": "row = []\n"}
    assert "file_not_of_this_kind" in {fault.code for fault in faults_of(files)}


@pytest.fixture(scope="module")
def clearance():
    return load_source(Source(read_folder(CLEARANCE)))


@pytest.fixture(scope="module")
def vehicles():
    return load_source(Source(read_folder(VEHICLES)))


@pytest.mark.parametrize(
    ("dues", "shown"),
    [([A_DUE], 1), ([A_DUE, A_DUE], 2), ([A_DUE, "no record", None, 7], 1), ([], 0), (None, 0), ("a text", 0), ({}, 0)],
)
def test_a_table_shows_records_and_nothing_else(clearance, dues, shown):
    tables = [value for row, value in answering.answer_rows(clearance, {"clearance": {"dues": dues}}) if row.columns]
    assert [len(table) for table in tables] == ([shown] if shown else [])


@pytest.mark.parametrize(
    ("amount", "currency", "known"),
    [
        (100, "ILS", True),
        (0, "ILS", True),
        (None, "ILS", False),
        (100, None, False),
        (True, "ILS", False),
        ("1", "ILS", False),
    ],
)
def test_an_amount_is_known_with_its_currency_only(amount, currency, known):
    told = answering.amount(amount, currency)
    assert told == ({"amount_minor": amount, "currency": currency} if known else None)


TWO = {"vehicles": {"vehicles": [{"plate": "1-A"}, {"plate": "2-B"}]}}
ONE = {"vehicles": {"vehicles": [{"plate": "1-A"}, {"make": "without a plate"}]}}


@pytest.mark.parametrize(
    ("facts", "place", "plate"),
    [
        (ONE, None, "1-A"),
        (ONE, 9, "1-A"),
        (TWO, None, None),
        (TWO, 1, "1-A"),
        (TWO, 2, "2-B"),
        (TWO, 3, None),
        (TWO, 0, None),
        (TWO, -1, None),
        ({}, 1, None),
    ],
)
def test_the_only_one_is_chosen_and_of_several_the_one_that_is_named(vehicles, facts, place, plate):
    chosen = answering.with_chosen(vehicles, facts, place=place).get("chosen", {})
    assert chosen.get("plate") == plate
