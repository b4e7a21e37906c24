"""The e-mail port: the SMTP adapter against a mail server that takes everything, and one that is not there."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request

import pytest

from hukumati.adapters.email_smtp import SmtpEmail
from hukumati.domain.notifications.facts import RecipientRefused
from hukumati.domain.notifications.ports import EmailMessage
from hukumati.infra.http import OutsideUnreachableError
from tests.outside import running

pytestmark = pytest.mark.slow
SENDER = "no-reply@hukumati.example"


@pytest.fixture(scope="module")
def outside():
    with running("sandbox.phones") as told:
        yield told


@pytest.fixture
def port(outside):
    host, number = outside["smtp"].rsplit(":", 1)
    return SmtpEmail(host=host, port=int(number), sender=SENDER)


def mails(outside, to):
    with urllib.request.urlopen(f"{outside['url']}/api/mails?to={to}", timeout=5) as answer:
        return json.load(answer)["mails"]


def a_letter(to, **changed):
    facts = {
        "subject": "وثيقتك جاهزة",
        "text": "وثيقتك جاهزة.\n\nحكومتي",
        "language": "ar",
        "reference": "M-2026-AAAAAAAA-email",
    }
    return EmailMessage(to=to, **(facts | changed))


def test_a_letter_arrives_as_it_was_written(outside, port):
    sent = port.send(a_letter("laila@example.org"))
    assert sent.provider_id == "<M-2026-AAAAAAAA-email@hukumati.example>"
    [mail] = mails(outside, "laila@example.org")
    assert mail["subject"] == "وثيقتك جاهزة"
    assert mail["text"].replace("\r\n", "\n").strip() == "وثيقتك جاهزة.\n\nحكومتي"
    assert mail["sender"] == SENDER


def test_a_subject_cannot_carry_another_header(outside, port):
    port.send(a_letter("omar@example.org", subject="x\r\nBcc: thief@example.org"))
    assert mails(outside, "thief@example.org") == []
    assert mails(outside, "omar@example.org")[0]["subject"] == "x Bcc: thief@example.org"


def test_a_mail_server_that_is_not_there_may_work_later():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = SmtpEmail(host="127.0.0.1", port=taken.getsockname()[1], sender=SENDER)
        with pytest.raises(OutsideUnreachableError):
            port.send(a_letter("x@example.org"))


@pytest.mark.parametrize(
    ("answer", "fault"), [("550 no such mailbox", RecipientRefused), ("450 try later", OutsideUnreachableError)]
)
def test_a_server_that_refuses_for_ever_and_one_that_refuses_for_now(answer, fault):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_refuse, args=(listening, answer))
        thread.start()
        port = SmtpEmail(host="127.0.0.1", port=listening.getsockname()[1], sender=SENDER)
        with pytest.raises(fault):
            port.send(a_letter("x@example.org"))
        thread.join(5)


def _refuse(listening, answer):
    line, _ = listening.accept()
    with line, line.makefile("rw", newline="\r\n") as talk:
        print("220 here", file=talk, flush=True)
        for said in talk:
            if said.upper().startswith("QUIT"):
                print("221 bye", file=talk, flush=True)
                return
            print(answer if said.upper().startswith("RCPT") else "250 fine", file=talk, flush=True)
