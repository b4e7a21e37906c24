"""E-mail over SMTP, with STARTTLS and a sign-in when the installation has them."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage as Letter

from hukumati.domain.notifications.facts import RecipientRefused
from hukumati.domain.notifications.ports import EmailMessage, Sent
from hukumati.infra.http import OutsideUnreachableError
from hukumati.infra.http.facts import Why

NAME = "email"
TIMEOUT_SECONDS = 10
PERMANENT = 500


class SmtpEmail:
    """Serves notifications.ports.Email."""

    def __init__(
        self, *, host: str, port: int, sender: str, user: str = "", password: str = "", starttls: bool = False
    ) -> None:
        self._address = (host, port)
        self._sender, self._user, self._password, self._starttls = sender, user, password, starttls

    def send(self, message: EmailMessage) -> Sent:
        letter = self._letter(message)
        try:
            with smtplib.SMTP(*self._address, timeout=TIMEOUT_SECONDS) as server:
                self._sign_in(server)
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()))[0]
            raise self._answer(code) from fault
        except smtplib.SMTPResponseException as fault:
            raise OutsideUnreachableError(NAME, Why.STATUS, detail=str(fault.smtp_code)) from fault
        except TimeoutError as fault:
            raise OutsideUnreachableError(NAME, Why.TIMEOUT) from fault
        except (OSError, smtplib.SMTPException) as fault:
            raise OutsideUnreachableError(NAME, Why.NETWORK, detail=type(fault).__name__) from fault
        return Sent(provider_id=str(letter["Message-ID"]))

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._starttls:
            server.starttls(context=ssl.create_default_context())
        if self._user:
            server.login(self._user, self._password)

    @staticmethod
    def _answer(code: int) -> Exception:
        if code >= PERMANENT:
            return RecipientRefused(why=str(code))
        return OutsideUnreachableError(NAME, Why.STATUS, detail=str(code))

    def _letter(self, message: EmailMessage) -> Letter:
        letter = Letter()
        letter["From"] = self._sender
        letter["To"] = message.to
        letter["Subject"] = " ".join(message.subject.split())
        letter["Content-Language"] = message.language
        letter["Auto-Submitted"] = "auto-generated"
        letter["Message-ID"] = f"<{message.reference}@{self._sender.rpartition('@')[2]}>"
        letter.set_content(message.text)
        return letter
