"""Telling people."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import rules
from hukumati.domain.notifications.facts import MessageNotFound
from hukumati.domain.notifications.models import Delivery, Message
from hukumati.domain.notifications.queries import invitation
from hukumati.domain.notifications.texts import texts
from hukumati.infra.jobs import enqueue
from hukumati.kernel.calendar import HEBRON
from hukumati.kernel.money import Money
from hukumati.kernel.reference import new_reference
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.notifications.facts import MessageText

CODE = "code"  # a fact that must not be kept where it is not needed
SEND_JOB = "hukumati.domain.notifications.jobs.send"


@transaction.atomic
def tell(account_id: int, *, code: str, facts: Mapping[str, Any], about: str, at: datetime) -> str:
    """Put a message into somebody's inbox, in their language, and defer the SMS and the e-mail that its text asks for.

    Facts may be str, int, Text, Money, date or datetime. Codes are the keys of texts/ar.toml. Answers the reference.
    """
    person = identity.get_citizen(account_id)
    text = texts(person.language)[code]
    known = {name: _as_json(value) for name, value in facts.items()}
    kept = {name: value for name, value in known.items() if name != CODE}
    title, body, sms = rules.written(text, known, language=person.language)
    message = Message.objects.create(
        reference=new_reference("M", year=at.year),
        account_id=account_id,
        code=code,
        facts=kept,
        about=about,
        language=person.language,
        title=title,
        body=body,
        sent_at=at,
    )
    if sms and person.mobile:
        _queue(message, Delivery.SMS, to=person.mobile, subject="", body=sms, secret=CODE in known)
    if text.email and person.email:
        _queue(message, Delivery.EMAIL, to=person.email, subject=title, body=_letter(text, body), secret=CODE in known)
    return message.reference


def _letter(text: MessageText, body: str) -> str:
    return f"{text.title}\n\n{body}\n\nحكومتي · Hukumati"


def _queue(message: Message, channel: str, *, to: str, subject: str, body: str, secret: bool) -> None:
    delivery = Delivery.objects.create(
        reference=f"{message.reference}-{channel}",
        message=message,
        channel=channel,
        to=to,
        subject=subject,
        body=body,
        language=message.language,
        secret=secret,
        queued_at=message.sent_at,
    )
    enqueue(SEND_JOB, reference=delivery.reference)


def _as_json(value: Any) -> Any:
    if isinstance(value, Text):
        return {"ar": value.ar, "en": value.en}
    if isinstance(value, Money):
        return {"amount_minor": value.amount_minor, "currency": value.currency}
    if isinstance(value, datetime):
        return {"date": value.astimezone(HEBRON).date().isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


@transaction.atomic
def send_code(
    to: str, *, text_code: str, code: str, reference: str, at: datetime, language: str = "ar", channel: str = "sms"
) -> None:
    """Send a one-time code to a phone (or mailbox) without an inbox row. `reference` makes it unique; the text is forgotten once sent."""
    text = texts(language)[text_code]
    title, body, sms = rules.written(text, {"code": code}, language=language)
    Delivery.objects.create(
        reference=reference,
        channel=channel,
        to=to,
        subject=title if channel == Delivery.EMAIL else "",
        body=sms if channel == Delivery.SMS else _letter(text, body),
        language=language,
        secret=True,
        good_until=at + identity.CODE_LIVES,
        queued_at=at,
    )
    enqueue(SEND_JOB, reference=reference)


@transaction.atomic
def send_new_code(
    purpose: str, *, bound_to: str, to: str, text_code: str, at: datetime, language: str = "ar", channel: str = "sms"
) -> None:
    """Make a one-time code for a purpose and a request, and send it: both or neither."""
    code = identity.new_code(purpose, bound_to=bound_to, at=at)
    reference = new_reference("K", year=at.year)
    send_code(to, text_code=text_code, code=code, reference=reference, at=at, language=language, channel=channel)


@transaction.atomic
def invite(
    to: str, *, text_code: str, facts: Mapping[str, str], about: str, at: datetime, language: str = "ar"
) -> None:
    """An SMS to somebody who has no account, once for each `about`. It tells nothing of anybody: a reference and an address."""
    _title, _body, sms = rules.written(texts(language)[text_code], facts, language=language)
    _delivery, is_new = Delivery.objects.get_or_create(
        reference=invitation(about),
        defaults={"channel": Delivery.SMS, "to": to, "body": sms, "language": language, "queued_at": at},
    )
    if is_new:
        enqueue(SEND_JOB, reference=invitation(about))


@transaction.atomic
def warn_phone(mobile: str, *, text_code: str, reference: str, at: datetime, language: str = "ar") -> None:
    """Send one SMS that carries no fact at all."""
    text = texts(language)[text_code]
    Delivery.objects.create(
        reference=reference, channel=Delivery.SMS, to=mobile, body=text.sms, language=language, queued_at=at
    )
    enqueue(SEND_JOB, reference=reference)


@transaction.atomic
def mark_read(account_id: int, reference: str, *, at: datetime) -> None:
    """The owner opened the message. Refuses with MessageNotFound."""
    if not Message.objects.filter(account_id=account_id, reference=reference).exists():
        raise MessageNotFound
    Message.objects.filter(account_id=account_id, reference=reference, read_at=None).update(read_at=at)


@transaction.atomic
def record_sent(reference: str, *, provider_id: str, at: datetime) -> None:
    """The provider took it."""
    _end(reference, state=Delivery.SENT, at=at, provider_id=provider_id, fault="")


@transaction.atomic
def record_failed(reference: str, *, fault: str, at: datetime) -> None:
    """It will not be tried again."""
    _end(reference, state=Delivery.FAILED, at=at, fault=fault)


def _end(reference: str, *, state: str, at: datetime, **facts: str) -> None:
    delivery = Delivery.objects.select_for_update().get(reference=reference)
    if delivery.state != Delivery.QUEUED:
        return
    delivery.state, delivery.ended_at = state, at
    delivery.tries += 1
    for name, value in facts.items():
        setattr(delivery, name, value)
    if delivery.secret:
        delivery.body = ""
    delivery.save()


@transaction.atomic
def record_try(reference: str, *, fault: str) -> int:
    """It did not work this time. Answers how many tries there were."""
    delivery = Delivery.objects.select_for_update().get(reference=reference)
    delivery.tries += 1
    delivery.fault = fault
    delivery.save(update_fields=["tries", "fault"])
    return delivery.tries
