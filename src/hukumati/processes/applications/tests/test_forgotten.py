"""What a job that gave up had to tell a case is found again; one case that cannot go on keeps no other from it."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from procrastinate.contrib.django.models import ProcrastinateJob

from hukumati.domain.documents import api as documents
from hukumati.domain.payments.actions.charges import expire_charges
from hukumati.kernel.actor import system
from hukumati.processes.applications import jobs
from hukumati.processes.applications.actions import progress
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.tests.builders import (
    CERTIFICATE,
    a_draft,
    a_filed_case,
    a_person_of_the_cast,
    pay,
    published,
    take_the_fee,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]


@pytest.fixture(autouse=True)
def _services():
    published(CERTIFICATE)


def state_of(case):
    return Application.objects.get(reference=case.reference).state


def waits_since(case, **ago):
    Application.objects.filter(reference=case.reference).update(state_since=now() - timedelta(**ago))


def test_a_payment_that_the_case_never_heard_of_is_found():
    salma = a_person_of_the_cast()
    case, unpaid = a_filed_case(salma), a_filed_case(salma)
    take_the_fee(case, salma)
    for each in (case, unpaid):
        waits_since(each, hours=2)
    jobs.take_up_again(0)
    assert (state_of(case), state_of(unpaid)) == ("to_issue", "to_pay")


def test_a_charge_that_ended_unheard_ends_the_case():
    case = a_filed_case(a_person_of_the_cast())
    expire_charges(by=system("tests"), at=now() + timedelta(days=4))
    waits_since(case, days=4)
    jobs.take_up_again(0)
    assert state_of(case) == "expired"


def test_a_document_that_was_never_made_is_asked_for_again_and_one_that_was_made_is_heard_of():
    salma = a_person_of_the_cast()
    case = a_filed_case(salma)
    pay(case, salma)
    waits_since(case, hours=2)
    for _ in range(2):
        jobs.take_up_again(0)
    again = ProcrastinateJob.objects.filter(task_name=jobs.issue_document.name, queueing_lock=f"issue {case.reference}")
    assert [job.args for job in again] == [{"reference": case.reference}]
    progress.issue_document(case.reference, at=now())
    assert documents.find_about(case.reference, holder=salma.account_id) is not None
    jobs.take_up_again(0)
    assert state_of(case) == "ready"


def test_cases_that_cannot_go_on_do_not_stop_the_clock_for_others():
    salma = a_person_of_the_cast()
    broken, overdue, young = a_draft(salma), a_draft(salma), a_draft(salma)
    Application.objects.filter(reference=broken.reference).update(service_version=99)
    for case, days in ((broken, 40), (overdue, 31), (young, 29)):
        waits_since(case, days=days)
    jobs.close_overdue_cases(0)
    assert [state_of(case) for case in (broken, overdue, young)] == ["draft", "expired", "draft"]
