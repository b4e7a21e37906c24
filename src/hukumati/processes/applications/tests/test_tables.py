"""Tables at work: whom they refuse and when it is said, what they charge, and that the charge is what was shown."""

from datetime import date

import pytest
from django.utils.timezone import now

from hukumati.domain.catalogue.tests.builders import published
from hukumati.domain.catalogue.tests.renewal import RENEWAL, TARIFF, a_renewal
from hukumati.domain.identity.tests.builders import a_citizen
from hukumati.domain.payments import api as payments
from hukumati.kernel.national_id import NationalId
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.tests.builders import SALMA, acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]


@pytest.fixture(autouse=True)
def _service(tmp_path):
    published(a_renewal(tmp_path))


def somebody(born):
    return a_citizen(national_id=NationalId(SALMA), birth_date=born)


def a_draft(citizen, *, term="long", lost="no"):
    case = applications.start(RENEWAL, citizen=citizen, by=acting(citizen), at=now())
    for read in applications.service_of(case).reads:
        case = applications.fetch(case, read.name, by=acting(citizen), at=now())
    case = applications.save_answers(case, page="known", typed={}, at=now())
    return applications.save_answers(case, page="card", typed={"term": term, "lost": lost}, at=now())


def send(case, citizen):
    return applications.submit(case, revision=case.revision, citizen=citizen, by=acting(citizen), at=now())


def years_ago(years):
    return date(now().year - years, 1, 1)


@pytest.mark.parametrize(
    ("years", "term", "lost", "lines"),
    [
        (40, "long", "no", [("issue", 2500)]),
        (40, "short", "yes", [("issue", 1500), ("replacement", 700)]),
        (70, "short", "yes", [("replacement", 700)]),
    ],
)
def test_the_charge_is_what_the_check_page_assessed(years, term, lost, lines):
    citizen = somebody(years_ago(years))
    case = a_draft(citizen, term=term, lost=lost)
    shown = applications.fee(applications.service_of(case), case, on=now().date())
    charge = payments.find_open_charge(send(case, citizen).reference)
    assert [(line.code, line.amount.amount_minor) for line in charge.lines] == lines
    assert (charge.total, charge.lines) == (shown.total, charge.lines)


def test_who_owes_nothing_waits_for_no_payment():
    citizen = somebody(years_ago(70))
    case = send(a_draft(citizen), citizen)
    assert (case.state, payments.list_charges(case.reference)) == ("to_issue", [])
    assert [entry.verb for entry in applications.list_timeline(case.reference)] == ["start", "submit", "pay"]


def test_whom_no_answer_can_help_is_refused_at_the_start_and_nothing_is_made():
    with pytest.raises(applications.NotEligible) as refusal:
        a_draft(somebody(years_ago(10)))
    assert refusal.value.reason.en == "From 18 years on."
    assert not Application.objects.exists()


def test_whom_an_answer_excludes_is_told_at_once_and_refused_when_it_is_sent():
    citizen = somebody(years_ago(19))
    service = applications.service_of(case := a_draft(citizen, term="long"))
    assert applications.eligibility_so_far(service, case, on=now().date()).en == "Under 21 for one year only."
    with pytest.raises(applications.NotEligible):
        send(case, citizen)
    assert Application.objects.get().state == "draft"
    assert payments.list_charges(case.reference) == []
    case = applications.save_answers(case, page="card", typed={"term": "short", "lost": "no"}, at=now())
    assert send(case, citizen).state == "to_pay"


def test_a_case_that_lacks_what_its_fee_depends_on_is_not_sent():
    citizen = somebody(years_ago(40))
    case = a_draft(citizen)
    Application.objects.update(applicant_birth_date=None)
    with pytest.raises(applications.FactsMissing) as refusal:
        send(applications.get_own(case.reference, citizen=citizen), citizen)
    assert refusal.value.inputs == ("age_of(applicant.birth_date)",)
    assert payments.list_charges(case.reference) == []


def test_a_new_tariff_charges_nobody_unseen_and_leaves_what_was_filed(tmp_path):
    citizen = somebody(years_ago(40))
    filed, case = send(a_draft(citizen, term="short"), citizen), a_draft(citizen, term="short")
    (tmp_path / "next").mkdir()
    folder = a_renewal(tmp_path / "next", tariff=TARIFF.replace("1500", "9900"))
    toml = folder / "service.toml"
    toml.write_text(toml.read_text().replace("version = 1", "version = 2"))
    published(folder)
    with pytest.raises(applications.ServiceChanged):
        send(case, citizen)
    assert payments.list_charges(case.reference) == []
    assert payments.find_open_charge(filed.reference).total.amount_minor == 1500
