"""What holds between folders, and between a folder and what is declared beside it. No database."""

from __future__ import annotations

import re
import shutil

import pytest
from django.conf import settings

from hukumati.domain.catalogue.folder.checks import check_folders
from hukumati.infra import declared

LABEL = 'label = "Number of copies"'
FORM = 'id = "copies"\nkind = "integer"'


@pytest.fixture
def root(tmp_path):
    """A copy of all folders, and of what stands beside them."""
    return shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")


def test_a_case_that_differs_is_a_fault_at_its_line(root):
    cases = root / "interior" / "birth_certificate_copy" / "tests" / "cases.toml"
    cases.write_text(cases.read_text().replace("fee_minor = 2500", "fee_minor = 2400"))
    (fault,) = check_folders(root)[1]
    assert (fault.code, "2500, not 2400" in fault.hint) == ("case_differs", True)
    assert fault.line == cases.read_text().splitlines().index(
        'name = "an incomplete record is reviewed by a clerk before anything is issued"'
    )


def test_an_unknown_office_is_told(root):
    toml = root / "interior" / "civil_extract" / "service.toml"
    toml.write_text(toml.read_text().replace("pick_up =", 'offices = ["interior-ramalah"]\npick_up =', 1))
    (fault,) = check_folders(root)[1]
    assert (fault.code, "did you mean `interior-ramallah`" in fault.hint) == ("unknown_name", True)


@pytest.mark.parametrize(
    ("written", "typed", "hint", "line"),
    [
        ("points", "pointes", "did you mean `points`", "attributes"),
        ("driving-licences", "driving-licence", "did you mean `driving-licences`", "service"),
    ],
)
def test_a_register_is_not_asked_for_what_it_cannot_tell(root, written, typed, hint, line):
    folder = root / "transport" / "driving_licence_status"
    for file in folder.rglob("*.toml"):
        file.write_text(file.read_text().replace(written, typed))
    (fault,) = (fault for fault in check_folders(root)[1] if fault.code == "unknown_name")
    assert hint in fault.hint
    assert (folder / "exchange.toml").read_text().splitlines()[fault.line - 1].startswith(line)


@pytest.mark.parametrize(
    ("written", "typed", "code", "hint"),
    [
        (r'"parent_unknown", |refused.parent_unknown.*', "", "refusal_without_words", "`parent_unknown`"),
        ("parent_unknown", "parents_unknown", "unknown_name", "did you mean `parent_unknown`"),
        ('"registrations"', '"registration"', "unknown_name", "did you mean `registrations`"),
        ("mother_id = ", "mothers_id = ", "unknown_name", "did you mean `mother_id`"),
    ],
)
def test_a_register_is_told_what_it_takes_and_each_of_its_refusals_has_words(root, written, typed, code, hint):
    for file in (root / "interior" / "birth_certificate_new").rglob("*.toml"):
        file.write_text(re.sub(written, typed, file.read_text()))
    faults = check_folders(root)[1]
    assert any(hint in fault.hint for fault in faults if fault.code == code), faults


def checked(root, **changes):
    """The faults of a copy of all folders in which the birth certificate's files were changed."""
    for name, (old, new) in changes.items():
        file = root / "interior" / "birth_certificate_copy" / {"form": "form.toml"}.get(name, f"texts/{name}.toml")
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new, 1))
    return [(fault.code, fault.hint) for fault in check_folders(root)[1]]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"en": (LABEL, 'label = "When were you born?"')}, "interior/civil tells as `birth_date`"),
        ({"en": (LABEL, 'label = "Health card number"')}, "health/insurance tells as `card_number`"),
        ({"ar": ('label = "عدد النسخ"', 'label = "رقمُ اللوحة:"')}, "transport/vehicles tells as `plate`"),
        ({"form": (FORM, f'{FORM}\nconcept = "driving_licence_number"')}, "transport/licensing tells as `number`"),
    ],
)
def test_what_a_connected_registry_tells_is_not_asked_under_another_name(root, changes, told):
    ((code, hint),) = checked(root, **changes)
    assert code == "asks_what_is_known"
    assert told in hint


def test_a_question_that_means_something_else_says_what(root):
    form = (FORM, f'{FORM}\nconcept = "birth_date_of_the_cat"')
    assert checked(root, en=(LABEL, 'label = "Date of birth"'), form=form) == []


def test_a_register_or_a_law_of_one_institution_is_declared_in_its_own_folder(root):
    assert not (root / "registries.toml").exists()
    registries = declared.rows(root, "registries.toml", "registry")
    assert registries["interior/civil"]["services"]["persons"]
    assert {name.partition("/")[0] for name in registries} >= {"interior", "transport", "gpc"}
    instruments = declared.rows(root, "instruments.toml", "instrument")
    assert {"demo-tariff", "demo-civil-status", "demo-traffic"} <= set(instruments)


@pytest.mark.parametrize("broken", ["[[instrument", "\xff", "instrument = 3", '[[instrument]]\nname = "x"'])
def test_a_broken_file_of_one_institution_is_the_fault_of_its_own_services(root, broken):
    (root / "transport" / "instruments.toml").write_bytes(broken.encode("latin-1"))
    services, faults = check_folders(root)
    assert {fault.file.partition("/")[0] for fault in faults} == {"transport"}
    assert any("transport/instruments.toml" in fault.hint for fault in faults if fault.code == "surroundings_broken"), (
        faults
    )
    assert {service.institution for service in services} >= {"interior", "health"}


def test_what_stands_elsewhere_is_not_declared_again(root):
    file = root / "transport" / "instruments.toml"
    file.write_text(file.read_text() + '\n[[instrument]]\nid = "demo-tariff"\nname = { ar = "أخرى", en = "Another" }\n')
    assert declared.rows(root, "instruments.toml", "instrument")["demo-tariff"]["name"]["en"] != "Another"
    faults = [fault for fault in check_folders(root)[1] if fault.code == "surroundings_broken"]
    assert all("demo-tariff" in fault.hint and fault.file.startswith("transport/") for fault in faults)
    assert faults


def test_a_register_that_a_ministry_connects_can_be_asked_without_any_other_edit(root):
    (root / "gpc" / "registries.toml").write_text(
        (root / "gpc" / "registries.toml").read_text().replace('"gpc/personnel"', '"gpc/staff"')
    )
    assert "gpc/staff" in declared.rows(root, "registries.toml", "registry")
