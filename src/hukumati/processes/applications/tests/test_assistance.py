"""Help with a draft at a counter: with the citizen's code and the citizen's yes, for as long as both hold, and no further."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import a_staff
from hukumati.infra.audit import api as audit
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import assistance
from hukumati.processes.applications.models import Assistance
from hukumati.processes.applications.tests.builders import (
    CERTIFICATE,
    SALMA,
    a_clerk,
    a_draft,
    a_person_of_the_cast,
    acting,
    acting_staff,
    published,
)
from tests.outside import registries  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]
LATER = timedelta(hours=2)


@pytest.fixture
def salma():
    published(CERTIFICATE)
    return a_person_of_the_cast(SALMA)


@pytest.fixture
def draft(salma):
    return a_draft(salma, answers={"record": {}})


@pytest.fixture
def clerk():
    return acting_staff(a_staff(role=identity.Role.POSTAL_CLERK, institution="post", office="post-nablus"))


def offered(draft, citizen):
    return applications.offer_help(draft, by=acting(citizen), at=now())


def opened(draft, citizen, clerk):
    help_ = applications.ask_to_help(offered(draft, citizen).code, by=clerk, at=now())
    return applications.allow_help(draft, reference=help_.reference, by=acting(citizen), at=now())


def test_code_yes_form_end(draft, salma, clerk):
    help_ = applications.ask_to_help(offered(draft, salma).code, by=clerk, at=now())
    assert applications.get_helped(help_.reference, by=clerk, at=now())[1] is None  # not before the yes
    assert applications.helper_place(help_).en.startswith("Post")
    applications.allow_help(draft, reference=help_.reference, by=acting(salma), at=now())
    applications.save_answers_helping(
        help_.reference, page="certificate", typed={"language": "en", "copies": "3"}, by=clerk, at=now()
    )
    seen = applications.get_own(draft.reference, citizen=salma)
    assert (seen.answers["language"], seen.answers["copies"]) == ("en", 3)
    applications.leave_help(help_.reference, by=clerk, at=now())
    assert applications.get_helped(help_.reference, by=clerk, at=now())[1] is None
    assert [entry.verb for entry in applications.list_timeline(draft.reference)][-2:] == [
        "allow_help",
        "answer_helping",
    ]
    assert {
        "applications.help_offered",
        "applications.help_asked",
        "applications.helped",
        "applications.help_ended",
    } <= {entry.code for entry in audit.list_entries(draft.reference)}


def test_whoever_helps_may_choose_the_person_and_neither_send_nor_withdraw(draft, salma, clerk):
    help_ = opened(draft, salma, clerk)
    people = applications.allowed_subjects(applications.service_of(draft), draft, myself=applications.subject_of(salma))
    child = next(person for person in people if person.tie == "child")
    applications.choose_subject_helping(help_.reference, key=child.key, by=clerk, at=now())
    assert applications.get_own(draft.reference, citizen=salma).subject.tie == "child"
    assert {"submit", "withdraw"}.isdisjoint(dir(assistance))


@pytest.mark.parametrize("typed", ["", "00000000", "1234", "٠٠٠٠٠٠٠٠", "x" * 40])
def test_a_wrong_code_tells_nothing(draft, salma, clerk, typed):
    offered(draft, salma)
    with pytest.raises(applications.AssistanceCodeUnknown):
        applications.ask_to_help(typed, by=clerk, at=now())
    assert Assistance.objects.get().state == "offered"


def test_codes_cannot_be_guessed_without_end(draft, salma, clerk):
    code = offered(draft, salma).code
    for _ in range(assistance.CODES_TRIED.amount_max):
        with pytest.raises(applications.AssistanceCodeUnknown):
            applications.ask_to_help("11111111" if code != "11111111" else "2", by=clerk, at=now())
    with pytest.raises(identity.TooManyTries):
        applications.ask_to_help(code, by=clerk, at=now())


def test_a_code_works_once_and_for_a_quarter_of_an_hour(draft, salma, clerk):
    code = offered(draft, salma).code
    with pytest.raises(applications.AssistanceCodeUnknown):
        applications.ask_to_help(code, by=clerk, at=now() + timedelta(minutes=16))
    applications.ask_to_help(code, by=clerk, at=now())
    with pytest.raises(applications.AssistanceCodeUnknown):
        applications.ask_to_help(code, by=a_clerk(), at=now())


def test_another_employee_a_cashier_and_the_citizens_no_open_nothing(draft, salma, clerk):
    help_ = applications.ask_to_help(offered(draft, salma).code, by=clerk, at=now())
    with pytest.raises(applications.AssistanceNotFound):
        applications.get_helped(help_.reference, by=a_clerk(), at=now())
    with pytest.raises(applications.AssistanceNotFound):
        applications.ask_to_help("1", by=a_clerk(role=identity.Role.CASHIER), at=now())
    applications.decline_help(draft, reference=help_.reference, by=acting(salma), at=now())
    with pytest.raises(applications.AssistanceNotFound):
        applications.allow_help(draft, reference=help_.reference, by=acting(salma), at=now())
    with pytest.raises(applications.AssistanceNotFound):
        applications.save_answers_helping(help_.reference, page="certificate", typed={}, by=clerk, at=now())


def test_nobody_helps_themselves_or_their_family(draft, salma):
    herself = a_clerk(national_id=salma.national_id)
    with pytest.raises(applications.OwnCase):
        applications.ask_to_help(offered(draft, salma).code, by=herself, at=now())


@pytest.mark.parametrize("end", ["time", "citizen", "sent", "another offer"])
def test_help_ends(draft, salma, clerk, end):
    help_ = opened(draft, salma, clerk)
    at = now()
    if end == "time":
        at += LATER
    elif end == "citizen":
        applications.end_help(draft, by=acting(salma), at=now())
    elif end == "another offer":
        offered(draft, salma)
    else:
        for page, typed in (("certificate", {"language": "ar", "copies": "1"}), ("receiving", {"pick_up": "download"})):
            applications.save_answers_helping(help_.reference, page=page, typed=typed, by=clerk, at=now())
        ready = applications.get_own(draft.reference, citizen=salma)
        applications.submit(ready, revision=ready.revision, citizen=salma, by=acting(salma), at=now())
    assert applications.get_helped(help_.reference, by=clerk, at=at)[1] is None
    with pytest.raises(applications.AssistanceNotFound):
        applications.save_answers_helping(
            help_.reference, page="certificate", typed={"language": "en", "copies": "1"}, by=clerk, at=at
        )


def test_the_clock_tidies_up(draft, salma):
    offered(draft, salma)
    assert assistance.end_help_that_is_over(at=now()) == 0
    assert assistance.end_help_that_is_over(at=now() + LATER) == 1
    assert Assistance.objects.get().state == "ended"


def test_the_database_keeps_one_live_help_for_a_draft(draft, salma):
    first = Assistance.objects.get(reference=offered(draft, salma).reference)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assistance.objects.create(
            reference="H-2026-SECOND22",
            application=first.application,
            code_hash="x",
            offered_at=now(),
            expires_at=now(),
        )
