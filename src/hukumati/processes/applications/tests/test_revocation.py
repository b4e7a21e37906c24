"""A document that is revoked later: its holder hears it, the case stays as it ended."""

import pytest
from django.utils.timezone import now

from hukumati.domain.documents import api as documents
from hukumati.domain.notifications import api as notifications
from hukumati.kernel.actor import system
from hukumati.processes.applications.actions import progress
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.tests.builders import (
    CERTIFICATE,
    SALMA,
    a_filed_case,
    a_person_of_the_cast,
    pay,
    published,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]


def test_the_holder_hears_of_the_revocation_and_why():
    published(CERTIFICATE)
    salma = a_person_of_the_cast(SALMA)
    case = a_filed_case(salma)
    pay(case, salma)
    progress.issue_document(case.reference, at=now())
    document = documents.find_about(case.reference, holder=salma.account_id)
    progress.confirm_issue(case.reference, document=document.reference, at=now())
    before = Application.objects.get(reference=case.reference).state

    documents.revoke(document.reference, reason="خطأ في تاريخ الميلاد", by=system("tests"), at=now())
    progress.tell_revocation(case.reference, document=document.reference, at=now())

    message = next(each for each in notifications.list_inbox(salma.account_id) if each.code == "document.revoked")
    assert document.reference in message.body
    assert "خطأ في تاريخ الميلاد" in message.body
    assert Application.objects.get(reference=case.reference).state == before
