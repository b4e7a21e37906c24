"""Whether promises are kept: what counts as an answer, and what is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from hukumati.domain.catalogue.tests.builders import published
from hukumati.domain.documents import api as documents
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import progress
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.tests.builders import a_clerk, a_filed_case, a_person_of_the_cast, acting, pay
from hukumati.processes.applications.tests.test_actions import OMAR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]

INTERIOR = "interior"


@pytest.fixture(autouse=True)
def _service():
    published("interior.birth_certificate_copy")


def answered_at(case):
    return Application.objects.get(reference=case.reference).answered_at


def test_the_document_is_the_answer_and_collecting_it_later_changes_nothing():
    salma = a_person_of_the_cast()
    case = a_filed_case(salma)
    assert applications.promises_kept(INTERIOR, at=now()) == applications.PromisesKept(0, 0, 0)
    pay(case, salma)
    assert answered_at(case) is None
    progress.issue_document(case.reference, at=now())
    document = documents.find_about(case.reference, holder=salma.account_id)
    progress.confirm_issue(case.reference, document=document.reference, at=now())
    given = answered_at(case)
    assert given is not None
    progress.confirm_download(case.reference, by=acting(salma), at=now() + timedelta(days=9))
    assert answered_at(case) == given
    kept = applications.promises_kept(INTERIOR, at=now())
    assert (kept.answered, kept.in_time, kept.late_now, kept.percent) == (1, 1, 0, 100)
    assert applications.promises_kept("health", at=now()).percent is None


def test_a_refusal_is_an_answer_late_or_not():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    late = Application.objects.get(reference=case.reference).promised_at + timedelta(days=1)
    assert applications.promises_kept(INTERIOR, at=late).late_now == 1
    applications.take(case.reference, by=clerk, at=late)
    applications.refuse(case.reference, reason="القيد ملغى بحكم محكمة", by=clerk, at=late)
    kept = applications.promises_kept(INTERIOR, at=late)
    assert (kept.answered, kept.in_time, kept.late_now, kept.percent) == (1, 0, 0, 0)


def test_what_its_citizen_withdraws_was_not_answered():
    salma = a_person_of_the_cast()
    case = a_filed_case(salma)
    applications.withdraw(case, by=acting(salma), at=now())
    assert answered_at(case) is None
    assert applications.promises_kept(INTERIOR, at=now() + timedelta(days=60)) == applications.PromisesKept(0, 0, 0)
