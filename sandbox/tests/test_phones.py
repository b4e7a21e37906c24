"""Phones, mailboxes and the authenticator."""

import smtplib
from email.message import EmailMessage
from uuid import uuid4

import pyotp
import pytest

from sandbox.phones.authenticator import current_codes
from sandbox.phones.screens import copyable
from sandbox.tests.conftest import SMS_KEY, STAFF, wait_for

KEY = {"Authorization": f"Bearer {SMS_KEY}"}
NUMBER = "+970590000016"


def send(state, *, to=NUMBER, text="رمزك 123456", reference=None, headers=KEY):
    body = {"to": to, "text": text, "reference": reference or uuid4().hex}
    return state.phones.post("/v1/messages", json=body, headers=headers)


def received(state, reference):
    messages = state.phones.get("/api/messages", params={"to": NUMBER}).json()["messages"]
    return [one for one in messages if one["reference"] == reference]


def test_a_message_arrives_once(state):
    reference = uuid4().hex
    first, second = send(state, reference=reference), send(state, reference=reference)
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    (message,) = received(state, reference)
    assert (message["text"], message["state"]) == ("رمزك 123456", "delivered")
    told = state.phones.get(f"/v1/messages/{message['message_id']}", headers=KEY).json()
    assert told["to"] == NUMBER
    assert send(state, reference=reference, text="other").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"to": "0590000016"}, {"to": "+15551234567"}, {"text": ""}, {"text": "x" * 1_001}, {"reference": "r" * 101}],
)
def test_a_message_that_makes_no_sense_is_refused(state, wrong):
    assert send(state, **wrong).status_code == 422


def test_a_message_needs_the_key(state):
    assert send(state, headers={}).status_code == 401
    assert state.phones.get("/v1/messages/x").status_code == 401
    assert state.phones.get("/v1/messages/x", headers=KEY).status_code == 404


def test_a_body_that_is_not_json_is_refused(state):
    assert state.phones.post("/v1/messages", content=b"\xff{", headers=KEY).status_code == 400
    assert state.phones.post("/v1/messages", content=b"[" * 60_000, headers=KEY).status_code == 400


def test_a_lost_message_is_accepted_and_never_arrives(state):
    state.phones.post("/control", json={"lose": True})
    reference = uuid4().hex
    assert send(state, reference=reference).status_code == 202
    assert received(state, reference)[0]["state"] == "lost"


def test_a_late_message_arrives_later(state):
    state.phones.post("/control", json={"delay_seconds": 0.5})
    reference = uuid4().hex
    assert send(state, reference=reference).json()["state"] == "accepted"
    assert received(state, reference)[0]["state"] == "accepted"
    wait_for(lambda: received(state, reference)[0]["state"] == "delivered")


def test_the_page_shows_messages_by_phone_with_codes_to_copy(state):
    send(state, text="<b>رمزك</b> 654321")
    page = state.phones.get("/", params={"to": "0590000016"})
    assert '<bdi class="copy number">654321</bdi>' in page.text
    assert "<b>" not in page.text
    assert NUMBER in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert state.phones.get("/", params={"to": "+970599999999"}).text.count('class="bubble') == 0


@pytest.mark.parametrize(
    ("text", "codes"), [("رمزك 123456.", 1), ("A-2026-004817", 0), ("12 34", 0), ("8812 و 99123", 2), ("60.00 ₪", 0)]
)
def test_only_codes_are_offered_to_copy(text, codes):
    assert copyable(text).count("<bdi") == codes


def test_the_sink_takes_mail_and_shows_it(state):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "إشعار", "no-reply@hukumati.invalid", "kinan@example.invalid"
    mail.set_content("طلبك 4455 جاهز")
    mail.add_alternative("<p>طلبك</p>", subtype="html")
    with smtplib.SMTP(*state.smtp, timeout=5) as server:
        server.send_message(mail)
    (kept,) = state.phones.get("/api/mails", params={"to": "Kinan@example.invalid"}).json()["mails"]
    assert (kept["subject"], kept["sender"]) == ("إشعار", "no-reply@hukumati.invalid")
    assert kept["text"].strip() == "طلبك 4455 جاهز"
    assert "<p>" in kept["html"]
    assert "إشعار" in state.phones.get("/mail").text


def test_the_authenticator_shows_the_code_of_the_moment(state):
    shown = wait_for(lambda: state.phones.get("/api/authenticator").json()["staff"])[0]
    assert pyotp.TOTP(STAFF[0]["secret_base32"]).verify(shown["code"], valid_window=1)
    assert 0 < shown["seconds_left"] <= 30
    assert shown["login"] == "clerk"
    assert "موظفة التجربة" in state.phones.get("/authenticator").text


def test_the_authenticator_survives_a_missing_or_broken_file(tmp_path):
    assert current_codes(None) == []
    assert current_codes(tmp_path / "absent.json") == []
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert current_codes(broken) == []
    broken.write_text('[{"name": "x"}, 7, {"login": "y", "secret_base32": "not base32!"}]', encoding="utf-8")
    assert [(one["name"], one["login"], one["code"]) for one in current_codes(broken)] == [
        ("x", "", None),
        ("", "y", None),
    ]
