"""An SMTP sink: takes every mail, keeps it, sends nothing on."""

import asyncio
import email
import email.policy
import socket
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.phones.store import PhoneStore

MAIL_BYTES_MAX = 2_000_000
TEXT_CHARACTERS_MAX = 20_000
RECIPIENTS_MAX = 20


class _Sink:
    def __init__(self, store: PhoneStore) -> None:
        self.store = store

    async def handle_RCPT(  # noqa: N802 the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return "452 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        for recipient in envelope.rcpt_tos:
            self.store.accept_mail(
                sender=envelope.mail_from or "",
                to=recipient,
                subject=str(mail["subject"] or "")[:500],
                text=_part(mail, "plain"),
                html=_part(mail, "html"),
            )
        return "250 Kept"


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())[:TEXT_CHARACTERS_MAX]
    except (LookupError, ValueError):
        return ""


async def open_mailbox(store: PhoneStore, bound: socket.socket) -> asyncio.Server:
    """Start taking mails on a bound address."""
    sink = _Sink(store)

    def protocol() -> SMTP:
        return SMTP(sink, hostname="sandbox.invalid", ident="sandbox", data_size_limit=MAIL_BYTES_MAX, timeout=30)

    return await asyncio.get_running_loop().create_server(protocol, sock=bound)
