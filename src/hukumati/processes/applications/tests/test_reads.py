"""What a case asks of registries: for whom without asking, with which answers, under which condition. On the sandbox's real registries."""

import pytest
from django.utils.timezone import now

from hukumati.domain.catalogue.folder.scaffold import make_folder
from hukumati.domain.catalogue.tests.builders import copy_surroundings
from hukumati.domain.exchange import api as exchange
from hukumati.domain.exchange.models import Read, ReadGrant
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.models import Evidence
from hukumati.processes.applications.tests.builders import SALMA, a_person_of_the_cast, acting, published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]

RESIDENCE = "interior.residence_certificate"
MORE_READ = """
[[read]]
name = "licence"
registry = "transport/licensing"
service = "driving-licences"
subject = "applicant"
attributes = ["state"]
with = { year = "answers.year", seat = "answers.seat" }
when = "drives"

[conditions]
drives = { fact = "answers.drives", is = true }
"""
MORE_FORM = """
[[page]]
id = "driving"
[[page.field]]
id = "drives"
kind = "yes_no"
[[page.field]]
id = "year"
kind = "integer"
minimum = 2000
maximum = 2030
[[page.field]]
id = "seat"
kind = "digits"
length_exact = 5
required = false

[[page]]
id = "licence"
[[page.field]]
id = "licence_state"
kind = "show"
fact = "licence.state"
"""
WORDS = """
[page.driving]
title = "x"
[page.licence]
title = "x"
[field.drives]
label = "x"
[field.year]
label = "x"
[field.seat]
label = "x"
[field.licence_state]
label = "x"
[read.licence]
purpose = "x"
"""


@pytest.fixture
def folder(tmp_path):
    """A service to begin with: no question for whom it is."""
    copy_surroundings(tmp_path)
    path = make_folder(tmp_path, RESIDENCE, kind="paid")
    toml = path / "service.toml"
    toml.write_text(toml.read_text().replace('"automated"', '"open"'))
    return path


@pytest.fixture
def salma(folder):
    published(folder)
    return a_person_of_the_cast(SALMA)


def begun(citizen):
    return applications.start(RESIDENCE, citizen=citizen, by=acting(citizen), at=now())


def test_a_service_that_does_not_ask_for_whom_is_for_the_applicant_from_the_start(salma):
    case = begun(salma)
    assert (case.subject.tie, case.subject.national_id) == ("self", SALMA)
    case = applications.save_answers(
        applications.fetch(case, "person", by=acting(salma), at=now()), page="known", typed={}, at=now()
    )
    filed = applications.submit(case, revision=case.revision, citizen=salma, by=acting(salma), at=now())
    assert filed.state == "to_pay"


@pytest.fixture
def asking(folder):
    """The same service, with a read that waits for answers and for a condition."""
    more = {"exchange.toml": MORE_READ, "form.toml": MORE_FORM, "texts/ar.toml": WORDS, "texts/en.toml": WORDS}
    for file, text in more.items():
        (folder / file).write_text((folder / file).read_text() + text)
    return folder


def answered(case, citizen, **typed):
    case = applications.save_answers(case, page="driving", typed=typed, at=now())
    return applications.fetch(case, "licence", by=acting(citizen), at=now())


def test_a_read_waits_for_the_answers_it_needs_and_for_its_condition(asking, salma):
    case = applications.fetch(begun(salma), "licence", by=acting(salma), at=now())
    assert "licence" not in case.evidence
    case = answered(case, salma, drives="no", year="2026", seat="30412")
    assert "licence" not in case.evidence
    assert not ReadGrant.objects.filter(registry="transport/licensing").exists()
    case = answered(case, salma, drives="yes", year="2026", seat="30412")
    assert case.evidence["licence"].facts == {"state": "valid"}
    assert ReadGrant.objects.get(registry="transport/licensing").parameters == ["seat", "year"]


def test_another_answer_is_asked_anew_and_the_same_is_not(asking, salma):
    case = answered(begun(salma), salma, drives="yes", year="2026", seat="30412")
    first = case.evidence["licence"].read_reference
    case = answered(case, salma, drives="yes", year="2026", seat="30412")
    assert case.evidence["licence"].read_reference == first
    case = applications.save_answers(
        case, page="driving", typed={"drives": "yes", "year": "2026", "seat": "30413"}, at=now()
    )
    assert (
        "licence" not in applications.get_own(case.reference, citizen=salma).evidence
    )  # what was said of another seat
    case = applications.fetch(case, "licence", by=acting(salma), at=now())
    assert case.evidence["licence"].read_reference != first
    assert [piece.asked_with["seat"] for piece in Evidence.objects.filter(name="licence").order_by("id")] == [
        "30412",
        "30413",
    ]


def test_a_question_left_empty_tells_the_registry_nothing(asking, salma):
    answered(begun(salma), salma, drives="yes", year="2026", seat="")
    assert Read.objects.get(registry="transport/licensing").parameters == ["year"]
    assert [read.outcome for read in exchange.list_reads_about(salma.national_id)] == ["answered"]
