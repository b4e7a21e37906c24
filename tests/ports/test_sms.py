"""The SMS port: the HTTP adapter against an operator that runs, is down, loses, refuses."""

from __future__ import annotations

import json
import urllib.request

import pytest
from django.conf import settings

from hukumati.adapters.sms_http import HttpSms
from hukumati.domain.notifications.facts import RecipientRefused
from hukumati.domain.notifications.ports import SmsMessage
from hukumati.infra.http import AddressNotAllowedError, OutsideUnreachableError
from tests.outside import KEYS, running, wired

pytestmark = pytest.mark.slow
MOBILE = "+970591234567"


def call(url, body=None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        url, data=data, headers={"Content-Type": "application/json", "Accept": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def phones():
    with running("sandbox.phones") as told, wired(settings.PORTS, "notifications.sms", base_url=told["url"]):
        yield told["url"]


@pytest.fixture
def set_fault(phones):
    yield lambda **faults: call(f"{phones}/control", faults)
    call(f"{phones}/control", {"reset": True})


@pytest.fixture
def port(phones):
    made = HttpSms(base_url=phones, api_key=KEYS["SANDBOX_SMS_API_KEY"])
    yield made
    made._client.close()


def on_phone(phones, reference):
    return [one for one in call(f"{phones}/api/messages")["messages"] if one["reference"] == reference]


def test_a_message_reaches_the_phone_as_it_was_written(phones, port):
    sent = port.send(SmsMessage(MOBILE, "حكومتي: رمز الدخول 123456.", "M-2026-AAAAAAAA-sms"))
    assert sent.provider_id
    [arrived] = on_phone(phones, "M-2026-AAAAAAAA-sms")
    assert arrived["text"] == "حكومتي: رمز الدخول 123456."
    assert arrived["to"] == MOBILE


def test_sending_twice_reaches_the_phone_once(phones, port):
    message = SmsMessage(MOBILE, "مرة واحدة", "M-2026-BBBBBBBB-sms")
    assert port.send(message) == port.send(message)
    assert len(on_phone(phones, message.reference)) == 1


def test_a_number_that_cannot_be_is_refused_for_ever(port):
    with pytest.raises(RecipientRefused):
        port.send(SmsMessage("+1555", "x", "M-2026-CCCCCCCC-sms"))


def test_an_operator_that_is_down_may_work_later(port, set_fault):
    set_fault(down=True)
    with pytest.raises(OutsideUnreachableError):
        port.send(SmsMessage(MOBILE, "x", "M-2026-DDDDDDDD-sms"))


def test_a_wrong_key_is_a_fault_and_no_refusal_of_the_recipient(phones):
    stranger = HttpSms(base_url=phones, api_key="not-the-key-that-was-agreed")
    with pytest.raises(OutsideUnreachableError):
        stranger.send(SmsMessage(MOBILE, "x", "M-2026-EEEEEEEE-sms"))
    stranger._client.close()


def test_an_operator_that_the_wiring_does_not_name_is_never_spoken_to():
    with pytest.raises(AddressNotAllowedError):
        HttpSms(base_url="http://operator.example/", api_key="x").send(SmsMessage(MOBILE, "x", "M-2026-FFFFFFFF-sms"))
