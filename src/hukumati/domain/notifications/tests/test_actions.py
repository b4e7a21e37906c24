"""Telling: a row in the inbox, and deliveries that exist if and only if it does."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from hukumati.domain.identity.tests.builders import NOON, a_citizen
from hukumati.domain.notifications import actions, jobs
from hukumati.domain.notifications import api as notifications
from hukumati.domain.notifications.models import Delivery, Message
from hukumati.domain.notifications.ports import Sent
from hukumati.infra.http import OutsideUnreachableError, Why
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

pytestmark = pytest.mark.django_db
A = "A-2026-7K3QX9AB"


class Operator:
    """An SMS operator that answers as told: for what our side does with the answers. The wire is tested in tests/ports."""

    def __init__(self, *answers):
        self.answers, self.taken = list(answers), []

    def send(self, message):
        self.taken.append(message)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Sent(answer)


@pytest.fixture
def operator(monkeypatch):
    def wire(*answers):
        made = Operator(*answers)
        monkeypatch.setattr(jobs, "adapter", lambda _port: made)
        return made

    return wire


def told(person, **facts):
    facts = {"service": Text("شهادة ميلاد", "Birth certificate"), "reference": A, **facts}
    return notifications.tell(person.account_id, code="payment.received", facts=facts, about=A, at=NOON)


def test_the_inbox_speaks_the_language_of_the_person():
    laila, omar = a_citizen(language="ar"), a_citizen(language="en")
    told(laila, amount=Money(6000))
    told(omar, amount=Money(6000))
    assert "60.00 شيكل" in notifications.list_inbox(laila.account_id)[0].body
    assert "60.00 shekels" in notifications.list_inbox(omar.account_id)[0].body
    assert notifications.count_unread(laila.account_id) == 1


def test_a_phone_and_a_proven_mailbox_are_told_by_jobs():
    laila = a_citizen(email="laila@example.org")
    reference = told(laila)
    deliveries = notifications.list_deliveries(reference)
    assert [one.channel for one in deliveries] == ["sms", "email"]
    assert ProcrastinateJob.objects.filter(task_name=actions.SEND_JOB).count() == 2


def test_a_rolled_back_change_says_nothing():
    laila = a_citizen()
    with transaction.atomic():
        told(laila)
        transaction.set_rollback(True)
    assert notifications.list_inbox(laila.account_id) == []
    assert not Delivery.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name=actions.SEND_JOB).exists()


def test_sending_twice_speaks_once(operator):
    reference = told(a_citizen())
    sms = operator("op-1")
    jobs.send(f"{reference}-sms")
    jobs.send(f"{reference}-sms")
    assert [one.reference for one in sms.taken] == [f"{reference}-sms"]
    assert notifications.list_deliveries(reference)[0].state == "sent"
    assert notifications.list_deliveries(reference)[0].provider_id == "op-1"


def test_an_unreachable_operator_is_tried_again_and_finally_shown(operator):
    reference = told(a_citizen())
    down = OutsideUnreachableError("sms", Why.TIMEOUT)
    operator(*[down] * 12)
    for _ in range(11):
        with pytest.raises(OutsideUnreachableError):
            jobs.send(f"{reference}-sms")
    jobs.send(f"{reference}-sms")
    assert [one.reference for one in notifications.list_failed()] == [f"{reference}-sms"]


def test_a_refused_number_fails_at_once(operator):
    reference = told(a_citizen())
    operator(notifications.RecipientRefused(why="422"))
    jobs.send(f"{reference}-sms")
    assert notifications.list_deliveries(reference)[0].fault == "refused: 422"


def test_codes_are_forgotten_once_sent_and_never_sent_too_late(operator, monkeypatch):
    monkeypatch.setattr(jobs, "now", lambda: NOON)
    sms = operator("op-1", "op-2")
    notifications.send_code("+970599000111", text_code="sign_in.code", code="123456", reference="K-1", at=NOON)
    jobs.send("K-1")
    assert "123456" in sms.taken[0].text
    assert Delivery.objects.get(reference="K-1").body == ""
    notifications.send_code("+970599000111", text_code="sign_in.code", code="123456", reference="K-2", at=NOON)
    monkeypatch.setattr(jobs, "now", lambda: NOON + timedelta(minutes=11))
    jobs.send("K-2")
    assert len(sms.taken) == 1
    assert Delivery.objects.get(reference="K-2").state == "failed"


def test_messages_are_read_by_their_owner_only():
    laila, omar = a_citizen(), a_citizen()
    reference = told(laila)
    for verb in (
        lambda: notifications.mark_read(omar.account_id, reference, at=NOON),
        lambda: notifications.get_message(omar.account_id, reference),
    ):
        with pytest.raises(notifications.MessageNotFound):
            verb()
    notifications.mark_read(laila.account_id, reference, at=NOON)
    assert notifications.count_unread(laila.account_id) == 0


def test_what_was_said_cannot_be_unsaid():
    told(a_citizen())
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.update(body="something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.all().delete()


def test_a_pick_up_code_stands_in_the_message_and_is_forgotten_everywhere_else(operator):
    laila = a_citizen()
    facts = {"reference": A, "office": Text("مكتب نابلس", "Nablus office"), "code": "482913"}
    reference = notifications.tell(laila.account_id, code="pick_up.ready", facts=facts, about=A, at=NOON)
    assert "482913" in notifications.get_message(laila.account_id, reference).body
    assert "482913" not in str(Message.objects.get(reference=reference).facts)
    sms = operator("op-1")
    jobs.send(f"{reference}-sms")
    assert "482913" in sms.taken[0].text
    assert Delivery.objects.get(reference=f"{reference}-sms").body == ""
