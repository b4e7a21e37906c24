"""The case from draft to document, on the real registries of the sandbox and the real catalogue."""

import json
import re
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils.timezone import now

from hukumati.domain.documents import api as documents
from hukumati.domain.exchange import api as exchange
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.tests.builders import a_cashier, a_drawer
from hukumati.infra.audit.models import Entry
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.process import ReasonMissing, StepNotOpen
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import progress
from hukumati.processes.applications.models import Application, Evidence, TimelineEntry
from hukumati.processes.applications.tests.builders import (
    CERTIFICATE,
    LICENCE,
    OMAR,
    RAZAN,
    SALMA,
    a_clerk,
    a_draft,
    a_filed_case,
    a_person_of_the_cast,
    acting,
    pay,
    published,
    take_the_fee,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]


@pytest.fixture(autouse=True)
def _services():
    published(CERTIFICATE)
    published(LICENCE)


def state_of(case):
    return Application.objects.get(reference=case.reference).state


def test_a_complete_record_goes_straight_through_to_a_document():
    salma = a_person_of_the_cast(SALMA)
    case = a_filed_case(salma)
    assert (case.state, case.authenticated_by) == ("to_pay", ("password", "sms_code"))
    pay(case, salma)
    assert state_of(case) == "to_issue"
    progress.issue_document(case.reference, at=now())
    document = documents.find_about(case.reference, holder=salma.account_id)
    progress.confirm_issue(case.reference, document=document.reference, at=now())
    assert state_of(case) == "ready"
    told = {message.code for message in notifications.list_messages(case.reference)}
    assert told == {"application.submitted", "payment.received", "document.ready"}
    progress.confirm_download(case.reference, by=acting(salma), at=now())
    assert state_of(case) == "closed"
    verbs = [entry.verb for entry in applications.list_timeline(case.reference)]
    assert verbs == ["start", "submit", "pay", "issue", "download"]


def test_the_fee_is_by_line_and_by_copy():
    case = a_filed_case(a_person_of_the_cast())
    charge = payments.find_open_charge(case.reference)
    assert [(line.code, line.quantity, line.amount.amount_minor) for line in charge.lines] == [
        ("copy", 2, 2000),
        ("stamp", 1, 500),
    ]


def test_an_incomplete_record_waits_for_a_clerk_who_supplies_what_is_missing():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    assert state_of(case) == "in_review"
    assert applications.take_next(by=clerk, at=now()).reference == case.reference
    with pytest.raises(applications.SupplementMissing) as refusal:
        applications.accept(case.reference, supplements={}, by=clerk, at=now())
    assert refusal.value.paths == ("record.mother_name_latin",)
    assert state_of(case) == "in_review"
    applications.accept(
        case.reference, supplements={"record.mother_name_latin": "Huda Ali Hasan Odeh"}, by=clerk, at=now()
    )
    progress.issue_document(case.reference, at=now())
    assert documents.find_about(case.reference, holder=omar.account_id) is not None


def test_a_refusal_says_why_and_gives_the_fee_back():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    with pytest.raises(ReasonMissing):
        applications.refuse(case.reference, reason="  ", by=clerk, at=now())
    assert state_of(case) == "in_review"
    applications.refuse(case.reference, reason="القيد ملغى بحكم محكمة", by=clerk, at=now())
    [charge] = payments.list_charges(case.reference)
    assert [refund.amount for refund in payments.list_refunds(charge.reference)] == [charge.total]
    assert applications.get_own(case.reference, citizen=omar).closed_at is not None


def test_a_returned_case_is_corrected_and_sent_again_without_a_second_fee():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    applications.return_for_correction(case.reference, reason="اختر لغة واحدة", by=clerk, at=now())
    case = applications.get_own(case.reference, citizen=omar)
    case = applications.save_answers(case, page="certificate", typed={"language": "en", "copies": "2"}, at=now())
    case = applications.resubmit(case, note="تم", by=acting(omar), at=now())
    assert (case.state, case.answers["language"]) == ("in_review", "en")
    assert len(payments.list_charges(case.reference)) == 1


def test_a_correction_never_orders_more_than_was_paid_for_or_for_somebody_else():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    applications.return_for_correction(case.reference, reason="x", by=clerk, at=now())
    case = applications.get_own(case.reference, citizen=omar)
    with pytest.raises(applications.FeeWouldChange):
        applications.save_answers(case, page="certificate", typed={"language": "ar", "copies": "5"}, at=now())
    with pytest.raises(applications.SubjectNotAllowed):
        applications.choose_subject(
            case, key=applications.subject_of(omar).key, citizen=omar, by=acting(omar), at=now()
        )
    assert applications.get_own(case.reference, citizen=omar).answers["copies"] == 2


def test_a_paid_case_ends_the_same_however_often_it_hears_of_the_payment():
    salma = a_person_of_the_cast()
    case = a_filed_case(salma)
    receipt = pay(case, salma)
    for _ in range(3):
        progress.confirm_payment(case.reference, receipt=receipt.reference, at=now())
    assert TimelineEntry.objects.filter(application__reference=case.reference, verb="pay").count() == 1


def test_withdrawing_voids_the_charge():
    salma = a_person_of_the_cast()
    case = applications.withdraw(a_filed_case(salma), by=acting(salma), at=now())
    assert (case.state, payments.find_open_charge(case.reference)) == ("withdrawn", None)


def test_what_was_paid_a_moment_ago_is_not_withdrawn_without_its_money():
    """The ledger has the fee, the case has not heard of it yet."""
    salma = a_person_of_the_cast()
    case = a_filed_case(salma)
    receipt = take_the_fee(case, salma)
    with pytest.raises(payments.FeeAlreadyPaid):
        applications.withdraw(case, by=acting(salma), at=now())
    assert state_of(case) == "to_pay"
    progress.confirm_payment(case.reference, receipt=receipt.reference, at=now())
    assert state_of(case) == "to_issue"


def test_withdrawing_after_a_return_gives_the_fee_back_once():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    applications.return_for_correction(case.reference, reason="x", by=clerk, at=now())
    case = applications.withdraw(applications.get_own(case.reference, citizen=omar), by=acting(omar), at=now())
    [charge] = payments.list_charges(case.reference)
    assert (case.state, [refund.amount for refund in payments.list_refunds(charge.reference)]) == (
        "withdrawn",
        [charge.total],
    )


def test_a_cash_refund_is_told_once_with_the_code_that_pays_it_out():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    applications.refuse(case.reference, reason="القيد ملغى", by=clerk, at=now())
    [charge] = payments.list_charges(case.reference)
    [refund] = payments.list_refunds(charge.reference)
    for _ in range(2):
        progress.tell_of_promised_refund(case.reference, refund=refund.reference, at=now())
    [told] = [message for message in notifications.list_messages(case.reference) if message.code.startswith("refund.")]
    assert told.code == "refund.cash_ready"
    assert refund.reference in told.body
    code = re.search(r"(?<![\d-])\d{6}(?!\d)", told.body).group()
    cashier = a_cashier()
    drawer = a_drawer(cashier, float_minor=100_000, at=now())
    assert (
        payments.pay_out_refund(refund.reference, code=code, drawer=drawer, by=cashier, at=now()).state == "confirmed"
    )
    for _ in range(2):
        progress.tell_of_given_refund(case.reference, refund=refund.reference, at=now())
    assert [m.code for m in notifications.list_messages(case.reference) if m.code.startswith("refund.")] == [
        "refund.cash_ready",
        "refund.paid_out",
    ]


def test_nothing_is_filed_that_another_window_changed_unseen():
    salma = a_person_of_the_cast()
    seen = a_draft(salma)
    applications.save_answers(seen, page="certificate", typed={"language": "ar", "copies": "5"}, at=now())
    with pytest.raises(applications.CaseChanged):
        applications.submit(seen, revision=seen.revision, citizen=salma, by=acting(salma), at=now())
    assert state_of(seen) == "draft"


def test_wrong_answers_change_nothing():
    salma = a_person_of_the_cast()
    draft = a_draft(salma)
    with pytest.raises(applications.AnswersInvalid) as refusal:
        applications.save_answers(draft, page="certificate", typed={"language": "fr", "copies": "77"}, at=now())
    assert set(refusal.value.errors) == {"language", "copies"}
    assert applications.get_own(draft.reference, citizen=salma).answers == draft.answers


def test_an_unfinished_draft_cannot_be_filed():
    salma = a_person_of_the_cast()
    draft = a_draft(salma, answers={"record": {}})
    with pytest.raises(applications.AnswersIncomplete) as refusal:
        applications.submit(draft, revision=draft.revision, citizen=salma, by=acting(salma), at=now())
    assert refusal.value.pages == ("certificate", "receiving")


def a_child_of(citizen, draft):
    people = applications.allowed_subjects(
        applications.service_of(draft), draft, myself=applications.subject_of(citizen)
    )
    return next(person for person in people if person.tie == "child")


def test_somebody_elses_person_cannot_be_chosen():
    salma = a_person_of_the_cast()
    draft = a_draft(salma)
    for key in ("", "child-0000000000000000", "spouse-9", OMAR):
        with pytest.raises(applications.SubjectNotAllowed):
            applications.choose_subject(draft, key=key, citizen=salma, by=acting(salma), at=now())


def test_another_person_empties_the_answers():
    salma = a_person_of_the_cast()
    draft = a_draft(salma)
    child = a_child_of(salma, draft)
    draft = applications.choose_subject(draft, key=child.key, citizen=salma, by=acting(salma), at=now())
    assert (draft.answers, draft.pages_done) == ({}, ())


def test_the_record_of_the_person_before_never_stands_for_the_next():
    salma = a_person_of_the_cast()
    draft = a_draft(salma)
    child = a_child_of(salma, draft)
    draft = applications.choose_subject(draft, key=child.key, citizen=salma, by=acting(salma), at=now())
    draft = applications.fetch(draft, "record", by=acting(salma), at=now())
    assert draft.evidence["record"].facts["national_id"] == child.national_id


def test_the_person_before_is_not_asked_about_any_more_and_may_be_chosen_again():
    salma = a_person_of_the_cast()
    draft = a_draft(salma, subject="child")
    child, by = draft.subject, acting(salma)
    read = next(read for read in applications.service_of(draft).reads if read.name == "record")
    question = exchange.Question(
        draft.reference, NationalId(child.national_id), read.registry, read.service, read.attributes
    )
    exchange.ask(question, by=by, at=now())
    draft = applications.choose_subject(draft, key=applications.subject_of(salma).key, citizen=salma, by=by, at=now())
    with pytest.raises(exchange.ReadNotCovered):
        exchange.ask(question, by=by, at=now())
    draft = applications.choose_subject(draft, key=child.key, citizen=salma, by=by, at=now())
    exchange.ask(question, by=by, at=now())
    assert applications.fetch(draft, "family", by=by, at=now() + timedelta(hours=1)).evidence["family"].facts["ties"]


def test_a_case_is_its_owners_alone():
    salma, omar = a_person_of_the_cast(SALMA), a_person_of_the_cast(OMAR)
    case = a_filed_case(salma)
    with pytest.raises(applications.ApplicationNotFound):
        applications.get_own(case.reference, citizen=omar)
    assert applications.list_own(citizen=omar) == []


def test_a_clerk_sees_and_decides_cases_of_his_institution_only():
    omar = a_person_of_the_cast(OMAR)
    case = a_filed_case(omar)
    pay(case, omar)
    stranger = a_clerk(institution="transport")
    with pytest.raises(applications.ApplicationNotFound):
        applications.get_for_staff(case.reference, by=stranger)
    with pytest.raises(applications.ApplicationNotFound):
        applications.take(case.reference, by=stranger, at=now())
    assert applications.queue(by=stranger, mine=False) == []
    assert applications.take_next(by=stranger, at=now()) is None


def test_a_clerk_takes_no_draft_and_nothing_that_waits_for_no_clerk():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    supervisor = a_clerk(role="supervisor")
    draft = a_draft(omar)
    for verb, by in ((applications.take, clerk), (applications.put_back, supervisor)):
        with pytest.raises(applications.ApplicationNotFound):
            verb(draft.reference, by=by, at=now())
    unpaid = a_filed_case(omar)
    with pytest.raises(StepNotOpen):
        applications.take(unpaid.reference, by=clerk, at=now())
    assert {row.assigned_to for row in Application.objects.all()} == {""}


def test_what_a_clerk_supplies_is_no_longer_than_the_form_allows():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    with pytest.raises(applications.SupplementMissing):
        applications.accept(case.reference, supplements={"record.mother_name_latin": "H" * 201}, by=clerk, at=now())
    assert state_of(case) == "in_review"


def test_a_latin_name_is_not_taken_in_arabic_letters():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    for slip in ("هدى علي حسن عودة", "Huda علي", "12 34"):
        with pytest.raises(applications.SupplementMissing) as refusal:
            applications.accept(case.reference, supplements={"record.mother_name_latin": slip}, by=clerk, at=now())
        assert refusal.value.paths == ("record.mother_name_latin",)
    assert state_of(case) == "in_review"


def test_nobody_decides_a_case_that_a_colleague_has():
    omar = a_person_of_the_cast(OMAR)
    case = a_filed_case(omar)
    pay(case, omar)
    first, second = a_clerk(), a_clerk()
    applications.take(case.reference, by=first, at=now())
    with pytest.raises(applications.NotYourCase):
        applications.take(case.reference, by=second, at=now())
    with pytest.raises(applications.NotYourCase):
        applications.refuse(case.reference, reason="x", by=second, at=now())
    assert applications.count_queue(by=first, at=now()) == {"mine": 1, "office": 1, "free": 0, "late": 0}


def test_nobody_decides_on_an_application_of_their_own_or_of_their_family():
    omar = a_person_of_the_cast(OMAR)
    case = a_filed_case(omar)
    pay(case, omar)
    himself = a_clerk(national_id=omar.national_id)
    applications.take(case.reference, by=himself, at=now())
    with pytest.raises(applications.OwnCase):
        applications.accept(case.reference, supplements={"record.mother_name_latin": "Huda Odeh"}, by=himself, at=now())
    assert state_of(case) == "in_review"


def test_the_database_keeps_whose_case_it_is_and_about_whom():
    salma = a_person_of_the_cast()
    case = a_filed_case(salma)
    for change in ({"subject": {"national_id": OMAR}}, {"applicant_id": OMAR}, {"service_version": 9}):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Application.objects.filter(reference=case.reference).update(**change)


def test_a_tie_that_the_registry_no_longer_knows_is_not_filed():
    salma = a_person_of_the_cast()
    draft = a_draft(salma, subject="child")
    Evidence.objects.create(
        application=Application.objects.get(reference=draft.reference), name="family", about_subject=False, about_id=SALMA,
        facts={"ties": []}, as_of=now(), asked_at=now(), source_ar="س", source_en="s",
    )  # fmt: skip
    with pytest.raises(applications.SubjectNotAllowed):
        applications.submit(draft, revision=draft.revision, citizen=salma, by=acting(salma), at=now())


def test_what_was_filed_is_proved_by_a_hash_in_the_audit_line():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    applications.return_for_correction(case.reference, reason="x", by=clerk, at=now())
    case = applications.get_own(case.reference, citizen=omar)
    case = applications.save_answers(case, page="certificate", typed={"language": "en", "copies": "2"}, at=now())
    applications.resubmit(case, note="", by=acting(omar), at=now())
    lines = [Entry.objects.get(about=case.reference, code=f"applications.{verb}") for verb in ("submit", "resubmit")]
    first, second = (json.loads(line.facts)["filed"] for line in lines)
    assert len(first) == 64
    assert first != second


def test_a_decision_is_taken_once():
    omar, clerk = a_person_of_the_cast(OMAR), a_clerk()
    case = a_filed_case(omar)
    pay(case, omar)
    applications.take(case.reference, by=clerk, at=now())
    applications.refuse(case.reference, reason="x", by=clerk, at=now())
    with pytest.raises(StepNotOpen):
        applications.refuse(case.reference, reason="x", by=clerk, at=now())


def test_two_clerks_who_ask_at_once_get_different_cases():
    omar = a_person_of_the_cast(OMAR)
    for _ in range(2):
        case = a_filed_case(omar)
        pay(case, omar)
    clerks, got, barrier = [a_clerk(), a_clerk()], [], threading.Barrier(2)

    def ask(clerk):
        barrier.wait()
        got.append(applications.take_next(by=clerk, at=now()).reference)
        connection.close()

    threads = [threading.Thread(target=ask, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 2


def test_sending_twice_at_once_files_once():
    salma = a_person_of_the_cast()
    draft, barrier, outcomes = a_draft(salma), threading.Barrier(2), []

    def send():
        barrier.wait()
        try:
            applications.submit(draft, revision=draft.revision, citizen=salma, by=acting(salma), at=now())
            outcomes.append("filed")
        except applications.CaseChanged:
            outcomes.append("refused")
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["filed", "refused"]
    assert len(payments.list_charges(draft.reference)) == 1


def test_a_closed_case_reads_no_more():
    salma = a_person_of_the_cast()
    case = applications.withdraw(a_filed_case(salma), by=acting(salma), at=now())
    read = next(read for read in applications.service_of(case).reads if read.name == "record")
    question = exchange.Question(case.reference, salma.national_id, read.registry, read.service, read.attributes)
    with pytest.raises(exchange.ReadNotCovered):
        exchange.ask(question, by=acting(salma), at=now())


def test_the_timeline_cannot_be_rewritten():
    salma = a_person_of_the_cast()
    case = a_filed_case(salma)
    with pytest.raises(ProgrammingError), transaction.atomic():
        TimelineEntry.objects.filter(application__reference=case.reference).update(verb="pay")
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(reference=case.reference).update(promised_at=None)


def test_an_inquiry_is_answered_with_its_age_and_source():
    salma = a_person_of_the_cast()
    inquiry = applications.ask(LICENCE, citizen=salma, by=acting(salma), at=now())
    assert inquiry.found
    assert inquiry.facts["licence"]["number"] == "2000001"
    assert inquiry.source.en.startswith("Driving licence register")
    assert abs((now() - inquiry.as_of).total_seconds()) < 60
    assert [read.case_reference for read in exchange.list_reads_about(salma.national_id)] == [inquiry.reference]


def test_an_inquiry_about_nothing_says_so():
    razan = a_person_of_the_cast(RAZAN)
    inquiry = applications.ask(LICENCE, citizen=razan, by=acting(razan), at=now())
    assert (inquiry.found, inquiry.facts) == (False, {})
