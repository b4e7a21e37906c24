"""SMS through an operator's HTTP interface: POST /v1/messages with a bearer key. The operator keeps our reference, so a repetition is one message."""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus

from hukumati.domain.notifications.facts import RecipientRefused
from hukumati.domain.notifications.ports import Sent, SmsMessage
from hukumati.infra.http import Client, OutsideUnreachableError
from hukumati.infra.http.facts import Why
from hukumati.kernel.limits import Limits

NAME = "sms"
LIMITS = Limits(connect_seconds=2, total_seconds=10, attempts_max=2, body_bytes_max=16_000)
REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}


class HttpSms:
    """Serves notifications.ports.Sms."""

    def __init__(self, *, base_url: str, api_key: str) -> None:
        self._base_url, self._api_key = base_url, api_key

    @cached_property
    def _client(self) -> Client:
        headers = {"authorization": f"Bearer {self._api_key}"}
        return Client(self._base_url, limits=LIMITS, headers=headers, name=NAME)

    def send(self, message: SmsMessage) -> Sent:
        answer = self._client.request(
            "POST",
            "/v1/messages",
            json={"to": message.to, "text": message.text, "reference": message.reference},
            headers={"idempotency-key": message.reference},
        )
        if answer.status in REFUSED:
            raise RecipientRefused(why=str(answer.status))
        if not answer.ok:
            raise OutsideUnreachableError(NAME, Why.STATUS, detail=str(answer.status), answer=answer)
        try:
            return Sent(provider_id=str(answer.json()["message_id"])[:100])
        except (ValueError, KeyError, TypeError) as fault:
            raise OutsideUnreachableError(NAME, Why.STATUS, detail="unreadable answer", answer=answer) from fault
