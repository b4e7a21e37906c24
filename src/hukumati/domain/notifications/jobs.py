"""Speaking to phones and mailboxes after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.timezone import now

from hukumati.domain.notifications import actions, rules
from hukumati.domain.notifications.facts import RecipientRefused
from hukumati.domain.notifications.models import Delivery
from hukumati.domain.notifications.ports import EmailMessage, Sent, SmsMessage
from hukumati.infra.http import OutsideUnreachableError
from hukumati.infra.jobs import job
from hukumati.infra.ports import adapter

if TYPE_CHECKING:
    from hukumati.domain.notifications.ports import Email, Sms


@job(queue="messages", priority=5)
def send(reference: str) -> None:
    """Send one delivery. Running twice sends once: the provider knows the reference."""
    delivery = Delivery.objects.waiting().filter(reference=reference).first()
    if delivery is None:
        return
    if delivery.good_until is not None and delivery.good_until <= now():
        actions.record_failed(reference, fault="too late", at=now())
        return
    try:
        sent = _speak(delivery)
    except RecipientRefused as refusal:
        actions.record_failed(reference, fault=f"refused: {refusal.why}"[:200], at=now())
    except OutsideUnreachableError as fault:
        _try_later(reference, fault)
    else:
        actions.record_sent(reference, provider_id=sent.provider_id, at=now())


def _speak(delivery: Delivery) -> Sent:
    if delivery.channel == Delivery.SMS:
        sms: Sms = adapter("notifications.sms")
        return sms.send(SmsMessage(to=delivery.to, text=delivery.body, reference=delivery.reference))
    email: Email = adapter("notifications.email")
    return email.send(
        EmailMessage(
            to=delivery.to,
            subject=delivery.subject,
            text=delivery.body,
            language=delivery.language,
            reference=delivery.reference,
        )
    )


def _try_later(reference: str, fault: OutsideUnreachableError) -> None:
    """The queue repeats what raises, until the tries are used up."""
    if actions.record_try(reference, fault=str(fault)[:200]) >= rules.TRIES_MAX:
        actions.record_failed(reference, fault=str(fault)[:200], at=now())
        return
    raise fault
