"""A question waits for its register: asked once, put until there is an answer, in the order in which people came."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.utils.timezone import now

from hukumati.domain.exchange import api as exchange
from hukumati.domain.exchange import watch
from hukumati.domain.notifications import api as notifications
from hukumati.processes.applications import api as applications
from hukumati.processes.applications import queued
from hukumati.processes.applications.models import QueuedInquiry
from hukumati.processes.applications.tests.builders import LICENCE, OMAR, SALMA, a_person_of_the_cast, acting, published
from tests.outside import forget_adapters, registries  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def outside(registries):  # noqa: F811
    """The register's switch."""

    def switch(**faults):
        httpx.post(f"{registries}/control", json=faults, trust_env=False).raise_for_status()
        watch.forget()
        forget_adapters()  # a breaker that opened is no part of this

    yield switch
    switch(reset=True)


@pytest.fixture
def salma():
    published(LICENCE)
    return a_person_of_the_cast(SALMA)


def asked(citizen, **typed):
    return applications.ask_later(LICENCE, typed=typed, citizen=citizen, by=acting(citizen), at=now())


def state_of(question):
    return QueuedInquiry.objects.get(reference=question.reference).state


def test_the_answer_comes_to_the_inbox_when_the_register_is_back(outside, salma):
    outside(down=True)
    with pytest.raises(exchange.RegistryUnreachableError):
        applications.ask(LICENCE, citizen=salma, by=acting(salma), at=now())
    question = asked(salma)
    assert queued.answer_those_that_wait(at=now()) == 0
    assert [one.reference for one in applications.list_own_queued(citizen=salma)] == [question.reference]
    outside(reset=True)
    assert queued.answer_those_that_wait(at=now() + MINUTE) == 1
    answered = applications.get_own_queued(question.reference, citizen=salma)
    assert answered.state == "answered"
    assert applications.get_own_inquiry(answered.inquiry, citizen=salma).found
    assert "inquiry.answered" in [message.code for message in notifications.list_inbox(salma.account_id)]
    assert queued.answer_those_that_wait(at=now() + 2 * MINUTE) == 0


def test_a_register_that_fails_in_the_middle_keeps_the_question(outside, salma):
    question = asked(salma)
    outside(down=True)
    assert queued.answer_queued(question.reference, at=now()) is False
    assert state_of(question) == "waiting"
    assert queued.answer_queued(question.reference, at=now()) is False  # not again at once
    assert QueuedInquiry.objects.get().tries == 1


def test_the_same_question_waits_once_and_another_persons_beside_it(outside, salma):
    assert asked(salma).reference == asked(salma, csrfmiddlewaretoken="x", later="1").reference
    assert asked(a_person_of_the_cast(OMAR)).reference != asked(salma).reference
    assert QueuedInquiry.objects.count() == 2
    assert [row.typed for row in QueuedInquiry.objects.all()] == [{}, {}]


def test_first_come_first_asked(outside, salma):
    first, second = asked(a_person_of_the_cast(OMAR)), asked(salma)
    assert queued._list_due(at=now()) == [first.reference, second.reference]


def test_who_takes_a_question_back_hears_nothing_more(outside, salma):
    question = asked(salma)
    with pytest.raises(applications.QueuedNotFound):
        applications.withdraw_queued(question.reference, citizen=a_person_of_the_cast(OMAR), by=acting(salma), at=now())
    applications.withdraw_queued(question.reference, citizen=salma, by=acting(salma), at=now())
    assert queued.answer_those_that_wait(at=now()) == 0
    assert state_of(question) == "withdrawn"


def test_after_three_days_the_citizen_is_told_and_what_was_typed_is_gone(outside, salma):
    question = asked(salma)
    assert queued.give_up_what_waited_too_long(at=now()) == 0
    assert queued.give_up_what_waited_too_long(at=now() + queued.WAITS) == 1
    assert state_of(question) == "given_up"
    assert "inquiry.not_answered" in [message.code for message in notifications.list_inbox(salma.account_id)]


def test_a_citizen_has_a_bounded_number_of_questions_waiting(outside, salma, monkeypatch):
    monkeypatch.setattr(queued, "QUEUED_MAX", 1)
    asked(salma)
    monkeypatch.setattr(queued, "_key", lambda _typed: "another question")
    with pytest.raises(applications.TooManyQueued):
        asked(salma)
