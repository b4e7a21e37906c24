"""Registries are asked for people, not for scripts: so many drafts an hour, so many inquiries in ten minutes, then wait."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from hukumati.domain.identity import api as identity
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions.drafts import STARTED_BY_CITIZEN
from hukumati.processes.applications.inquiries import ASKED_BY_CITIZEN
from hukumati.processes.applications.tests.builders import (
    CERTIFICATE,
    LICENCE,
    OMAR,
    SALMA,
    a_person_of_the_cast,
    acting,
    published,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]


def test_drafts_begun_and_given_up_without_end_have_one():
    published(CERTIFICATE)
    salma, omar, at = a_person_of_the_cast(SALMA), a_person_of_the_cast(OMAR), now()

    def begin(citizen, *, at):
        case = applications.start(CERTIFICATE, citizen=citizen, by=acting(citizen), at=at)
        return applications.withdraw(case, by=acting(citizen), at=at)

    for _ in range(STARTED_BY_CITIZEN.amount_max):
        begin(salma, at=at)
    with pytest.raises(identity.TooManyTries):
        begin(salma, at=at)
    assert begin(omar, at=at).state == "withdrawn"
    assert begin(salma, at=at + timedelta(hours=1, seconds=1)).state == "withdrawn"


def test_inquiries_without_end_have_one():
    published(LICENCE)
    salma, at = a_person_of_the_cast(SALMA), now()
    for _ in range(ASKED_BY_CITIZEN.amount_max):
        applications.ask(LICENCE, citizen=salma, by=acting(salma), at=at)
    with pytest.raises(identity.TooManyTries):
        applications.ask(LICENCE, citizen=salma, by=acting(salma), at=at)
