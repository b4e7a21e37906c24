"""A newborn is registered by two parents and a registry: every way it can go, on the sandbox's real registries."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils.timezone import now

from hukumati.domain.documents import api as documents
from hukumati.domain.exchange import api as exchange
from hukumati.domain.exchange.models import Write, WriteGrant
from hukumati.domain.notifications import api as notifications
from hukumati.domain.notifications.models import Delivery
from hukumati.domain.payments import api as payments
from hukumati.infra.audit.models import Entry
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.process import ReasonMissing
from hukumati.processes.applications import api as applications
from hukumati.processes.applications import jobs
from hukumati.processes.applications.actions import confirmations, progress, recording
from hukumati.processes.applications.models import Application, Confirmation
from hukumati.processes.applications.tests.births import (
    BIRTH,
    a_birth_draft,
    a_filed_birth,
    a_newborn,
    a_parent,
    control,
)
from hukumati.processes.applications.tests.builders import a_clerk, acting, pay, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


@pytest.fixture(autouse=True)
def _nothing_wrong():
    yield
    control("", {"reset": True})


@pytest.fixture
def parents():
    mine, other, number = a_newborn()
    return a_parent(mine), a_parent(other), number


def state_of(case):
    return Application.objects.get(reference=case.reference).state


def asked(other):
    return applications.list_confirmations(citizen=other)[0]


def confirm(other):
    one = asked(other)
    return applications.confirm(one.reference, digest=one.digest, citizen=other, by=acting(other), at=now())


def paid(parents, **more):
    mine, other, number = parents
    case = a_filed_birth(mine, number, **more)
    confirm(other)
    pay(case, mine)
    return case


def test_a_newborn_is_registered_and_its_certificate_carries_the_registrys_number(parents):
    mine, other, number = parents
    case = a_filed_birth(mine, number)
    assert (state_of(case), payments.find_open_charge(case.reference)) == ("to_confirm", None)
    confirm(other)
    assert payments.find_open_charge(case.reference).total.amount_minor == 2500
    pay(case, mine)
    assert state_of(case) == "to_record"
    recording.record(case.reference, at=now())
    assert state_of(case) == "to_issue"
    entered = applications.get_own(case.reference, citizen=mine).evidence["registration"].facts
    progress.issue_document(case.reference, at=now())
    document = documents.find_about(case.reference, holder=mine.account_id)
    progress.confirm_issue(case.reference, document=document.reference, at=now())
    assert state_of(case) == "ready"
    assert entered["name_ar"]["first"] == "سلمى"
    verified = documents.verify(document.verification_code, address="127.0.0.1", at=now())
    assert verified is not None
    read = exchange.list_writes_about(mine.national_id)[0]
    assert (read.outcome, read.facts["first_name_latin"]) == ("recorded", "Salma")
    assert not WriteGrant.objects.live().filter(case_reference=case.reference).exists()


def test_the_word_of_the_other_parent_is_fixed_to_what_he_saw(parents):
    mine, other, number = parents
    case = a_filed_birth(mine, number)
    one = asked(other)
    assert one.asked["first_name_ar"] == "سلمى"
    assert set(one.asked) == {
        "first_name_ar", "first_name_latin", "father", "mother", "born_on", "newborn_sex", "hospital", "notification_number",
    }  # fmt: skip
    with pytest.raises(applications.CaseChanged):
        applications.confirm(one.reference, digest="0" * 64, citizen=other, by=acting(other), at=now())
    confirm(other)
    line = next(entry for entry in applications.list_timeline(case.reference) if entry.verb == "confirm")
    assert line.digest == one.digest
    entry = Entry.objects.get(code="applications.party_confirmed", about=case.reference)
    facts = json.loads(entry.facts)
    assert (facts["asked"], facts["authenticated_by"]) == (one.digest, ["password", "sms_code"])


def test_nobody_else_gives_that_word(parents):
    mine, other, number = parents
    a_filed_birth(mine, number)
    one = asked(other)
    assert applications.list_confirmations(citizen=mine) == []
    for stranger in (mine, a_parent(a_newborn()[0])):
        with pytest.raises(applications.ConfirmationNotFound):
            applications.get_confirmation(one.reference, citizen=stranger)
        with pytest.raises(applications.ConfirmationNotFound):
            applications.confirm(one.reference, digest=one.digest, citizen=stranger, by=acting(stranger), at=now())
    assert asked(other).state == "asked"


def test_a_parent_who_declines_says_why_and_nobody_pays(parents):
    mine, other, number = parents
    case = a_filed_birth(mine, number)
    one = asked(other)
    with pytest.raises(ReasonMissing):
        applications.decline(one.reference, reason=" ", citizen=other, by=acting(other), at=now())
    applications.decline(one.reference, reason="لم نتفق على الاسم", citizen=other, by=acting(other), at=now())
    assert (state_of(case), payments.list_charges(case.reference)) == ("declined", [])
    assert "confirmation.declined" in {message.code for message in notifications.list_messages(case.reference)}
    with pytest.raises(applications.ConfirmationClosed):
        confirm(other)


def test_a_question_that_nobody_answers_lapses_with_its_case_after_a_reminder(parents):
    mine, other, number = parents
    case = a_filed_birth(mine, number)
    one = asked(other)
    for _ in range(2):
        confirmations.remind(one.reference, at=one.until - timedelta(days=1))
    told = [message.code for message in notifications.list_messages(one.reference)]
    assert sorted(told) == ["confirmation.asked", "confirmation.reminder"]
    progress.close_overdue(case.reference, at=one.until - timedelta(seconds=1))
    assert state_of(case) == "to_confirm"
    progress.close_overdue(case.reference, at=one.until)
    assert (state_of(case), asked(other).state) == ("expired", "lapsed")
    with pytest.raises(applications.ConfirmationClosed):
        confirm(other)


def test_a_withdrawn_case_asks_nobody_any_more(parents):
    mine, other, number = parents
    case = a_filed_birth(mine, number)
    applications.withdraw(applications.get_own(case.reference, citizen=mine), by=acting(mine), at=now())
    assert asked(other).state == "lapsed"


def test_who_has_no_account_is_told_by_sms_where_to_find_it_and_nothing_else():
    mine, other, number = a_newborn()
    mine = a_parent(mine)
    case = a_filed_birth(mine, number)
    one = Confirmation.objects.get(application__reference=case.reference)
    for _ in range(2):
        jobs.invite_party(one.reference)
    sms = Delivery.objects.get(reference=f"{one.reference}-1-sms")
    assert one.reference in sms.body
    assert not any(name in sms.body for name in (mine.name.first_ar, "سلمى", other, number))
    [read] = [read for read in exchange.list_reads_about(NationalId(other)) if read.service == "persons"]
    assert (read.attributes, read.who, read.case_reference) == (("mobile",), "system", case.reference)
    late_comer = a_parent(other)
    assert applications.count_confirmations(citizen=late_comer) == 1
    confirm(late_comer)
    assert state_of(case) == "to_pay"


def test_late_costs_more_and_is_reviewed_and_an_unusual_spelling_too():
    mine, other, number = a_newborn(late=True)
    late = paid((a_parent(mine), a_parent(other), number))
    assert (state_of(late), payments.list_charges(late.reference)[0].total.amount_minor) == ("in_review", 5500)
    mine, other, number = a_newborn()
    odd = paid((a_parent(mine), a_parent(other), number), name={"first_name_ar": "سلمى", "first_name_latin": "Selma"})
    assert (state_of(odd), payments.list_charges(odd.reference)[0].total.amount_minor) == ("in_review", 2500)
    clerk = a_clerk()
    applications.take(odd.reference, by=clerk, at=now())
    applications.return_for_correction(odd.reference, reason="التهجئة", by=clerk, at=now())
    draft = applications.get_own(odd.reference, citizen=a_parent(mine))
    draft = applications.save_answers(
        draft, page="name", typed={"first_name_ar": "سلمى", "first_name_latin": "Salma"}, at=now()
    )
    applications.resubmit(draft, note="", by=acting(a_parent(mine)), at=now())
    assert state_of(odd) == "to_confirm_again"
    assert asked(a_parent(other)).asked["first_name_latin"] == "Salma"
    confirm(a_parent(other))
    assert state_of(odd) == "in_review"


@pytest.mark.parametrize(("first", "code"), [("Salma", "answers.not_arabic"), ("سلمى1", "answers.not_arabic")])
def test_a_name_is_written_in_its_letters(parents, first, code):
    with pytest.raises(applications.AnswersInvalid) as refusal:
        a_birth_draft(parents[0], parents[2], name={"first_name_ar": first, "first_name_latin": "Salma"})
    assert refusal.value.errors["first_name_ar"][0] == code


def test_an_answer_lost_after_the_registry_wrote_is_found_again(parents):
    case = paid(parents)
    control("", {"writes": "lost"})
    for _ in range(2):
        with pytest.raises(exchange.RegistryUnreachableError):
            recording.record(case.reference, at=now())
    assert state_of(case) == "to_record"
    control("", {"reset": True})
    for _ in range(2):
        recording.record(case.reference, at=now())
    assert state_of(case) == "to_issue"
    assert Write.objects.filter(case_reference=case.reference).count() == 1
    mine = applications.get_own(case.reference, citizen=parents[0])
    ties = (
        applications.fetch(mine, "family", by=acting(parents[0]), at=now() + timedelta(hours=1))
        .evidence["family"]
        .facts
    )
    born = mine.evidence["registration"].facts["national_id"]
    assert [tie["national_id"] for tie in ties["ties"] if tie["kind"] == "child"].count(born) == 1


def test_a_registry_that_refuses_sends_the_case_to_a_clerk_with_the_reason(parents):
    case = paid(parents)
    control("", {"writes": "refused"})
    recording.record(case.reference, at=now())
    assert state_of(case) == "in_review"
    line = applications.list_timeline(case.reference)[-1]
    assert (line.verb, bool(line.reason)) == ("record_refused", True)
    assert not WriteGrant.objects.live().filter(case_reference=case.reference).exists()
    control("", {"reset": True})
    clerk = a_clerk()
    applications.take(case.reference, by=clerk, at=now())
    applications.accept(case.reference, supplements={}, by=clerk, at=now())
    recording.record(case.reference, at=now())
    assert state_of(case) == "to_issue"


def test_a_newborn_who_was_registered_meanwhile_is_refused_in_words(parents):
    mine, other, number = parents
    first = a_filed_birth(mine, number)
    second = a_filed_birth(mine, number)
    for one in applications.list_confirmations(citizen=other):
        applications.confirm(one.reference, digest=one.digest, citizen=other, by=acting(other), at=now())
    for case in (first, second):
        pay(case, mine)
        recording.record(case.reference, at=now())
    assert (state_of(first), state_of(second)) == ("to_issue", "in_review")
    assert applications.list_timeline(second.reference)[-1].reason == "المولود مسجل في سجل الأحوال المدنية من قبل."
    clerk = a_clerk()
    applications.take(second.reference, by=clerk, at=now())
    applications.refuse(second.reference, reason="مسجل", by=clerk, at=now())
    [charge] = payments.list_charges(second.reference)
    assert payments.list_refunds(charge.reference)[0].amount == charge.total


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_is_one_answer(parents):
    mine, other, number = parents
    case = a_filed_birth(mine, number)
    one, came_of, both = asked(other), [], threading.Barrier(2)

    def answer(verb, **word):
        try:
            both.wait()
            verb(one.reference, citizen=other, by=acting(other), at=now(), **word)
            came_of.append("given")
        except applications.ConfirmationClosed:
            came_of.append("closed")
        finally:
            connection.close()

    answers = [(applications.confirm, {"digest": one.digest}), (applications.decline, {"reason": "لا"})]
    threads = [threading.Thread(target=answer, args=(verb,), kwargs=word) for verb, word in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came_of) == ["closed", "given"]
    assert state_of(case) == {"confirmed": "to_pay", "declined": "declined"}[asked(other).state]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_enter_one_newborn(parents):
    case, both = paid(parents), threading.Barrier(2)

    def work():
        try:
            both.wait()
            recording.record(case.reference, at=now())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert state_of(case) == "to_issue"
    assert [entry.verb for entry in applications.list_timeline(case.reference)].count("record") == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: Confirmation.objects.update(asked={}),
        lambda: Confirmation.objects.update(state="confirmed"),
        lambda: Confirmation.objects.all().delete(),
    ],
)
def test_the_database_keeps_what_was_asked_and_who_answered(parents, change):
    mine, _other, number = parents
    a_filed_birth(mine, number)
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        change()


def test_an_answer_is_not_given_twice(parents):
    mine, other, number = parents
    a_filed_birth(mine, number)
    confirm(other)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Confirmation.objects.update(state="declined")


def test_a_number_that_names_no_parent_goes_no_further(parents):
    mine, _other, number = parents
    published(BIRTH)
    case = applications.start(BIRTH, citizen=mine, by=acting(mine), at=now())
    service = applications.service_of(case)
    for typed, refused in (("00000000", True), (number, False)):
        case = applications.save_answers(case, page="notification", typed={"notification_number": typed}, at=now())
        case = applications.fetch(case, "notification", by=acting(mine), at=now())
        assert (applications.eligibility_so_far(service, case, on=now().date()) is not None) is refused
